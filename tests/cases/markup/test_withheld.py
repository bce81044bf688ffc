"""Sentences that hold no longer: others stand for them, dated and linked; the block stays."""

from cases.markup.pen import Withheld
from cases.markup.render import plain_text, render_parsed, render_text
from cases.markup.sentences import key_of, key_of_line
from cases.markup.text import Text, parse_text
from tests.cases.markup.figures import TableResolver

FALSE = 'It [more than doubled]{if="a.b@2018 > 100"} to {{ c.d@2018 }}.'
BODY = f"Before it. {FALSE} **After** it.\n\nAnother block.\n"
THEN = Withheld("It more than doubled to 6 <m>.", "As of 3 May 2026", "/en/series/a.b/")


def rendered(title: str = "A title", withheld: Withheld = THEN, key: str = key_of(FALSE)) -> str:
    text = Text(title, "", BODY)
    page = render_parsed(
        text,
        parse_text(text),
        language="en",
        resolver=TableResolver(),
        withheld={key: withheld},
    )
    return page.title_html + page.body_html


def test_sentence_is_replaced_by_its_last_true_words() -> None:
    html = rendered()
    assert html.partition("<p>")[2] == (
        'Before it. <span class="withheld"><span class="withheld__words">It more than doubled to 6 '
        '&lt;m&gt;.</span> <a class="withheld__flag" href="/en/series/a.b/">As of 3 May 2026</a>'
        "</span> <strong>After</strong> it.</p>\n<p>Another block.</p>\n"
    )


def test_sentence_that_never_held_is_shown_as_it_is_with_the_flag() -> None:
    html = rendered(withheld=Withheld("", "Not borne out by the data", "/en/series/a.b/"))
    assert "It more than doubled to" in html
    assert "Not borne out by the data" in html
    assert 'class="figure"' in html


def test_title_is_one_sentence() -> None:
    title = 'Users [rose]{if="a.b@2018 > 1"}'
    html = rendered(title, key=key_of_line(title))
    assert html.startswith('<span class="withheld"><span class="withheld__words">It more')


def test_words_alone_are_shown_where_all_holds() -> None:
    page = render_text("[Rose]{if=\"a.b@2018 > 1\"}", "", BODY, language="en",
                       resolver=TableResolver())  # fmt: skip
    assert page.title_html == page.title_text == "Rose"
    assert "It more than doubled to" in page.body_html
    assert "{if" not in page.body_html


def test_plain_text_says_as_much_as_the_page() -> None:
    def plain(language: str, withheld: Withheld) -> str:
        found = {key_of(FALSE): withheld}
        return plain_text(BODY, language=language, resolver=TableResolver(), withheld=found)

    assert plain("en", THEN) == (
        "Before it. It more than doubled to 6 <m>. (As of 3 May 2026) After it.\nAnother block."
    )
    assert "It more than doubled to 6 <m>.（As of 3 May 2026）" in plain("zh-hans", THEN)
    never_held = plain("en", Withheld("", "Not borne out by the data", ""))
    assert "It more than doubled to " in never_held
    assert ". (Not borne out by the data) After it." in never_held


def test_description_of_a_page_is_flagged_too() -> None:
    text = Text("A title", FALSE, "")
    page = render_parsed(
        text,
        parse_text(text),
        language="en",
        resolver=TableResolver(),
        withheld={key_of(FALSE): THEN},
    )
    assert page.standfirst_text == "It more than doubled to 6 <m>. (As of 3 May 2026)"
