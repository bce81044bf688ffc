import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.markup.exhibits import Callout, Exhibit
from cases.markup.pen import Pen
from cases.markup.render import (
    RenderedText,
    TocEntry,
    plain_line,
    plain_parts,
    plain_text,
    render_parsed,
    render_text,
)
from cases.markup.resolver import FigureKind
from cases.markup.text import Text, parse_text
from cases.markup.tokens import Reference
from metrics.stats.numbers import FormattedNumber
from tests.cases.markup.figures import USERS_EN, Changes, TableResolver

LINK = (
    '<a class="figure" href="/zh-hans/series/a.b/#2017" data-note="note-1">'
    '<data value="60000000"><span class="figure__qualifier">超过</span>6,000万</data></a>'
)


def render(
    body: str = "",
    *,
    title: str = "题",
    standfirst: str = "",
    language: str = "zh-hans",
    series: Changes | None = None,
) -> RenderedText:
    resolver = TableResolver(series or {})
    return render_text(title, standfirst, body, language=language, resolver=resolver)


def test_token_becomes_a_link_to_its_row_with_value_and_note() -> None:
    rendered = render("用户{{ a.b@2017 }}人")
    assert rendered.body_html == f"<p>用户{LINK}人</p>\n"
    assert [note.id for note in rendered.notes] == ["note-1"]
    assert rendered.notes[0].figure.value == Decimal(60000000)
    assert rendered.problems == ()


@pytest.mark.parametrize("kind", [FigureKind.IMPLIED, FigureKind.DERIVED, FigureKind.FORECAST])
def test_value_that_nobody_stated_is_marked(kind: FigureKind) -> None:
    html = render("{{ a.b@2017 }}", series={"a.b": {"kind": kind}}).body_html
    assert f'class="figure figure--{kind}"' in html


def test_english_qualifier_is_set_apart_by_a_space() -> None:
    html = render(
        "{{ a.b@2017 }}", language="en", series={"a.b": {"formatted": USERS_EN}}
    ).body_html
    assert '<span class="figure__qualifier">over</span> 60 million</data>' in html


def test_number_without_qualifier_has_no_empty_span() -> None:
    number = FormattedNumber("", "CNY ", "1.5", " billion", "en")
    html = render("{{ a.b@2017 }}", series={"a.b": {"formatted": number}}).body_html
    assert '<data value="60000000">CNY 1.5 billion</data>' in html


def test_value_is_written_without_exponent() -> None:
    html = render("{{ a.b@2017 }}", series={"a.b": {"value": Decimal("6E+7")}}).body_html
    assert '<data value="60000000">' in html


@pytest.mark.parametrize(
    ("noun", "text"), [("人", "超过6,000万人"), ("people", "超过6,000万 people")]
)
def test_unit_filter_appends_the_noun(noun: str, text: str) -> None:
    resolver = TableResolver({"a.b": {"unit_noun": noun}})
    plain = plain_line("{{ a.b@2017 | unit }}", language="en", resolver=resolver)
    assert plain == text
    assert plain_line("{{ a.b@2017 }}", language="en", resolver=resolver) == "超过6,000万"


def test_resolver_is_asked_with_the_print_options() -> None:
    resolver = TableResolver()
    render_text("", "", "{{ a.b@2017 | pc1 | round:2 | scale:亿 | plain }}", language="en",
                resolver=resolver)  # fmt: skip
    (asked,) = set(resolver.asked)
    assert (asked.transform, asked.round_to, asked.scale, asked.plain) == ("pc1", 2, "亿", True)


def test_missing_value_is_visible_and_reported() -> None:
    rendered = render("用户{{ a.b@2017 }}人", series={"a.b": None})
    span = '<span class="figure figure--missing" role="img" aria-label="未披露" title="未披露">'
    assert f"用户{span}—</span>人" in rendered.body_html
    (problem,) = rendered.problems
    assert problem.message == "no value for {{ a.b@2017 }}: 未披露"
    assert problem.reference == Reference("a.b", "2017")
    assert rendered.notes == ()


