"""A body in its paragraphs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.markup.paragraphs import Paragraph, paragraphs


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", []),
        ("\n\n", []),
        ("一。\n", [(1, "一。")]),
        ("一。\n二。\n\n三。\n", [(1, "一。\n二。"), (4, "三。")]),
        ("## 题\n\n一。", [(1, "## 题"), (3, "一。")]),
        ("```chart\na: 1\n\nb: 2\n```\n", [(1, "```chart\na: 1\n\nb: 2\n```")]),
        ("一。\n```chart\na\n```\n二。", [(1, "一。"), (2, "```chart\na\n```"), (5, "二。")]),
        ("~~~~quote\n~~~\n~~~~\n后。", [(1, "~~~~quote\n~~~\n~~~~"), (4, "后。")]),
        ("```chart\na\n\nb", [(1, "```chart\na\n\nb")]),
        ("```chart\n``` not the end\n```", [(1, "```chart\n``` not the end\n```")]),
    ],
)
def test_body_is_cut_at_blank_lines_outside_fences(
    body: str, expected: list[tuple[int, str]]
) -> None:
    assert [(one.line, one.source) for one in paragraphs(body)] == expected


def test_fence_is_an_exhibit_and_words_are_not() -> None:
    assert [one.is_exhibit for one in paragraphs("一。\n\n```chart\na\n```")] == [False, True]


@given(st.text(alphabet="a`~ \n二", max_size=60))
def test_every_line_with_words_stands_in_one_paragraph(body: str) -> None:
    lines = body.split("\n")
    found: list[Paragraph] = list(paragraphs(body))
    covered = [line for one in found for line in one.source.split("\n") if line.strip()]
    assert [line.rstrip() for line in covered] == [s.rstrip() for s in lines if s.strip()]
    for one in found:
        assert one.source.split("\n")[0].rstrip() == lines[one.line - 1].rstrip()
