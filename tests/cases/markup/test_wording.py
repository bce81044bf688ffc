"""Conditions of bound wording: read, refused with what is expected, three-valued."""

from decimal import Decimal

import pytest

from cases.markup.markdown import parse_body
from cases.markup.tokens import Reference
from cases.markup.wording import WordingError, parse_condition, unmarked, wordings_of_line
from metrics.stats.bounds import Figure
from metrics.stats.wording import Qualifier

GROWTH = "webank.users-growth@2017"


def held(text: str, **figures: Figure) -> bool | None:
    """Whether a condition holds, cells given by the entity of their series."""

    def figure_of(cell: Reference) -> Figure:
        return figures.get(cell.series.partition(".")[0], Figure.missing("not_reported"))

    return parse_condition(text).holds(figure_of)


def of(value: str, qualifier: Qualifier = Qualifier.EXACT, resolution: str = "1") -> Figure:
    return Figure.stated(Decimal(value), Decimal(resolution), qualifier)


def test_condition_names_its_cells() -> None:
    condition = parse_condition(f"{GROWTH} > 100 and a.b@latest | pc1 >= 3 * c.d.q@2018-Q4 - 1")
    assert list(condition.cells.values()) == [
        Reference("webank.users-growth", "2017"),
        Reference("a.b", "latest", "pc1"),
        Reference("c.d.q", "2018-Q4"),
    ]
    assert len(condition.comparisons) == 2


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        ("a.x@2017 > 100", of("120"), True),
        ("a.x@2017 > 100", of("100"), None),  # 100 is 99.5 to 100.5
        ("a.x@2017 > 100", of("99"), False),
        ("a.x@2017 > 100", of("100", Qualifier.OVER), None),
        ("a.x@2017 >= 100", of("100", Qualifier.OVER), True),
        ("a.x@2017 > 100", of("90", Qualifier.ABOUT), None),
        ("a.x@2017 > 100", Figure.missing("withdrawn"), None),
        ("a.x@2017 > 50 and a.x@2017 < 80", of("60"), True),
        ("a.x@2017 > 50 and a.x@2017 < 80", of("90"), False),
        ("a.x@2017 > 100 and b.x@2017 > 0", of("99"), False),  # one that fails decides
    ],
)
def test_condition_is_true_false_or_open(
    condition: str, value: Figure, expected: bool | None
) -> None:
    assert held(condition, a=value) is expected


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("users > 3", "unknown name 'users'; expected a comparison such as"),
        ("a.b@2017", "no comparison"),
        ("a.b@2017 > ", "expected a number, a name or '(', not the end"),
        ("a.b@2017 | twice > 3", "expected one of lin, chg"),
        ("a.b@lately > 3", "expected a period such as 2018"),
        (" and ".join(["a.b@2017 > 1"] * 9), "expected at most 8 comparisons"),
    ],
)
def test_condition_that_cannot_be_read_says_what_is_expected(condition: str, message: str) -> None:
    with pytest.raises(WordingError, match="expected") as caught:
        parse_condition(condition)
    assert message in caught.value.message


def test_wording_of_a_body_has_its_line_and_keeps_its_inside() -> None:
    parsed = parse_body(f'First.\n\nIt\n[grew **to {{{{ a.b@2018 }}}}**]{{if="{GROWTH} > 0"}}.\n')
    (wording,) = parsed.wordings
    assert (wording.line, wording.words) == (4, "grew **to {{ a.b@2018 }}**")
    ((token, line),) = parsed.figures
    assert (token.raw, line) == ("{{ a.b@2018 }}", 4)
    assert not parsed.faults


def test_bars_of_a_condition_are_no_edges_of_a_cell() -> None:
    parsed = parse_body('| a |\n|---|\n| [more]{if="a.b@2018 | pc1 > 3"} |\n')
    assert [one.condition.text for one in parsed.wordings] == ["a.b@2018 | pc1 > 3"]


@pytest.mark.parametrize("text", ["[more](/x)", "[more]", '[more] {if="x"}', "[5万元]{constant}"])
def test_other_brackets_are_no_wording(text: str) -> None:
    parsed = parse_body(text)
    assert not parsed.wordings
    assert not parsed.faults


def test_fault_is_told_in_body_and_caption_with_its_line() -> None:
    body = 'One.\n\n[more]{if="x"}\n\n```callout\ntitle: \'[more]{if="y"}\'\ntext: Two.\n```\n'
    assert [fault.line for fault in parse_body(body).faults] == [3, 6]


def test_plain_line_shows_only_the_words() -> None:
    text = 'It [more than doubled]{if="a.b@2018 > 100"} in {{ c.d@2018 }}'
    assert unmarked(text) == "It more than doubled in {{ c.d@2018 }}"
    (wording,) = wordings_of_line(text)
    assert not isinstance(wording, WordingError)
    assert wording.words == "more than doubled"