def test_malformed_token_is_shown_as_typed_and_reported() -> None:
    rendered = render("用户{{ a.b }}人")
    assert '<span class="figure figure--broken" title="' in rendered.body_html
    assert ">{{ a.b }}</span>人" in rendered.body_html
    assert rendered.problems[0].message.startswith("body, line 1, column 10: expected a period")


def test_malformed_exhibit_is_shown_in_its_place_and_reported() -> None:
    rendered = render("甲\n\n```chart\ntype: pie\n```\n\n乙")
    assert re.search(r"甲.*figure--broken.*>chart</span>.*乙", rendered.body_html, re.DOTALL)
    assert "line 4" in rendered.problems[0].message


def test_token_inside_a_link_makes_no_link_of_its_own() -> None:
    html = render("[用户{{ a.b@2017 }}](/cases/x/)").body_html
    assert html.count("<a ") == 1
    assert '<a href="/zh-hans/cases/x/">用户<span class="figure" data-note="note-1"><data' in html


def test_equal_references_share_a_note_and_others_do_not() -> None:
    rendered = render("{{ a.b@2017 }} {{ a.b@2017 }} {{ a.b@2017 | plain }} {{ c.d@2017 }}")
    assert [note.id for note in rendered.notes] == ["note-1", "note-2", "note-3"]
    assert rendered.body_html.count('data-note="note-1"') == 2


def test_notes_are_numbered_through_title_standfirst_body_and_exhibits() -> None:
    rendered = render(
        "{{ a.c@2017 }}\n\n```key-figures\n- value: a.d@2017\n  label: x {{ a.d@2017 }}\n```\n\n"
        "{{ a.e@2017 }}",
        title="题 {{ a.a@2017 }}",
        standfirst="话 {{ a.b@2017 }}",
    )
    assert [note.reference.series for note in rendered.notes] == ["a.a", "a.b", "a.c", "a.d", "a.e"]
    assert rendered.quoted_series == ("a.a", "a.b", "a.c", "a.d", "a.e")


def test_title_and_standfirst_come_as_html_and_as_text() -> None:
    rendered = render(title="甲 & {{ a.b@2017 }}", standfirst="**好。**有\n{{ a.b@2017 }}")
    assert rendered.title_html == f"甲 &amp; {LINK}"
    assert rendered.title_text == "甲 & 超过6,000万"
    assert rendered.standfirst_html.startswith("<strong>好。</strong>有<a ")
    assert rendered.standfirst_text == "好。有超过6,000万"


def test_title_is_no_markdown() -> None:
    assert render(title="a *b* `c`").title_html == "a *b* `c`"


def test_contents_list_second_and_third_level_with_figures_as_text() -> None:
    rendered = render("## 用户{{ a.b@2017 }}\n\n### **子**题\n\n#### 细\n\n## 二\n")
    assert rendered.toc == (
        TocEntry("section-1", 2, "用户超过6,000万"),
        TocEntry("section-1-1", 3, "子题"),
        TocEntry("section-2", 2, "二"),
    )
    for entry in rendered.toc:
        assert f'<h{entry.level} id="{entry.id}">' in rendered.body_html


def test_first_level_heading_is_lowered_for_readers() -> None:
    assert render("# 大\n").body_html == '<h2 id="section-1">大</h2>\n'


def test_exhibit_is_placed_after_sanitising() -> None:
    html = render("甲\n\n```callout\ntext: 话\n```\n\n乙").body_html
    assert '<p>甲</p>\n<figure class="exhibit"><svg role="img"></svg>话</figure>\n<p>乙</p>' in html


