"""Whoever asks, what is not live is not found; what is live is found at once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils.translation import override

from cases.models import Case, CaseText, PassageRedaction, SearchDocument
from cases.services.redacting import ask_passage_redaction, redact_passage
from cases.services.roles import ensure_roles
from cases.services.texts import publish_revision, save_revision, stage_text
from cases.services.workflow import take_step
from metrics.models import Change, ImportBatch, Release
from metrics.participants import participants
from metrics.services.imports.publishing import publish_import
from metrics.services.publishing import publish_release
from metrics.services.scheduling import publish_due, schedule_release
from tests.cases.views.reading import page, words
from tests.metrics.admin.staff import log_in, make_staff
from tests.metrics.factories import NOW, EntityFactory
from tests.metrics.services.imports.conftest import checked, make_layout, private_files

pytestmark = pytest.mark.django_db
__all__ = ["private_files"]
READERS = ("nobody", "Author", "Editor", "Publisher", "superuser")
STEPS = ("draft", "in-review", "approved", "staged", "scheduled")
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest) -> Client:
    ensure_roles()
    if request.param == "nobody":
        return Client()
    if request.param == "superuser":
        return log_in(User.objects.create_superuser("root"))
    return log_in(make_staff(request.param))


def results(reader: Client, asked: str) -> str:
    """The words of what is found; the form names the query itself."""
    listed = page(reader, f"/en/search/?q={asked}").partition('<ol class="search-list')[2]
    return words(f"<main>{listed}")


def written(step: str) -> Release:
    """A text about giraffes that got as far as that; the release that would publish it."""
    case = Case.objects.create(slug="zoo")
    text = CaseText.objects.create(case=case, language="en")
    revision = save_revision(
        text, title="Giraffes", standfirst="", body="Giraffes.\n", actor=None, now=NOW
    )
    release = Release.objects.create(title_en="Zoo", kind="new", created_at=NOW)
    state = "approved" if step == "staged" else step
    CaseText.objects.filter(pk=text.pk).update(state=state)
    if step in ("staged", "scheduled"):
        stage_text(release, revision)
    if step == "scheduled":
        schedule_release(release, at=LATER, actor=None, now=NOW)
    return release


@pytest.mark.parametrize("step", STEPS)
def test_text_that_is_not_live_is_never_found(reader: Client, step: str) -> None:
    release = written(step)
    call_command("rebuild_search", verbosity=0)
    assert results(reader, "giraffe") == ""
    if step == "scheduled":
        publish_due(now=LATER)
    else:
        stage_text(release, CaseText.objects.get().revisions.get())
        publish_release(release, actor=None, now=NOW)
    assert "Giraffes" in results(reader, "giraffe")


def test_archived_text_is_found_no_more(reader: Client) -> None:
    release = written("staged")
    publish_release(release, actor=None, now=NOW)
    publisher = User.objects.create_superuser("archivist")
    take_step(CaseText.objects.get(), "archived", actor=publisher, now=NOW, note="Wrong")
    assert results(reader, "giraffe") == ""


def test_redacted_sentence_is_found_no_more(reader: Client) -> None:
    publish_release(written("staged"), actor=None, now=NOW)
    text = CaseText.objects.get()
    body = "Giraffes. Its founder lives at 5 Elm Street.\n"
    revision = save_revision(text, title="Giraffes", standfirst="", body=body, actor=None, now=NOW)
    publish_revision(revision, actor=None, now=NOW)
    assert "Elm Street" in results(reader, "elm")
    first, second = (User.objects.create_superuser(name) for name in ("first", "second"))
    redaction = PassageRedaction(
        text=text, passage="lives at 5 Elm Street", reason_zh_hans="隐私", reason_en="Privacy"
    )
    ask_passage_redaction(redaction, actor=first, now=NOW)
    redact_passage(redaction, actor=second, now=NOW)
    assert results(reader, "elm") == ""
    assert "Giraffes" in results(reader, "giraffe")


def staged_file() -> ImportBatch:
    layout = make_layout(unknown_entities="create")
    return checked(layout, "entity,period,value\nGiraffe Bank,2018,5\n")


def test_series_that_a_file_proposes_is_found_once_it_is_live(reader: Client) -> None:
    batch = staged_file()
    assert batch.proposed_series.count() == 1
    EntityFactory(slug="other")
    call_command("rebuild_search", verbosity=0)
    assert results(reader, "giraffe") == ""
    publish_import(batch, actor=None, now=NOW)
    assert "Giraffe Bank" in results(reader, "giraffe")


def test_text_is_found_in_the_transaction_that_publishes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    release = written("staged")
    [cases] = participants()
    seen: list[int] = []
    tell = cases.series_changed

    def looked(ids: set[int], change: Change) -> None:
        seen.append(SearchDocument.objects.filter(key="zoo").count())
        tell(ids, change)
        seen.append(SearchDocument.objects.filter(key="zoo").count())

    monkeypatch.setattr(cases, "series_changed", looked)
    publish_release(release, actor=None, now=NOW)
    assert seen == [0, 1]
