"""Texts of scheduled releases: locked, marked, published whole with the data."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from cases.models import CaseText, Publication
from cases.services.composing import add_text
from cases.services.texts import TextLockedError, save_revision
from metrics.models import Release
from metrics.participants import RefusedError
from metrics.services.composing import add_value
from metrics.services.corrections import reject_release
from metrics.services.scheduling import publish_due, schedule_release, unschedule_release
from tests.cases.services.test_composing import approved, in_english, publisher, release_of
from tests.metrics.factories import NOW, SourceFactory, make_series

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
__all__ = ["in_english", "publisher"]
LATER = NOW + timedelta(hours=1)


def scheduled(text: CaseText, actor: User) -> Release:
    """A release of a text and the value that it quotes."""
    release = release_of(actor)
    series = make_series("webank.users")
    add_text(release, text, actor=actor)
    add_value(
        release, series=series, period="2018", source=SourceFactory(), stated="1", actor=actor
    )
    schedule_release(release, at=LATER, actor=actor, now=NOW)
    return release


def state_of(text: CaseText) -> str:
    text.refresh_from_db()
    return text.state


def acts_of(text: CaseText) -> list[str]:
    return list(text.acts.order_by("id").values_list("kind", flat=True))


def test_text_is_scheduled_and_published_with_its_value(publisher: User) -> None:
    text = approved()
    scheduled(text, publisher)
    assert state_of(text) == "scheduled"
    with pytest.raises(TextLockedError):
        save_revision(text, title="", standfirst="", body="x", actor=publisher, now=NOW)
    (change,) = publish_due(LATER)
    assert state_of(text) == "published"
    assert acts_of(text) == ["saved", "scheduled", "published"]
    assert Publication.objects.get(text=text).seq_from == change.seq
    assert text.acts.get(kind="scheduled").note == LATER.isoformat()


def test_text_off_the_schedule_is_approved_as_before(publisher: User) -> None:
    text = approved()
    unschedule_release(scheduled(text, publisher), actor=publisher, now=NOW)
    assert state_of(text) == "approved"
    assert acts_of(text) == ["saved", "scheduled", "unscheduled"]


def test_text_of_a_rejected_release_is_approved_as_before(publisher: User) -> None:
    text = approved()
    reject_release(scheduled(text, publisher), actor=publisher, now=NOW)
    assert state_of(text) == "approved"


def test_another_time_is_no_further_act(publisher: User) -> None:
    text = approved()
    release = scheduled(text, publisher)
    schedule_release(release, at=LATER + timedelta(days=1), actor=publisher, now=NOW)
    assert acts_of(text) == ["saved", "scheduled"]


def test_text_that_nobody_approved_is_not_scheduled(publisher: User) -> None:
    text, release = approved(), release_of(publisher)
    add_text(release, text, actor=publisher)
    CaseText.objects.filter(pk=text.pk).update(state="draft")
    with pytest.raises(RefusedError, match="is not approved"):
        schedule_release(release, at=LATER, actor=publisher, now=NOW)
    assert state_of(text) == "draft"


def test_release_whose_text_was_loaded_over_stays_with_the_reason(publisher: User) -> None:
    text = approved()
    release = scheduled(text, publisher)
    save_revision(text, title="新", standfirst="", body="x", actor=None, now=NOW)
    assert publish_due(LATER) == []
    release.refresh_from_db()
    assert "is not approved" in release.failure_en
    assert "未经批准" in release.failure_zh_hans
    assert not Publication.objects.exists()