def test_pen_block_renders_markdown_inside_an_exhibit() -> None:
    class Blocks(TableResolver):
        def exhibit(self, exhibit: Exhibit, pen: Pen, /) -> str:
            assert isinstance(exhibit, Callout)
            return f"<aside>{pen.block(exhibit.text)}</aside>"

    body = "```callout\ntext: |\n  **好。**有 {{ a.b@2017 }} <b>\n```\n"
    html = render_text("", "", body, language="zh-hans", resolver=Blocks()).body_html
    assert f"<aside><p><strong>好。</strong>有 {LINK} &lt;b&gt;</p>\n</aside>" in html


@pytest.mark.parametrize(
    ("markdown", "href"),
    [
        ("[x](/cases/webank/)", "/zh-hans/cases/webank/"),
        ("[x](/en/cases/webank/)", "/en/cases/webank/"),
        ("[x](/api/v1/)", "/api/v1/"),
        ("[x](#section-1)", "#section-1"),
        ("[x](https://example.com/)", "https://example.com/"),
        ("<https://example.com/>", "https://example.com/"),
    ],
)
def test_own_links_keep_the_language(markdown: str, href: str) -> None:
    assert f'href="{href}"' in render(markdown).body_html


def test_parsed_text_renders_the_same_again_and_in_another_language() -> None:
    text = Text("题", "话", "[x](/cases/a/) {{ a.b@2017 }}\n\n```callout\ntext: 话\n```\n")
    parsed = parse_text(text)
    first, english, again = (
        render_parsed(text, parsed, language=language, resolver=TableResolver())
        for language in ("zh-hans", "en", "zh-hans")
    )
    assert first == again
    assert 'href="/en/cases/a/"' in english.body_html


def test_external_links_hand_on_no_window() -> None:
    assert 'rel="noopener"' in render("[x](https://example.com/)").body_html


@pytest.mark.parametrize(
    ("language", "body", "html"),
    [
        ("zh-hans", "第一行，\n**第二行**", "第一行，<strong>第二行</strong>"),
        ("zh-hans", "第一行\nLatin", "第一行\nLatin"),
        ("zh-hans", "有\n{{ a.b@2017 }}", f"有{LINK}"),
        ("en", "has\n{{ a.b@2017 }}", f"has\n{LINK}"),
        ("en", "one\ntwo", "one\ntwo"),
    ],
)
def test_line_end_is_a_space_except_inside_chinese(language: str, body: str, html: str) -> None:
    assert render(body, language=language).body_html == f"<p>{html}</p>\n"


def test_table_scrolls_and_aligns_by_class() -> None:
    html = render("| a | b |\n|:-:|--:|\n| 1 | 2 |\n").body_html
    assert html.startswith('<div class="table-scroll"><table class="data-table">')
    assert '<th class="align-center">' in html
    assert '<td class="align-right">' in html
    assert "style" not in html


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<javascript:alert(1)>",
    "[x][y]\n\n[y]: javascript:alert(1)",
    '[x](/a "onmouseover=alert(1)")',
    "[x](/a '\" onmouseover=\"alert(1)')",
    '[x](https://e.com/"onclick=alert(1))',
    "![x](javascript:alert(1))",
    "```<script>alert(1)</script>\nx\n```",
    '```chart"><script>alert(1)</script>\nx\n```',
    "`<script>alert(1)</script>`",
    "{{ <script>alert(1)</script> }}",
    '{{ "><script>alert(1)</script> }}',
    "{{ a.b@<script> }}",
    "[<script>]{constant}",
    "| <script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "## <script>alert(1)</script>",
    '<div data-exhibit="0"></div>\n\n```callout\ntext: x\n```',
    '[x](/a "<div data-exhibit=\\"0\\"></div>")\n\n```callout\ntext: x\n```',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "```callout\ntitle: <script>alert(1)</script>\ntext: <script>alert(1)</script>\n```",
    "\\<script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<style>@import 'x'</style>",
]
OURS = re.compile(
    r"</?(?:p|h[2-4]|strong|em|a|code|pre|ul|ol|li|blockquote|hr|br|table|thead|tbody|tr|th|td|data"
    r"|span|div|figure|svg)(?:\s[a-z-]+=\"[^\"]*\")*\s*/?>"
)
HANDLER = re.compile(r"<[^>\"]*(?:\"[^\"]*\"[^>\"]*)*\s(?:on\w+|style)\s*=", re.IGNORECASE)


