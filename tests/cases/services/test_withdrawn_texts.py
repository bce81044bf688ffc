"""Texts of a withdrawn release go back to what readers saw before."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.models import CaseText, Drift, Publication, Revision
from cases.services.composing import add_text
from cases.services.texts import publish_revision, save_revision
from cases.services.workflow import take_step
from metrics.models import Change, Release, Series
from metrics.services.composing import add_value, compose_release
from metrics.services.publishing import publish_release
from metrics.services.withdrawing import WithdrawalError, withdraw_release, withdrawal_blocks
from tests.cases.conftest import publish_case
from tests.cases.services.test_composing import in_english, publisher
from tests.metrics.factories import NOW, SourceFactory, make_series, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
__all__ = ["in_english", "publisher"]
REASON = {"en": "by mistake"}
PAGE = "/en/cases/webank/"


@pytest.fixture
def users() -> Series:
    series = make_series("webank.users")
    publish((series, "2017", "5,000万"), (series, "2018", "6,000万"))
    return series


@pytest.fixture
def text(users: Series) -> CaseText:
    publish_case("webank", languages=("en",))
    return CaseText.objects.get(case__slug="webank")


def edition(text: CaseText, body: str, users: Series, actor: User) -> Release:
    """A release of new words with a corrected value."""
    save_revision(text, title="Second", standfirst="", body=body, actor=None, now=NOW)
    CaseText.objects.filter(pk=text.pk).update(state="approved")
    text.refresh_from_db()
    words = {"zh-hans": "二", "en": "Second edition"}
    release = compose_release(title=words, reason=REASON, kind="correction", actor=actor, now=NOW)
    add_text(release, text, actor=actor)
    add_value(
        release, series=users, period="2018", source=SourceFactory(), stated="7,000万", actor=actor
    )
    publish_release(release, actor=actor, now=NOW)
    return release


def withdraw(release: Release, actor: User) -> Change:
    return withdraw_release(release, reason=REASON, actor=actor, now=NOW)


def state_of(text: CaseText) -> str:
    text.refresh_from_db()
    return text.state


def live(text: CaseText) -> Revision | None:
    found = Publication.objects.current().filter(text=text).first()
    return found.revision if found else None


def html() -> str:
    return str(Client().get(PAGE).content.decode())


def test_text_and_value_go_back_together(users: Series, text: CaseText, publisher: User) -> None:
    before = html()
    release = edition(text, "Now {{ webank.users@2018 }}.\n", users, publisher)
    assert "70 million" in html()
    change = withdraw(release, publisher)
    after = html()
    for told in ("Title of webank", "60 million"):
        assert told in before
        assert told in after
    found = live(text)
    assert found is not None
    assert found.number == 1
    assert Publication.objects.get(text=text, seq_to=None).seq_from == change.seq
    assert state_of(text) == "draft"
    acts = list(text.acts.order_by("id").values_list("kind", "revision__number"))
    assert acts[-2:] == [("reopened", 2), ("published", 1)]


def test_words_written_since_stay_what_they_are(
    users: Series, text: CaseText, publisher: User
) -> None:
    release = edition(text, "Now.\n", users, publisher)
    save_revision(text, title="Third", standfirst="", body="x\n", actor=publisher, now=NOW)
    CaseText.objects.filter(pk=text.pk).update(state="in-review")
    withdraw(release, publisher)
    assert state_of(text) == "in-review"


def test_first_words_are_taken_from_readers(text: CaseText, publisher: User) -> None:
    release = Publication.objects.get(text=text).release
    assert Client().get(PAGE).status_code == 200
    withdraw(release, publisher)
    assert live(text) is None
    assert state_of(text) == "archived"
    assert Client().get(PAGE).status_code == 404
    assert text.acts.latest("id").note == "by mistake"


def test_text_taken_from_readers_comes_back(text: CaseText, publisher: User) -> None:
    release = take_step(text, "archived", actor=publisher, now=NOW, note="wrong")
    assert release is not None
    withdraw(release, publisher)
    assert live(text) is not None
    assert state_of(text) == "published"


def test_text_published_since_refuses(users: Series, text: CaseText, publisher: User) -> None:
    first = Publication.objects.get(text=text).release
    edition(text, "Now.\n", users, publisher)
    words = f"“{text}” was published or taken from readers since."
    assert withdrawal_blocks(first) == [words]
    with pytest.raises(WithdrawalError):
        withdraw(first, publisher)


def test_withdrawn_withdrawal_shows_the_words_again(
    users: Series, text: CaseText, publisher: User
) -> None:
    release = edition(text, "Now {{ webank.users@2018 }}.\n", users, publisher)
    back = withdraw(release, publisher)
    assert back.release is not None
    withdraw(back.release, publisher)
    assert "Now" in html()
    assert "70 million" in html()


def test_words_that_were_read_before_are_published_without_approval(
    users: Series, text: CaseText, publisher: User
) -> None:
    """A revision published by the system, then by a person's withdrawal."""
    release = edition(text, "Now.\n", users, publisher)
    withdraw(release, publisher)
    latest = text.revisions.order_by("-number")[:1].get()
    assert publish_revision(latest, actor=publisher, now=NOW).state == "published"


def test_words_that_come_back_false_stand_as_they_last_did(
    users: Series, text: CaseText, publisher: User
) -> None:
    claim = 'It has [few users]{if="webank.users@2018 < 66000000"}.\n'
    first = save_revision(text, title="First", standfirst="", body=claim, actor=None, now=NOW)
    publish_revision(first, actor=None, now=NOW)
    publish((users, "2018", "7,100万"), kind="correction", now=NOW)
    assert '<span class="withheld__words">It has few users.</span>' in html()
    save_revision(text, title="Second", standfirst="", body="Gone.\n", actor=None, now=NOW)
    second = publish_revision(text.revisions.latest("number"), actor=None, now=NOW)
    assert not Drift.objects.filter(state="open").exists()
    withdraw(second, publisher)
    assert '<span class="withheld__words">It has few users.</span>' in html()
    row = Drift.objects.get(state="open")
    assert (row.kind, row.text) == ("false", text)
