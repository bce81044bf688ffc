import pytest
from markdown_it import MarkdownIt

from cases.markup.emphasis import is_cjk
from cases.markup.markdown import configured


def inline(text: str) -> str:
    return str(configured().renderInline(text))


CJK = [
    ("**粗体。**后文", "<strong>粗体。</strong>后文"),
    ("前文**粗体。**后文", "前文<strong>粗体。</strong>后文"),
    ("前文**“粗体”**后文", "前文<strong>“粗体”</strong>后文"),
    ("前文**「粗体」**后文", "前文<strong>「粗体」</strong>后文"),
    ("前文**《粗体》**后文", "前文<strong>《粗体》</strong>后文"),
    ("前文**（粗体）**后文", "前文<strong>（粗体）</strong>后文"),
    ("前文**(粗体)**后文", "前文<strong>(粗体)</strong>后文"),
    ("前文**粗体！**", "前文<strong>粗体！</strong>"),
    ("前文。**粗体**。后文", "前文。<strong>粗体</strong>。后文"),
    ("，**粗体，**，", "，<strong>粗体，</strong>，"),
    ("**粗体：**Latin", "<strong>粗体：</strong>Latin"),
    ("Latin**“粗体”**后文", "Latin**“粗体”**后文"),
    ("前文**34.6%**后文", "前文<strong>34.6%</strong>后文"),
    ("前文**100%**。", "前文<strong>100%</strong>。"),
    ("前文*强调。*后文", "前文<em>强调。</em>后文"),
    ("前文***都有。***后文", "前文<em><strong>都有。</strong></em>后文"),
    ("**一。**二**三。**四", "<strong>一。</strong>二<strong>三。</strong>四"),
    ("**外*内。*外。**后", "<strong>外<em>内。</em>外。</strong>后"),
    ("한국어**강조。**한국어", "한국어<strong>강조。</strong>한국어"),
    ("**`码`**后文", "<strong><code>码</code></strong>后文"),
    ("前文**[链](/a/)**后文", '前文<strong><a href="/a/">链</a></strong>后文'),
]


@pytest.mark.parametrize(("text", "html"), CJK)
def test_emphasis_beside_chinese_punctuation_works(text: str, html: str) -> None:
    assert inline(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "a * b * c",
        "**not bold **",
        "** 不粗 **",
        "前文** 不粗**后文",
        "2*3*4",
        "snake_case_word",
        "下划_线_里面",
        "_强调_",
        "a**b**c",
        'a**"b"**c',
        "**bold.** after",
        "*em*, **strong**; __both__",
        "a*(b)*c",
        "***x** y*",
        "$**5**",
        "**a**🙂",
        "🙂**a!**b",
        "foo__bar__baz",
        "(**bold**)",
        "\u00a0**a**\u00a0",
    ],
)
def test_emphasis_without_chinese_neighbours_is_commonmark(text: str) -> None:
    assert inline(text) == MarkdownIt("commonmark", {"html": False}).renderInline(text)


@pytest.mark.parametrize(
    "around",
    [
        "**{{ a.b@2017 }}**人",
        "用户**{{ a.b@2017 }}**",
        "a**{{ a.b@2017 }}**b",
        "**{{ a.b@2017 }}**.",
    ],
)
def test_token_counts_as_a_word_for_emphasis(around: str) -> None:
    types = [child.type for child in configured().parseInline(around)[0].children or ()]
    start = types.index("strong_open")
    assert types[start : start + 3] == ["strong_open", "figure", "strong_close"]


@pytest.mark.parametrize(
    ("character", "expected"),
    [
        ("中", True), ("。", True), ("，", True), ("（", True), ("「", True), ("あ", True),
        ("한", True), ("ｱ", True), ("〒", True), ("％", True), ("𠮷", True),
        ("a", False), ("%", False), (".", False), (" ", False), ("“", False), ("—", False),
        ("🙂", False), ("é", False), ("⭐", False),
    ],
)  # fmt: skip
def test_cjk_is_told_by_width_and_not_emoji(character: str, expected: bool) -> None:
    assert is_cjk(character) is expected
