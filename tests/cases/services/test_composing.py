"""Texts in releases: approved ones only, each in one, live together with the data."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import translation

from cases.models import CaseText, Publication, Revision
from cases.services.composing import add_text, take_text_out
from cases.services.texts import NotApprovedError
from cases.services.workflow import StepError, take_step
from metrics.models import Release
from metrics.participants import RefusedError
from metrics.parts import blocks_of, parts_of
from metrics.services.composing import CompositionError, add_value, compose_release
from metrics.services.gathering import gather
from metrics.services.publishing import publish_release
from tests.cases.conftest import write
from tests.metrics.factories import NOW, SourceFactory, make_series, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def approved(slug: str = "webank") -> CaseText:
    text = write(slug).text
    CaseText.objects.filter(pk=text.pk).update(state="approved")
    text.refresh_from_db()
    return text


def release_of(actor: User | None = None) -> Release:
    words = {"zh-hans": "发布", "en": "A release"}
    return compose_release(title=words, reason={}, kind="new", actor=actor, now=NOW)


@pytest.fixture
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def publisher() -> User:
    return User.objects.create_superuser("root")


def test_text_and_value_go_live_with_one_change(publisher: User) -> None:
    series, text, release = make_series("webank.users"), approved(), release_of(publisher)
    add_text(release, text, actor=publisher)
    add_value(
        release, series=series, period="2018", source=SourceFactory(), stated="1", actor=publisher
    )
    assert blocks_of(release) == ()
    change = publish_release(release, actor=publisher, now=NOW)
    live = Publication.objects.current().get(text=text)
    assert live.seq_from == change.seq == series.observations.get().seq_from
    text.refresh_from_db()
    assert text.state == "published"


def test_only_approved_texts_are_put_in_and_each_once(publisher: User) -> None:
    draft = write("draft").text
    with pytest.raises(CompositionError, match="only approved"):
        add_text(release_of(), draft, actor=publisher)
    text, release = approved(), release_of()
    add_text(release, text, actor=publisher)
    with pytest.raises(CompositionError, match="stands in the release “A release”"):
        add_text(release_of(), text, actor=publisher)


def test_text_in_a_release_goes_no_other_way(publisher: User) -> None:
    publish((make_series("webank.users"), "2018", "超过6,000万"))
    text, release = approved(), release_of()
    item = add_text(release, text, actor=publisher)
    for step in ("published", "reopened"):
        with pytest.raises(StepError, match="take it out there first"):
            take_step(text, step, actor=publisher, now=NOW, note="so")
    take_text_out(release, item, actor=publisher)
    assert take_step(text, "published", actor=publisher, now=NOW) is not None


def test_texts_are_gathered_with_their_release(publisher: User) -> None:
    text, release, other = approved(), release_of(), release_of()
    add_text(other, text, actor=publisher)
    gather(release, other, actor=publisher)
    assert [item.revision.text for item in release.texts.all()] == [text]


def test_same_text_of_two_releases_is_not_gathered(publisher: User) -> None:
    text, release, other = approved(), release_of(), release_of()
    item = add_text(other, text, actor=publisher)
    release.texts.create(revision=item.revision)
    with pytest.raises(CompositionError, match="Both releases hold"):
        gather(release, other, actor=publisher)


def test_words_that_nobody_approved_block(publisher: User) -> None:
    text, release = approved(), release_of(publisher)
    item = add_text(release, text, actor=publisher)
    CaseText.objects.filter(pk=text.pk).update(state="draft")
    assert blocks_of(release) == (f"“{item.revision}” is not approved.",)
    with pytest.raises(NotApprovedError):
        publish_release(release, actor=publisher, now=NOW)


def test_what_could_be_added_is_offered(publisher: User) -> None:
    text, other, release = approved(), approved("other"), release_of()
    add_text(release_of(), other, actor=publisher)
    offers = {part.part.key: part.offered for part in parts_of(release, publisher)}
    assert [item.key for item in offers["texts"].items] == [text.pk]
    title = Revision.objects.get(text=text).title
    assert offers["texts"].items[0].label == f"{text}: {title}"


def test_author_puts_nothing_in(publisher: User) -> None:
    with pytest.raises(PermissionDenied):
        add_text(release_of(), approved(), actor=User.objects.create_user("author"))


def test_text_is_written_and_approved_for_a_value_that_waits(publisher: User) -> None:
    """Words about a new year go live with its value, and never without it."""
    series, release = make_series("webank.users"), release_of(publisher)
    text = write("webank").text
    author, editor = (User.objects.create_superuser(name) for name in ("author", "editor"))
    with pytest.raises(StepError, match="has no value for 2018"):
        take_step(text, "submitted", actor=author, now=NOW)
    publish((series, "2017", "1"))  # the text quotes 2018, and the latest
    row = add_value(
        release, series=series, period="2018", source=SourceFactory(), stated="2", actor=publisher
    )
    take_step(text, "submitted", actor=author, now=NOW)
    take_step(text, "approved", actor=editor, now=NOW)
    text.refresh_from_db()
    alone = release_of(publisher)
    item = add_text(alone, text, actor=publisher)
    with pytest.raises(RefusedError, match="has no value for 2018"):
        publish_release(alone, actor=publisher, now=NOW)
    take_text_out(alone, item, actor=publisher)
    add_text(release, text, actor=publisher)
    publish_release(release, actor=publisher, now=NOW)
    assert row.release == release
    assert Publication.objects.current().filter(text=text).exists()
