"""The ledger and the queue in the admin: what is listed, what a row offers, who may."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from cases.models import Case, CaseText, Drift, LedgerEntry
from cases.services.drift import report_error
from cases.services.roles import ensure_roles
from cases.services.texts import publish_revision, save_revision
from metrics.models import Change, Series
from tests.metrics.admin.staff import make_staff
from tests.metrics.factories import NOW, make_series, publish

pytestmark = pytest.mark.django_db
BODY = """\
It had {{ webank.users@2018 }} users, in 567 cities.

Users [more than doubled]{if="webank.users@2018 > 2 * webank.users@2017"}.
"""
LIST = "/admin/cases/drift/"


@pytest.fixture
def series() -> Series:
    series = make_series("webank.users")
    publish((series, "2017", "1,001"), (series, "2018", "3,003"))
    return series


@pytest.fixture
def text(series: Series) -> CaseText:
    text = CaseText.objects.create(case=Case.objects.create(slug="webank"), language="en")
    revision = save_revision(
        text, title="WeBank", standfirst="A bank.", body=BODY, actor=None, now=NOW
    )
    publish_revision(revision, actor=None, now=NOW)
    return text


@pytest.fixture
def author() -> User:
    ensure_roles()
    return make_staff("Author")


@pytest.fixture
def staff(client: Client, author: User) -> Client:
    client.force_login(author)
    return client


def drift(series: Series) -> tuple[Drift, Drift]:
    publish((series, "2018", "1,503"), kind="correction", now=NOW + timedelta(minutes=1))
    return Drift.objects.get(kind="figures"), Drift.objects.get(kind="false")


def words(client: Client, url: str) -> str:
    answer = client.get(url, headers={"accept-language": "en"})
    assert answer.status_code == 200, answer.content
    return " ".join(answer.content.decode().split())


def act(client: Client, row: Drift, **given: str) -> str:
    answer = client.post(f"{LIST}{row.pk}/settle/", given, headers={"accept-language": "en"})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_ledger_lists_what_is_live(staff: Client, text: CaseText) -> None:
    shown = words(staff, "/admin/cases/ledgerentry/?state__exact=unbound")
    assert "567" in shown
    assert "1 claim" in shown
    entry = LedgerEntry.objects.get(printed__startswith="Users")
    assert "more than doubled" in words(staff, f"/admin/cases/ledgerentry/{entry.pk}/change/")


def test_row_shows_the_difference_and_is_accepted(
    staff: Client, text: CaseText, series: Series, author: User
) -> None:
    figures, _false = drift(series)
    assert "1,503" in words(staff, LIST)
    shown = words(staff, f"{LIST}{figures.pk}/settle/")
    assert "<del>3,003</del><ins>1,503</ins>" in shown
    assert act(staff, figures, act="accept", note="Seen.") == LIST
    figures.refresh_from_db()
    assert (figures.state, figures.settled_by, figures.note) == ("accepted", author, "Seen.")
    shown = words(staff, f"{LIST}{figures.pk}/settle/")
    assert "Settled: accepted" in shown
    assert 'name="act"' not in shown
    assert "3,003" not in words(staff, f"{LIST}?kind__exact=figures")
    assert "1,503" in words(staff, f"{LIST}?state=accepted")


def test_many_are_accepted_at_once_and_what_is_false_is_left(
    staff: Client, text: CaseText, series: Series
) -> None:
    rows = drift(series)
    given = {"action": "accept", "_selected_action": [row.pk for row in rows]}
    answer = staff.post(LIST, given, follow=True, headers={"accept-language": "en"})
    told = [str(message) for message in answer.context["messages"]]
    assert told == ["1 sentence accepted.", "1 was left: it needs a look of its own."]


def test_row_is_opened_for_rewriting_and_assigned(
    staff: Client, text: CaseText, series: Series, author: User
) -> None:
    _figures, false = drift(series)
    assert (
        "Accept the new figures"
        not in words(staff, f"{LIST}{false.pk}/settle/")
        .partition("<form")[2]
        .partition("Assign")[0]
    )
    assert act(staff, false, act="rewrite") == f"/admin/cases/casetext/{text.pk}/change/"
    false.refresh_from_db()
    assert false.assigned == author
    act(staff, false, act="assign", to="")
    false.refresh_from_db()
    assert false.assigned is None
    act(staff, false, act="assign", to=str(author.pk))
    assert "more than doubled" in words(staff, f"{LIST}?assigned=me")
    for bad in ({"act": "burn"}, {"act": "assign", "to": "999"}):
        assert staff.post(f"{LIST}{false.pk}/settle/", bad).status_code == 400


def test_report_of_a_reader_is_dismissed_with_a_reason(staff: Client, text: CaseText) -> None:
    row = report_error(text, key="", words="<b>Wrong</b>", seq=1, now=NOW)
    shown = words(staff, f"{LIST}{row.pk}/settle/")
    assert "&lt;b&gt;Wrong&lt;/b&gt;" in shown
    act(staff, row, act="dismiss")
    row.refresh_from_db()
    assert row.is_open
    act(staff, row, act="dismiss", note="It is right.")
    row.refresh_from_db()
    assert row.state == "dismissed"


def test_only_who_may_see_the_queue_sees_it(client: Client, text: CaseText, series: Series) -> None:
    figures, _false = drift(series)
    url = f"{LIST}{figures.pk}/settle/"
    assert client.get(url).status_code == 302
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert client.get(url).status_code == 403
    assert client.post(url, {"act": "accept"}).status_code == 403
    assert client.get(f"{LIST}99999/settle/").status_code == 403


def test_review_lists_the_claims_and_hints(staff: Client, text: CaseText) -> None:
    shown = words(staff, f"/admin/cases/casetext/{text.pk}/review/")
    assert "unbound number</span> “567”" in shown
    assert "<code>{{ webank.users@2018 }}</code>" in shown
    assert "webank.users@2018 &gt; 2 * webank.users@2017" in shown


def test_dashboard_tells_of_the_queue(staff: Client, text: CaseText, series: Series) -> None:
    drift(series)
    assert "Sentences that data changed" in words(staff, "/admin/")


def checked(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("check_claims", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return str(error), err.getvalue()
    return out.getvalue(), ""


def test_command_tells_what_is_wrong_and_fails(text: CaseText, series: Series) -> None:
    told, faults = checked()
    assert told == "1 claims are unbound or broken."
    assert faults == "webank.en: Line 1: “567” is typed, not bound to a value.\n"
    drift(series)
    assert "no longer true" in checked("webank")[1]
    assert checked("webbank")[0].startswith("Unknown case 'webbank'; expected one of ['webank']")
    at = Change.objects.latest("seq").published_at
    text.revisions.get().acts.create(text=text, kind="overridden", at=at)
    assert checked()[0] == "1 texts, 2 sentences: every claim holds.\n"
    assert checked("--strict", "--drafts")[0] == "2 claims are unbound or broken."


@pytest.mark.parametrize("state", ["%00", "no-state", ""])
def test_state_that_is_none_lists_what_is_open(
    staff: Client, text: CaseText, series: Series, state: str
) -> None:
    drift(series)
    answer = staff.get(f"{LIST}?state={state}")
    assert answer.status_code == 200
    assert "It had 1,503 users" in answer.content.decode()
