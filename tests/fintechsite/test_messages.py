"""Translations: found in code and templates, compiled when stale, missing ones named."""

import gettext
import os
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from fintechsite import messages

PO = """\
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Cases"
msgstr "案例"

msgid "Series"
msgstr ""
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project: one module, one template, a catalogue with one text missing."""
    catalogue = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(PO)
    module = tmp_path / "cases" / "views.py"
    module.parent.mkdir()
    module.write_text(
        'title = gettext_lazy("Cases")\nother = pgettext("menu", "Home")\n'
        'said = Phrase("at most %(most)s", most=Phrase("two"))\n'
    )
    template = tmp_path / "cases" / "templates" / "page.html"
    template.parent.mkdir()
    template.write_text("<p>it's\n   {% translate 'Series' %}</p>\n")
    monkeypatch.setattr(messages, "BASE_DIR", tmp_path)
    monkeypatch.setattr(messages, "CATALOGUE", catalogue)
    return tmp_path


def test_stale_catalogue_is_compiled_and_a_fresh_one_is_left(project: Path) -> None:
    locale = project / "locale"
    (compiled,) = messages.compile_catalogues([locale])
    with compiled.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Cases") == "案例"
    assert messages.compile_catalogues([locale]) == []
    os.utime(compiled, (0, 0))
    assert messages.compile_catalogues([locale]) == [compiled]


def test_messages_of_code_and_templates_are_collected(project: Path) -> None:
    found = {(each.id, each.context) for each in messages.collected() if each.id}
    said = {("at most %(most)s", None), ("two", None)}
    assert found == {("Cases", None), ("Home", "menu"), ("Series", None), *said}


def test_messages_without_a_text_are_named_with_their_file(project: Path) -> None:
    assert messages.missing() == [
        "cases/views.py: 'Home'",
        "cases/views.py: 'at most %(most)s'",
        "cases/views.py: 'two'",
        "cases/templates/page.html: 'Series'",
    ]


def test_update_keeps_texts_and_adds_what_is_new(project: Path) -> None:
    messages.update()
    text = messages.CATALOGUE.read_text()
    assert 'msgid "Cases"\nmsgstr "案例"' in text
    assert 'msgctxt "menu"\nmsgid "Home"\nmsgstr ""' in text
    messages.update()
    assert messages.CATALOGUE.read_text() == text


def test_texts_take_no_values_that_their_messages_do_not_have() -> None:
    """Such a text would fail only when somebody meets it, in Chinese."""
    with messages.CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    wrong = [
        message.id
        for message in catalogue
        if message.id and not values(message.string) <= values(message.id)
    ]
    assert wrong == []


def values(texts: str | tuple[str, ...]) -> set[str]:
    texts = texts if isinstance(texts, str) else " ".join(texts)
    return set(re.findall(r"%\([a-z_]+\)[a-z]", texts))
