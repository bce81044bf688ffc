"""Snippets show where the terms stand."""

from hypothesis import given
from hypothesis import strategies as st

from cases.search.queries import parse_query
from cases.search.snippets import Part, marked, snippet


def shown(parts: tuple[Part, ...]) -> str:
    return "".join(f"[{part.text}]" if part.is_marked else part.text for part in parts)


def test_terms_are_marked_as_they_are_written() -> None:
    assert shown(marked("WeBank's Loans", parse_query("webank loan"))) == "[WeBank]'s [Loans]"
    assert shown(marked("微众银行的银行", parse_query("银行"))) == "微众[银行]的[银行]"
    assert shown(marked("用户8.29亿", parse_query("8.29亿"))) == "用户[8.29]亿"
    assert shown(marked("3,400 users", parse_query("3400"))) == "[3,400] users"
    assert shown(marked("<b>bank</b>", parse_query("bank"))) == "<b>[bank]</b>"


def test_passage_with_the_most_terms_is_shown() -> None:
    text = f"bank {'filler ' * 80}a bank gives a loan {'filler ' * 80}"
    told = shown(snippet(text, parse_query("bank loan"), "en"))
    assert "a [bank] gives a [loan]" in told
    assert told.startswith("…filler")
    assert told.endswith("…")


def test_short_text_is_shown_whole_and_begins_where_nothing_is_marked() -> None:
    assert shown(snippet("银行很小", parse_query("银行"), "zh-hans")) == "[银行]很小"
    assert shown(snippet("x" * 500, parse_query("银行"), "en")) == "x" * 220 + "…"
    assert snippet("", parse_query("银行"), "en") == ()


def test_passage_begins_at_its_own_block() -> None:
    text = f"{'甲' * 300}\n银行在这里{'乙' * 300}"
    assert shown(snippet(text, parse_query("银行"), "zh-hans")).startswith("…[银行]在这里")


@given(st.text(max_size=600), st.text("ab微众银行8.2 ", max_size=8))
def test_parts_join_to_the_text(text: str, words: str) -> None:
    query = parse_query(words)
    assert "".join(part.text for part in marked(text, query)) == text
    told = "".join(part.text for part in snippet(text, query, "en"))
    assert told.strip("…") in text or "…" in text
