"""What differs between two texts, and joining two sets of changes."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cases.markup.joining import Change, Kind, differences, line_difference
from cases.markup.merging import merged
from cases.markup.paragraphs import paragraphs
from cases.markup.text import Text

PARAGRAPH = st.text("甲乙丙 ab.", min_size=1, max_size=12).filter(lambda text: text.strip())
BODIES = st.lists(PARAGRAPH, max_size=6).map(lambda parts: "\n\n".join(parts) + "\n")


def told(changes: tuple[Change, ...]) -> list[str]:
    marks = {Kind.SAME: "{}", Kind.GONE: "-{}-", Kind.NEW: "+{}+"}
    return ["".join(marks[p.kind].format(p.text) for p in change.pieces) for change in changes]


def test_changed_words_of_a_paragraph_are_shown_within_it() -> None:
    before = "第一段。\n\n用户有{{ a.b@2017 }}人，超过一半。\n\nIt rose by a third.\n"
    after = "第一段。\n\n用户有{{ a.b@2018 }}人，超过一半。\n\nIt fell by a third.\n"
    assert told(differences(before, after)) == [
        "第一段。",
        "用户有-{{ a.b@2017 }}-+{{ a.b@2018 }}+人，超过一半。",
        "It -rose-+fell+ by a third.",
    ]


def test_paragraph_put_in_or_taken_out_is_whole() -> None:
    assert told(differences("甲甲。\n\n丙丙。\n", "甲甲。\n\n新的话\n\n丙丙。\n")) == [
        "甲甲。",
        "+新的话+",
        "丙丙。",
    ]
    assert told(differences("甲甲。\n\n旧的话\n\n丙丙。\n", "甲甲。\n\n丙丙。\n")) == [
        "甲甲。",
        "-旧的话-",
        "丙丙。",
    ]


def test_exhibit_is_one_paragraph() -> None:
    before = "```callout\ntext: |\n  One.\n\n  Two.\n```\n"
    changes = differences(before, before.replace("Two", "Three"))
    assert told(changes) == ["```callout\ntext: |\n  One.\n\n  -Two-+Three+.\n```"]


def test_lines_are_compared_as_one() -> None:
    assert told((line_difference("一家银行", "一家好银行"),)) == ["一家+好+银行"]
    assert line_difference("a", "a").kind == Kind.SAME


@given(BODIES, BODIES)
def test_both_texts_can_be_read_from_their_difference(before: str, after: str) -> None:
    changes = differences(before, after)
    for body, other in ((before, Kind.NEW), (after, Kind.GONE)):
        sources = [
            "".join(piece.text for piece in change.pieces if piece.kind != other)
            for change in changes
            if change.kind != other
        ]
        assert sources == [paragraph.source for paragraph in paragraphs(body)]


@given(BODIES)
def test_a_text_does_not_differ_from_itself(body: str) -> None:
    assert all(change.kind == Kind.SAME for change in differences(body, body))


def joined(base: str, mine: str, theirs: str) -> tuple[str, int]:
    result = merged(Text("", "", base), Text("", "", mine), Text("", "", theirs))
    return result.text.body, result.kept


BASE = "一。\n\n二。\n\n三。\n"


def test_changes_in_different_paragraphs_are_both_taken() -> None:
    mine = BASE.replace("一。", "一，改。")
    theirs = BASE.replace("三。", "三。\n\n四。")
    assert joined(BASE, mine, theirs) == ("一，改。\n\n二。\n\n三。\n\n四。\n", 0)


def test_where_both_wrote_mine_stays_and_is_counted() -> None:
    mine, theirs = BASE.replace("二", "我"), BASE.replace("二", "你")
    assert joined(BASE, mine, theirs) == (mine, 1)


def test_same_change_of_both_is_no_conflict() -> None:
    both = BASE.replace("二", "我")
    assert joined(BASE, both, both) == (both, 0)


def test_paragraph_taken_out_by_one_stays_out() -> None:
    assert joined(BASE, "二。\n\n三。\n", BASE.replace("三", "叁")) == ("二。\n\n叁。\n", 0)


def test_changes_side_by_side_are_both_taken() -> None:
    assert joined(BASE, "一。\n\n三。\n", BASE.replace("三", "叁")) == ("一。\n\n叁。\n", 0)
    mine, theirs = "开头。\n\n" + BASE, BASE.replace("一", "壹")
    assert joined(BASE, mine, theirs) == ("开头。\n\n" + theirs, 0)
    assert joined(BASE, theirs, mine) == ("开头。\n\n" + theirs, 0)


def test_paragraphs_put_into_one_place_by_both_are_a_conflict() -> None:
    assert joined(BASE, "我。\n\n" + BASE, "你。\n\n" + BASE) == ("我。\n\n" + BASE, 1)


def test_title_and_standfirst_are_joined_as_a_whole() -> None:
    base, mine, theirs = Text("T", "S", BASE), Text("T2", "S", BASE), Text("T3", "S2", BASE)
    assert merged(base, mine, theirs).text == Text("T2", "S2", BASE)
    assert merged(base, mine, theirs).kept == 1


@given(BODIES, BODIES)
def test_one_set_of_changes_is_taken_as_it_is(base: str, changed: str) -> None:
    sources = "\n\n".join(paragraph.source for paragraph in paragraphs(changed)) + "\n"
    assert joined(base, changed, base) == (sources, 0)
    assert joined(base, base, changed) == (sources, 0)
    assert joined(base, changed, changed) == (sources, 0)


@given(BODIES, BODIES, BODIES)
def test_nothing_of_mine_is_lost_without_being_theirs_to_take(
    base: str, mine: str, theirs: str
) -> None:
    body, _ = joined(base, mine, theirs)
    kept = {paragraph.source for paragraph in paragraphs(body)}
    common = {paragraph.source for paragraph in paragraphs(base)}
    for paragraph in paragraphs(mine):
        assert paragraph.source in kept | common
    assert all(one.line < two.line for one, two in pairwise(paragraphs(body)))