def assert_harmless(html: str) -> None:
    rest = OURS.sub("", html)
    assert "<" not in rest, rest
    assert not HANDLER.search(OURS.sub(lambda m: re.sub(r'"[^"]*"', '""', m[0]), html))
    assert not re.search(r'<[^>]*href="\s*(?:javascript|data|vbscript):', html, re.IGNORECASE)


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_in_any_part_comes_out_harmless(attack: str) -> None:
    rendered = render(attack, title=attack, standfirst=attack)
    assert_harmless(rendered.body_html)
    assert_harmless(rendered.title_html)
    assert_harmless(rendered.standfirst_html)


def test_forged_placeholder_shows_no_second_exhibit() -> None:
    html = render('<div data-exhibit="0"></div>\n\n```callout\ntext: x\n```').body_html
    assert html.count("<svg") == 1


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("<>\"'&/=:()[]{}*_`|\n #-!ax。**文script"), max_size=80))
def test_any_text_renders_harmless(text: str) -> None:
    rendered = render(text, title=text, standfirst=text)
    assert_harmless(rendered.body_html + rendered.title_html + rendered.standfirst_html)


def test_hostile_strings_from_the_resolver_are_escaped() -> None:
    number = FormattedNumber("<b>", "<i>", "<u>", "<s>")
    changes = {"formatted": number, "url": '/a/"><script>', "unit_noun": "<p>"}
    html = render("{{ a.b@2017 | unit }}", title="{{ a.b@2017 | unit }}", series={"a.b": changes})
    assert "<script>" not in html.body_html + html.title_html
    assert "&lt;u&gt;" in html.title_html
    assert_harmless(html.body_html)


def test_plain_text_keeps_words_figures_and_captions() -> None:
    body = (
        "## 标题\n\n第一行，\n第二行{{ a.b@2017 }}人。\n\n- **项**[链](/x/)\n\n"
        "```callout\ntitle: 注\ntext: 话 *好*\n```\n\n```chart\ntype: column\ntitle: 图\n"
        "series: [a.b]\n```\n"
    )
    text = plain_text(body, language="zh-hans", resolver=TableResolver())
    assert text.split("\n") == [
        "标题", "第一行，第二行超过6,000万人。", "项链", "注", "话 好", "图",
    ]  # fmt: skip


def test_plain_text_of_missing_value_is_a_dash() -> None:
    resolver = TableResolver({"a.b": None})
    assert plain_line("共{{ a.b@2017 }}人", language="zh-hans", resolver=resolver) == "共—人"


def test_plain_text_of_key_figures_has_their_numbers() -> None:
    body = "```key-figures\n- value: a.b@2017\n  label: 注册用户\n  note: 年末\n```\n"
    resolver = TableResolver()
    assert plain_text(body, language="zh-hans", resolver=resolver) == "注册用户 超过6,000万 年末"
    text = Text("题", "有{{ a.b@2017 }}人。", body)
    assert plain_parts(text, parse_text(text), language="zh-hans", resolver=resolver) == (
        "题",
        "有超过6,000万人。",
        "注册用户 超过6,000万 年末",
    )


def test_words_of_a_quote_are_in_plain_text() -> None:
    body = "```quote\ntext: 有{{ a.b@2017 }}人，[3家]{constant}。\nby: 某人\n```\n"
    text = plain_text(body, language="zh-hans", resolver=TableResolver())
    assert text == "有超过6,000万人，3家。\n某人"
