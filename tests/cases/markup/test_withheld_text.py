"""Plain text of blocks in which a sentence holds no longer."""

import pytest

from cases.markup.pen import Withheld
from cases.markup.render import plain_line, plain_text, plain_title
from cases.markup.sentences import key_of, key_of_line
from tests.cases.markup.figures import TableResolver

FALSE = 'It [doubled]{if="a.b@2018 > 100"} to {{ c.d@2018 }}.'
THEN = Withheld("It doubled to 6 m.", "As of 3 May 2026", "/en/series/a.b/")
NEVER = Withheld("", "Not borne out by the data", "")


def text_of(source: str, withheld: Withheld, language: str = "en", key: str = key_of(FALSE)) -> str:
    return plain_text(source, language=language, resolver=TableResolver(), withheld={key: withheld})


def test_words_that_held_stand_for_the_sentence() -> None:
    source = f"Before it. {FALSE} After it.\n\nAnother block."
    assert text_of(source, THEN) == "Before it. It doubled to 6 m. After it.\nAnother block."


def test_words_that_never_held_are_left_as_they_are() -> None:
    said = text_of(FALSE, NEVER)
    assert said.startswith("It doubled to")
    assert said != THEN.words


@pytest.mark.parametrize(("language", "between"), [("en", " "), ("zh-hans", "")])
def test_line_end_after_it_is_a_space_in_english_alone(language: str, between: str) -> None:
    source = f"{FALSE}\nAfter it."
    assert text_of(source, THEN, language) == f"It doubled to 6 m.{between}After it."


def test_exhibit_and_standfirst_are_no_exception() -> None:
    caption = 'Users [rose]{if="a.b@2018 > 1"}'
    source = f"```callout\ntitle: '{caption}'\ntext: '{FALSE}'\n```\n"
    withheld = {key_of(FALSE): THEN, key_of_line(caption): Withheld("Users rose then", "", "")}
    said = plain_text(source, language="en", resolver=TableResolver(), withheld=withheld)
    assert said == "Users rose then\nIt doubled to 6 m."
    line = plain_line(FALSE, language="en", resolver=TableResolver(), withheld=withheld)
    assert line == THEN.words


def test_title_is_one_sentence() -> None:
    title = 'One. Users [rose]{if="a.b@2018 > 1"}'
    withheld = {key_of_line(title): Withheld("One. Users rose then", "", "")}
    assert plain_title(title, language="en", resolver=TableResolver(), withheld=withheld) == (
        "One. Users rose then"
    )
