"""Unsaved words in the admin: kept by script, offered, restored, discarded, cleared by a save."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import CaseText, Draft
from cases.services.texts import save_revision
from tests.cases.admin.conftest import BODY
from tests.metrics.admin.forms import faults, fill_in, said, shown
from tests.metrics.admin.staff import browser_of
from tests.metrics.factories import NOW

pytestmark = pytest.mark.django_db


def page_of(text: CaseText) -> str:
    return reverse("admin:cases_casetext_change", args=[text.pk])


def keep(browser: Client, text: CaseText, **given: Any) -> Any:
    words = {"title": "微众银行", "standfirst": "", "body": "新的话。", "seen": "1"} | given
    url = reverse("admin:cases_casetext_draft", args=[text.pk])
    return browser.post(url, words, headers={"accept": "application/json"})


def test_kept_words_are_offered_restored_and_cleared_by_a_save(
    author: Client, text: CaseText
) -> None:
    told = keep(author, text, body="新的话。\r\n", note="改").json()
    assert told["known"] == Draft.objects.get().mark
    assert ":" in told["at"]
    page = author.get(page_of(text))
    assert "You have unsaved words of" in page.content.decode()
    assert shown(page)["body"] == BODY
    restored = author.get(page_of(text), {"draft": "restore"})
    assert shown(restored)["body"] == "新的话。\r\n"
    assert shown(restored)["note"] == "改"
    assert f'data-known="{told["known"]}"' in restored.content.decode()
    assert author.post(page_of(text), shown(restored) | {"_save": "1"}).status_code == 302
    assert text.revisions.get(number=2).body == "新的话。\n"
    assert not Draft.objects.exists()


def test_save_beside_undecided_words_leaves_them(author: Client, text: CaseText) -> None:
    keep(author, text)
    fill_in(author, page_of(text), body="另外的话。")
    assert Draft.objects.get().body == "新的话。"
    page = author.get(page_of(text)).content.decode()
    assert "Revision 2 by author was saved since you began them" in page


def test_refused_save_keeps_the_offer_open(author: Client, text: CaseText) -> None:
    keep(author, text)
    answer = fill_in(author, page_of(text), body="{{ x }}")
    assert "body" in faults(answer)
    assert "You have unsaved words of" in answer.content.decode()


def test_refused_save_goes_on_with_the_words_of_this_window(author: Client, text: CaseText) -> None:
    data = shown(author.get(page_of(text)))
    known = keep(author, text, body="{{ x }}").json()["known"]
    page = author.post(page_of(text), data | {"body": "{{ x }}"}).content.decode()
    assert "You have unsaved words of" not in page
    assert f'data-known="{known}"' in page


def test_words_equal_to_the_saved_ones_are_not_offered(author: Client, text: CaseText) -> None:
    known = keep(author, text).json()["known"]
    save_revision(text, title="微众银行", standfirst="", body="新的话。\n", actor=None, now=NOW)
    page = author.get(page_of(text)).content.decode()
    assert "You have unsaved words of" not in page
    assert f'data-known="{known}"' in page


def test_words_are_discarded_by_a_plain_form_and_by_script(author: Client, text: CaseText) -> None:
    url = reverse("admin:cases_casetext_draft", args=[text.pk])
    known = keep(author, text).json()["known"]
    answer = author.post(url, {"discard": "1", "known": known})
    assert answer["Location"] == page_of(text)
    assert "Your unsaved words are discarded." in said(answer)
    known = keep(author, text).json()["known"]
    assert keep(author, text, discard="1", known=known).json() == {"known": "", "at": ""}
    assert not Draft.objects.exists()


def test_words_are_seen_by_their_author_only(
    author: Client, publisher: Client, text: CaseText
) -> None:
    keep(author, text)
    page = publisher.get(page_of(text), {"draft": "restore"})
    assert shown(page)["body"] == BODY
    assert "You have unsaved words" not in publisher.get(page_of(text)).content.decode()


def test_other_window_and_too_much_are_told(author: Client, text: CaseText) -> None:
    keep(author, text)
    answer = keep(author, text)
    assert answer.status_code == 409
    assert "Other unsaved words of yours" in answer.json()["message"]
    answer = keep(author, text, body="x" * 100_001)
    assert (answer.status_code, "too long" in answer.json()["message"]) == (400, True)
    assert keep(author, text, body="a\x00b", known=Draft.objects.get().mark).status_code == 200


def test_who_may_not_write_keeps_nothing(text: CaseText) -> None:
    assert keep(browser_of("nobody"), text).status_code == 403
    assert keep(Client(), text).status_code == 302
    assert not Draft.objects.exists()


def test_only_words_of_a_text_that_stands_are_kept(author: Client, text: CaseText) -> None:
    url = reverse("admin:cases_casetext_draft", args=[text.pk])
    assert author.get(url).status_code == 405
    unknown = reverse("admin:cases_casetext_draft", args=[999_999])
    assert author.post(unknown, follow=True).status_code == 404
