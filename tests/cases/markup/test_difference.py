"""What changed between two texts, by paragraph and word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.markup import difference
from cases.markup.difference import (
    Pair,
    Piece,
    paragraph_pairs,
    pieces_of,
    word_pieces,
    words_changed,
)

MARKS = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}


def marked(before: str, after: str) -> str:
    return "".join(MARKS[one.kind].format(one.text) for one in word_pieces(before, after))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("", "", ""),
        ("Same words.", "Same words.", "Same words."),
        ("It had users.", "It had many users.", "It had [+many +]users."),
        ("It rose fast.", "It rose.", "It rose[- fast-]."),
        ("It rose.", "It fell.", "It [-rose-][+fell+]."),
        # a number with its separators and its sign is one word
        ("over 6,000 users", "over 6,500 users", "over [-6,000-][+6,500+] users"),
        ("up 34.6%", "up 35.6%", "up [-34.6%-][+35.6%+]"),
        # an apostrophe belongs to its word
        ("the bank’s loans", "the banks loans", "the [-bank’s-][+banks+] loans"),
        # a space between two changes is told with them
        ("a big red bus", "a small blue bus", "a [-big red-][+small blue+] bus"),
        ("用户超过六千万。", "用户超过七千万。", "用户超过[-六-][+七+]千万。"),
        ("用户超过6,000万", "用户超过6,500万", "用户超过[-6,000-][+6,500+]万"),
        # a lone character between two changes is told with them
        ("其中甲的乙为多", "其中丙的丁为多", "其中[-甲的乙-][+丙的丁+]为多"),
        ("银行App上线", "银行Web上线", "银行[-App-][+Web+]上线"),
        ("", "New.", "[+New.+]"),
        ("Old.", "", "[-Old.-]"),
    ],
)
def test_words_that_differ_are_marked(before: str, after: str, told: str) -> None:
    assert marked(before, after) == told


WORDS = st.text(alphabet="ab 用户1,.%’\n", max_size=40)


@given(WORDS, WORDS)
def test_pieces_give_both_texts_back(before: str, after: str) -> None:
    pieces = word_pieces(before, after)
    assert "".join(one.text for one in pieces if one.kind != "added") == before
    assert "".join(one.text for one in pieces if one.kind != "removed") == after
    assert all(one.text for one in pieces)


@given(WORDS)
def test_equal_texts_have_no_change(text: str) -> None:
    assert all(one.kind == "same" for one in word_pieces(text, text))


TEXTS = st.lists(st.sampled_from(["one two three", "one two four", "five", "用户", "用例"]))


@given(TEXTS, TEXTS)
def test_pairs_hold_every_paragraph_once_and_in_order(before: list[str], after: list[str]) -> None:
    pairs = paragraph_pairs(before, after)
    assert [one.before for one in pairs if one.before is not None] == before
    assert [one.after for one in pairs if one.after is not None] == after


def test_rewritten_paragraph_stands_beside_what_it_was() -> None:
    before = ["Intro.", "The bank had many users.", "Nothing in common here.", "End."]
    after = ["Intro.", "A wholly new start, to begin.", "The bank had few users.", "End."]
    assert paragraph_pairs(before, after) == (
        Pair("Intro.", "Intro."),
        Pair(None, "A wholly new start, to begin."),
        Pair("The bank had many users.", "The bank had few users."),
        Pair("Nothing in common here.", None),
        Pair("End.", "End."),
    )


def test_pairing_keeps_as_much_as_it_can() -> None:
    """The second old paragraph is like both new ones; the first one is like the first only."""
    before = ["a b c d", "a b x y"]
    after = ["a b c e", "x y a b"]
    pairs = paragraph_pairs(before, after)
    assert pairs == (Pair("a b c d", "a b c e"), Pair("a b x y", "x y a b"))


def test_paragraph_that_stands_alone_is_one_piece() -> None:
    assert pieces_of(Pair(None, "A new one.")) == (Piece("added", "A new one."),)
    assert pieces_of(Pair("An old one.", None)) == (Piece("removed", "An old one."),)


def test_what_is_too_long_is_told_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(difference, "MOST_WORDS", 4)
    assert marked("start one two end", "start three four five end") == (
        "start [-one two-][+three four five+] end"
    )


@pytest.mark.parametrize("bound", ["MOST_LIKENED", "MOST_PARAGRAPHS"])
def test_too_many_paragraphs_are_told_alone(monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    monkeypatch.setattr(difference, bound, 3)
    before, after = ["same", "a b", "c d"], ["same", "a c", "c d e"]
    assert paragraph_pairs(before, after) == (
        Pair("same", "same"), Pair("a b", None), Pair("c d", None),
        Pair(None, "a c"), Pair(None, "c d e"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "added", "removed"),
    [
        ("one two", "one two", 0, 0),
        ("one two.", "one, three!", 1, 1),
        ("", "It's 6,000 users", 3, 0),
        ("没有网点", "没有分行", 2, 2),
        ("超过6,000万", "", 0, 4),
    ],
)
def test_words_changed_are_counted_without_signs(
    before: str, after: str, added: int, removed: int
) -> None:
    assert words_changed(word_pieces(before, after)) == (added, removed)
