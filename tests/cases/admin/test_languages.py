"""The languages of cases side by side, and what changed since a translation was made."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from cases.models import Case, CaseText, Revision
from cases.selectors.languages import source_changes, translation_of
from cases.services.texts import publish_revision, save_revision
from tests.cases.views.reading import plain
from tests.cases.views.test_queries import queries
from tests.metrics.admin.forms import faults
from tests.metrics.admin.forms import shown as fields
from tests.metrics.admin.staff import browser_of, log_in
from tests.metrics.factories import NOW

pytestmark = pytest.mark.django_db
TABLE = "/admin/cases/casetext/languages/"


def address(text: CaseText) -> str:
    return reverse("admin:cases_casetext_source", args=[text.pk])


def form_of(text: CaseText) -> str:
    return reverse("admin:cases_casetext_change", args=[text.pk])


def shown(browser: Client, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return plain(answer.content.decode().partition('id="content"')[2])


def save(text: CaseText, body: str, **facts: Any) -> Revision:
    given = {"title": "T", "standfirst": "", "actor": None, "now": NOW}
    return save_revision(text, body=body, **(given | facts))


def make_pair(slug: str) -> tuple[CaseText, CaseText]:
    """A Chinese text that is live, and an English one that follows it and lags by one."""
    case = Case.objects.create(slug=slug)
    source = CaseText.objects.create(case=case, language="zh-hans")
    first = save(source, "甲。\n\n乙。\n")
    publish_revision(first, actor=None, now=NOW)
    translation = CaseText.objects.create(case=case, language="en")
    save(translation, "A.\n", source=first)
    save(source, "甲。\n\n丙。\n")
    return source, translation


@pytest.fixture
def pair() -> tuple[CaseText, CaseText]:
    return make_pair("webank")


def test_table_shows_each_language_and_which_lags(
    author: Client, pair: tuple[CaseText, CaseText]
) -> None:
    Case.objects.create(slug="empty")
    told = shown(author, TABLE)
    assert "webank 简体中文 draft Readers see revision 1 of 2026-11-23." in told
    assert "The latest is revision 2 of 2026-11-23 The other language" in told
    assert "The other language follows it." in told
    assert "English draft Readers do not see it. The latest is revision 1 of 2026-11-23" in told
    assert "Lags: follows revision 1 of 2" in told
    assert "empty 简体中文 no text English no text" in told
    lagging = shown(author, f"{TABLE}?lags=1")
    assert "webank" in lagging
    assert "empty" not in lagging


def test_translation_in_step_does_not_lag(author: Client, pair: tuple[CaseText, CaseText]) -> None:
    source, translation = pair
    answer = author.post(address(translation), {"number": 2}, follow=True)
    assert "in step with revision 2" in answer.content.decode()
    assert "In step with revision 2" in shown(author, TABLE)
    assert "Every translation is in step." in shown(author, f"{TABLE}?lags=1")
    assert translation.acts.filter(kind="followed", actor__username="author").exists()
    author.post(address(translation), {"nothing": 1})
    assert "Follows no other text" in shown(author, TABLE)
    assert translation.revisions.count() == 1
    assert source.revisions.count() == 2


def test_readers_of_the_source_ahead_are_told_of(
    author: Client, pair: tuple[CaseText, CaseText]
) -> None:
    source, translation = pair
    publish_revision(translation.revisions.get(), actor=None, now=NOW)
    assert "Readers there have" not in shown(author, TABLE)
    publish_revision(source.revisions.get(number=2), actor=None, now=NOW)
    assert "Readers there have revision 2 already." in shown(author, TABLE)


def test_page_of_a_translation_shows_what_changed_in_its_source(
    author: Client, pair: tuple[CaseText, CaseText]
) -> None:
    source, translation = pair
    told = shown(author, address(translation))
    assert "It follows revision 1 of the text in 简体中文; the latest there is 2." in told
    assert "up to the latest (revision 2)" in told
    assert "[removed: 乙 ] [added: 丙 ]" in told
    assert "up to what readers see" not in told  # they see the one it follows
    publish_revision(source.revisions.get(number=2), actor=None, now=NOW)
    save(source, "丁。\n")
    told = shown(author, address(translation))
    assert "up to what readers see (revision 2)" in told
    assert "up to the latest (revision 3)" in told
    assert "The text in English follows this one." in shown(author, address(source))


def test_text_alone_has_nothing_to_follow(author: Client) -> None:
    text = CaseText.objects.create(case=Case.objects.create(slug="alone"), language="en")
    save(text, "A.\n")
    assert "Nothing is written in another language." in shown(author, address(text))
    assert author.post(address(text), {"number": 1}, follow=True).status_code == 404
    assert "follows" not in fields(author.get(form_of(text)))


@pytest.mark.parametrize(("choice", "follows"), [("", 1), ("2", 2), ("none", None)])
def test_save_says_what_the_words_follow(
    author: Client, pair: tuple[CaseText, CaseText], choice: str, follows: int | None
) -> None:
    _source, translation = pair
    page = author.get(form_of(translation))
    assert "1 revision that this one does not follow yet" in page.content.decode()
    data = fields(page)
    assert data.get("follows", "") == ""  # unchanged, unless chosen
    answer = author.post(form_of(translation), data | {"body": "B.", "follows": choice})
    assert answer.status_code == 302
    latest = translation.revisions.get(number=2)
    source = latest.source_revision
    assert (source.number if source else None) == follows
    assert "does not follow yet" in author.get(form_of(translation)).content.decode() or choice


def test_choice_without_new_words_counts_too(
    author: Client, pair: tuple[CaseText, CaseText]
) -> None:
    _source, translation = pair
    data = fields(author.get(form_of(translation)))
    author.post(form_of(translation), data | {"follows": "2"})
    assert translation.revisions.get().source_revision_id is not None
    assert translation_of(translation).newer == 0


@pytest.mark.parametrize("choice", ["7", "x", "1" * 9])
def test_revision_that_is_not_there_is_refused(
    author: Client, pair: tuple[CaseText, CaseText], choice: str
) -> None:
    _source, translation = pair
    data = fields(author.get(form_of(translation))) | {"body": "B.", "follows": choice}
    answer = author.post(form_of(translation), data)
    assert "There is no such revision" in faults(answer)["follows"]
    assert translation.revisions.count() == 1


def test_source_is_offered_nothing_and_a_new_translation_the_latest(
    author: Client, pair: tuple[CaseText, CaseText]
) -> None:
    source, translation = pair
    data = fields(author.get(form_of(source)))
    assert "follows" not in data
    answer = author.post(form_of(source), data | {"body": "B.", "follows": "1"})
    assert "There is no such revision" in faults(answer)["follows"]
    translation.revisions.all().delete()
    assert fields(author.get(form_of(translation)))["follows"] == "2"


@pytest.mark.parametrize("role", ["nobody", "Author", "Editor", "Publisher"])
def test_roles_read_and_say_and_nobody_does(pair: tuple[CaseText, CaseText], role: str) -> None:
    _source, translation = pair
    browser = browser_of(role)
    expected = 403 if role == "nobody" else 200
    assert browser.get(TABLE).status_code == expected
    assert browser.get(address(translation)).status_code == expected
    answer = browser.post(address(translation), {"number": 2})
    assert answer.status_code == (403 if role == "nobody" else 302)
    assert translation_of(translation).newer == (1 if role == "nobody" else 0)


def test_who_only_reads_says_nothing(pair: tuple[CaseText, CaseText]) -> None:
    _source, translation = pair
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_casetext"))
    browser = log_in(User.objects.get(pk=user.pk))
    assert "Now in step" not in shown(browser, address(translation))
    assert browser.post(address(translation), {"number": 2}).status_code == 403
    assert Client().post(address(translation), {"number": 2}).status_code == 302
    assert translation_of(translation).newer == 1


def test_first_page_counts_what_lags(author: Client, pair: tuple[CaseText, CaseText]) -> None:
    panels = {one.panel.key: one for one in author.get("/admin/").context["panels"]}
    panel = panels["lagging"]
    assert panel.summary.count == 1
    assert panel.url == f"{TABLE}?lags=1"
    (line,) = panel.summary.lines
    assert (line.text, line.key, line.note) == ("webank (en)", pair[1].pk, "#1 → #2")


def test_twenty_cases_cost_as_many_queries_as_one(
    author: Client, pair: tuple[CaseText, CaseText], django_assert_num_queries: Any
) -> None:
    one = {url: queries(author, url) for url in (TABLE, f"{TABLE}?lags=1", "/admin/")}
    for number in range(20):
        make_pair(f"case-{number}")
    assert {url: queries(author, url) for url in one} == one
    with django_assert_num_queries(4):
        source_changes(pair[1])
    with django_assert_num_queries(3):
        translation_of(pair[1])
