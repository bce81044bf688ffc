"""Unsaved words: one row a person and text, replaced only by who has seen it, bounded."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case, CaseText, Draft
from cases.services.drafts import (
    DraftElsewhereError,
    DraftTooLongError,
    clear_drafts,
    discard_draft,
    keep_draft,
)
from cases.services.texts import save_revision
from tests.metrics.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna")


@pytest.fixture
def text() -> CaseText:
    text = CaseText.objects.create(case=Case.objects.create(slug="webank"), language="en")
    save_revision(text, title="Bank", standfirst="", body="One.\n", actor=None, now=NOW)
    return text


def keep(text: CaseText, author: User, minute: int = 0, **given: Any) -> Draft | None:
    words = {"title": "Bank", "standfirst": "", "body": "Two.\n", "seen": 1, "known": ""} | given
    now = NOW + timedelta(minutes=minute)
    return keep_draft(text, author=author, now=now, **words)


def test_words_are_kept_and_replaced_by_who_knows_them(text: CaseText, anna: User) -> None:
    first = keep(text, anna)
    assert first is not None
    second = keep(text, anna, 1, body="Three.\n", known=first.mark)
    assert second is not None
    assert (Draft.objects.get().body, second.mark) == ("Three.\n", Draft.objects.get().mark)


def test_window_that_has_not_seen_them_does_not_replace_them(text: CaseText, anna: User) -> None:
    first = keep(text, anna)
    assert first is not None
    keep(text, anna, 1, body="Three.\n", known=first.mark)
    for known in ("", first.mark, "nonsense", "2026-11-23T08:00:00"):
        with pytest.raises(DraftElsewhereError):
            keep(text, anna, 2, body="Four.\n", known=known)
    assert Draft.objects.get().body == "Three.\n"


def test_words_that_were_cleared_meanwhile_are_kept_anew(text: CaseText, anna: User) -> None:
    first = keep(text, anna)
    assert first is not None
    clear_drafts(text, author=anna)
    assert keep(text, anna, 1, known=first.mark) is not None


def test_everybody_has_words_of_their_own(text: CaseText, anna: User) -> None:
    keep(text, anna)
    keep(text, User.objects.create_user("bert"), body="Bert's.\n")
    assert Draft.objects.count() == 2


def test_saved_words_need_no_keeping(text: CaseText, anna: User) -> None:
    first = keep(text, anna)
    assert first is not None
    assert keep(text, anna, 1, title=" Bank ", body="One.\r\n\r\n", known=first.mark) is None
    assert not Draft.objects.exists()


def test_empty_text_without_a_revision_needs_no_keeping(anna: User) -> None:
    text = CaseText.objects.create(case=Case.objects.create(slug="new"), language="en")
    assert keep(text, anna, title="", body="\n", seen=0) is None
    assert keep(text, anna, title="T", body="", seen=0) is not None


@pytest.mark.parametrize(
    ("field", "most"), [("body", 100_000), ("standfirst", 100_000), ("title", 300), ("note", 300)]
)
def test_more_than_is_kept_is_refused(text: CaseText, anna: User, field: str, most: int) -> None:
    with pytest.raises(DraftTooLongError):
        keep(text, anna, **{field: "x" * (most + 1)})
    assert keep(text, anna, **{field: "x" * most}) is not None


def test_bound_holds_in_the_database_too(text: CaseText, anna: User) -> None:
    with pytest.raises(IntegrityError, match="draft_is_bounded"):
        Draft.objects.create(text=text, author=anna, body="x" * 100_001, saved_at=NOW)


def test_discarding_needs_the_mark(text: CaseText, anna: User) -> None:
    draft = keep(text, anna)
    assert draft is not None
    assert not discard_draft(text, author=anna, known="")
    assert discard_draft(text, author=anna, known=draft.mark)
    assert not Draft.objects.exists()


def test_save_clears_all_but_what_waits_for_a_decision(text: CaseText, anna: User) -> None:
    draft = keep(text, anna)
    assert draft is not None
    clear_drafts(text, author=anna, but=draft.mark)
    assert Draft.objects.exists()
    clear_drafts(text, author=User.objects.create_user("bert"))
    assert Draft.objects.exists()
    clear_drafts(text, author=anna)
    assert not Draft.objects.exists()


def test_keeping_is_cheap(text: CaseText, anna: User) -> None:
    first = keep(text, anna)
    assert first is not None
    with CaptureQueriesContext(connection) as captured:
        keep(text, anna, 1, body="Three.\n", known=first.mark)
    assert len(captured) == 3
