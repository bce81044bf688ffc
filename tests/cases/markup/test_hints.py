"""Unbound words that claim something, in both languages."""

import pytest

from cases.markup.hints import MOST_HINTS, hints
from cases.markup.text import Text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Users rose to {{ a.b@2018 }}.", [("rose", "a.b@2018 | chg > 0")]),
        ("用户增长到{{ a.b@2018 }}。", [("增长", "a.b@2018 | chg > 0")]),
        ("用户翻番。", [("翻番", "series@period | pc1 > 100")]),
        ("It more than doubled.", [("more than doubled", "series@period | pc1 > 100")]),
        ("占比过半，居首。", [("过半", "series@period > 50"), ("居首", "series-rank@period == 1")]),
        ("Over half of {{ a.b@2018 }} fell.",
         [("fell", "a.b@2018 | chg < 0"), ("Over half", "a.b@2018 > 50")]),
        ("the largest bank", [("largest", "series-rank@period == 1")]),
        ('Users [rose]{if="a.b@2018 | chg > 0"}.', []),
        ("A rosebud and enlargest.", []),
    ],
)  # fmt: skip
def test_words_are_found_with_a_condition_to_begin_from(
    body: str, expected: list[tuple[str, str]]
) -> None:
    assert [(one.words, one.suggestion) for one in hints(Text("", "", body))] == expected


def test_parts_and_lines_are_told_and_the_list_is_bounded() -> None:
    found = hints(Text("It rose", "", "One.\nIt fell.\n" + "rose\n" * 500))
    assert [(one.part, one.line) for one in found[:2]] == [("title", 1), ("body", 2)]
    assert len(found) == MOST_HINTS
