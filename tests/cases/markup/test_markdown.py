import time

import pytest

from cases.markup.exhibits import Callout, Timeline
from cases.markup.markdown import Parsed, is_safe_link, parse_body, parse_line

TOKEN = "{{ a.b@2017 | round:1 }}"


def text_of(parsed: Parsed) -> str:
    """The contents of the first paragraph, end to end."""
    return "".join(child.content for child in parsed.nodes[1].children or ())


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        f"*{TOKEN}*",
        f"**{TOKEN}**",
        f"[{TOKEN}](/a/)",
        f"[前{TOKEN}后](https://example.com)",
        f"## 标题{TOKEN}",
        f"- 项{TOKEN}",
        f"> 引{TOKEN}",
        f"| a | b |\n|---|---|\n| x | {TOKEN} |",
        f"| {TOKEN} | b |\n|---|---|\n| x | y |",
        f"超过{TOKEN}人",
        f"第一行\n第二行{TOKEN}",
    ],
)
def test_token_works_wherever_text_may_stand(text: str) -> None:
    parsed = parse_body(text)
    assert [token.raw for token, _ in parsed.figures] == [TOKEN]
    assert parsed.faults == ()


@pytest.mark.parametrize(
    "text", [f"`{TOKEN}`", f"``{TOKEN}``", f"    {TOKEN}", f"```\n{TOKEN}\n```", r"\{{ a.b@2017 }}"]
)
def test_token_in_code_or_escaped_is_text(text: str) -> None:
    parsed = parse_body(text)
    assert parsed.figures == ()
    assert parsed.faults == ()


def test_code_shows_the_bars_of_a_token() -> None:
    parsed = parse_body(f"`{TOKEN}`\n\n    {TOKEN}\n")
    assert text_of(parsed) == TOKEN
    assert parsed.nodes[3].content.strip() == TOKEN


def test_table_cells_keep_tokens_with_filters_whole() -> None:
    parsed = parse_body(f"| a | b |\n|---|--:|\n| x {TOKEN} | {TOKEN} y |\n")
    cells = [node for node in parsed.nodes if node.type == "inline"]
    assert len(cells) == 4
    assert [token.start for token, _ in parsed.figures] == [4, 31]


def test_figures_carry_line_and_offset_in_the_source() -> None:
    text = f"首段\n\n- 一\n- 二 {TOKEN} {TOKEN}\n\n> 甲\n> 乙{TOKEN}\n"
    found = [(line, token.start) for token, line in parse_body(text).figures]
    lines = text.split("\n")
    assert found == [(4, 4), (4, 29), (7, 3)]
    assert all(lines[line - 1][start:].startswith(TOKEN) for line, start in found)


def test_every_fault_is_collected_with_its_line() -> None:
    text = "甲 {{ x }}\n\n# 大\n\n```chart\ntype: pie\n```\n\n{{ a.b@2017 乙\n\n![图](/a.png)\n"
    found = [(fault.line, fault.column) for fault in parse_body(text).faults]
    assert found == [(1, 6), (3, 1), (6, 1), (9, 1), (11, 1)]


def test_fault_in_a_callout_names_the_line_of_its_text() -> None:
    text = "甲\n\n```callout\ntext: |\n  一\n\n  二 {{ x }}\n```\n"
    (fault,) = parse_body(text).faults
    assert fault.line == 7


def test_exhibits_are_read_with_the_line_of_their_fence() -> None:
    parsed = parse_body("甲\n\n```timeline\nentity: webank\n```\n\n~~~callout\ntext: 话\n~~~\n")
    assert parsed.exhibits == (Timeline(("webank",)), Callout("话"))
    assert [exhibit.line for exhibit in parsed.exhibits] == [3, 7]


def test_exhibit_inside_a_callout_is_refused() -> None:
    text = "````callout\ntext: |\n  ```timeline\n  entity: webank\n  ```\n````\n"
    (fault,) = parse_body(text).faults
    assert "inside an exhibit" in fault.message


def test_fence_without_a_name_is_code() -> None:
    assert parse_body("```\ntype: pie\n```\n").faults == ()


def test_headings_count_the_same_in_both_languages() -> None:
    chinese = parse_body("## 一\n### 甲\n### 乙\n#### 子\n## 二\n### 丙\n")
    english = parse_body("## One\n### A\n### B\n#### a\n## Two\n### C\n")
    expected = [
        "section-1", "section-1-1", "section-1-2", "section-1-2-1", "section-2", "section-2-1",
    ]  # fmt: skip
    assert [heading.id for heading in chinese.headings] == expected
    assert [heading.id for heading in english.headings] == expected


def test_heading_ids_are_unique_where_levels_are_skipped() -> None:
    ids = [h.id for h in parse_body("### a\n## b\n### c\n#### d\n## e\n#### f\n").headings]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.com/a", True),
        ("http://example.com", True),
        ("HTTPS://EXAMPLE.COM", True),
        ("mailto:a@example.com", True),
        ("/cases/webank/", True),
        ("#section-1", True),
        ("../other/", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        (" javascript:alert(1)", False),
        ("vbscript:x", False),
        ("data:text/html,x", False),
        ("data:image/png;base64,x", False),
        ("file:///etc/passwd", False),
        ("ftp://example.com", False),
        ("//example.com", False),
        ("/\\example.com", False),
        ("\\\\example.com", False),
    ],
)
def test_only_known_schemes_and_own_paths_make_links(url: str, safe: bool) -> None:
    assert is_safe_link(url) is safe


@pytest.mark.parametrize(
    "text",
    [
        "[5万元]{constant}",
        "低于[5万元]{constant}的",
        "**[5万元]{constant}**",
        "[5万元]{constant}[x](/y)",
    ],
)
def test_marked_constant_shows_its_text_only(text: str) -> None:
    parsed = parse_body(text)
    content = text_of(parsed)
    assert "5万元" in content
    assert "constant" not in content
    assert "[5" not in content


@pytest.mark.parametrize("text", ["[]{constant}", "[a]{other}", "[a]", "[a] {constant}"])
def test_other_brackets_are_text(text: str) -> None:
    content = text_of(parse_body(text))
    assert content == text


def test_inline_text_reads_tokens_and_no_blocks() -> None:
    parsed = parse_line(f"# **好。**{TOKEN} `|`")
    assert [token.raw for token, _ in parsed.figures] == [TOKEN]
    assert parsed.headings == ()


@pytest.mark.parametrize(
    "unit",
    [
        "*a ", "**a", "_a_", "[", "[a](", "![", "`", "{{ ", "{{ a.b@2017 }}", "{{", "<a", "> ",
        "- ", "|", "&amp;", "\\", "**。", "“**", "[5]{constant}", "# a\n", "```chart\n", "~~~",
        "a\n", "*_", "[[a]]", "1. ", "| a ", "\n\n", "<", "(", "]{constant}",
    ],
)  # fmt: skip
def test_repeated_input_is_parsed_in_bounded_time(unit: str) -> None:
    text = (unit * 100_000)[:20_000]
    started = time.process_time()
    parse_body(text)
    parse_line(text)
    assert time.process_time() - started < 5


def test_oversized_text_is_one_fault_and_not_parsed() -> None:
    parsed = parse_body("a" * 100_001)
    assert len(parsed.faults) == 1
    assert parsed.nodes == ()


def test_too_many_tokens_or_exhibits_are_a_fault() -> None:
    assert "1000 tokens" in parse_body("{{ a.b@2017 }}\n" * 1001).faults[0].message
    assert "60 exhibits" in parse_body("```timeline\nentity: a\n```\n" * 61).faults[0].message
