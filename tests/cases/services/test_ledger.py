"""The ledger after each change: what reads otherwise is queued, what is false is withheld."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from cases.models import Case, CaseText, Drift, LedgerEntry, SearchDocument
from cases.selectors.claims import readings
from cases.services import drift_mail
from cases.services.drift import (
    DriftError,
    accept_drift,
    assign_drift,
    dismiss_report,
    open_for_rewrite,
    report_error,
)
from cases.services.drift_mail import mail_drift
from cases.services.ledger import keep_ledger
from cases.services.roles import ensure_roles
from cases.services.texts import publish_revision, save_revision, stage_text
from cases.services.workflow import take_step
from metrics.models import Change, Entity, Series
from metrics.services.publishing import publish_definitions, publish_release
from metrics.services.staging import stage_observation
from metrics.services.withdrawing import withdraw_release
from tests.metrics.admin.staff import make_staff
from tests.metrics.factories import NOW, SourceFactory, make_release, make_series, publish

pytestmark = pytest.mark.django_db
BODY = """\
It had {{ webank.users@2018 }} users. Nothing is said here.

Users [more than doubled]{if="webank.users@2018 > 2 * webank.users@2017"} in 3 years. All of it.
"""
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def english() -> Any:
    with override("en"):
        yield


@pytest.fixture
def series() -> Series:
    series = make_series("webank.users")
    publish((series, "2017", "1,001"), (series, "2018", "3,003"))
    return series


@pytest.fixture
def text(series: Series) -> CaseText:
    case = Case.objects.create(slug="webank")
    text = CaseText.objects.create(case=case, language="en")
    publish_body(text, BODY)
    return text


def publish_body(text: CaseText, body: str) -> None:
    revision = save_revision(
        text, title="WeBank", standfirst="A bank.", body=body, actor=None, now=NOW
    )
    publish_revision(revision, actor=None, now=NOW)


def correct(series: Series, period: str, stated: str) -> Change:
    return publish((series, period, stated), kind="correction", now=LATER)


def withdraw(series: Series, period: str) -> Change:
    release = make_release("withdrawal")
    stage_observation(
        release, series=series, period=period, source=SourceFactory(), null_reason="withdrawn",
        status="M",
    ).save()  # fmt: skip
    return publish_release(release, actor=None, now=LATER)


def ledger(text: CaseText) -> list[tuple[str, str]]:
    rows = LedgerEntry.objects.filter(publication__text=text, publication__seq_to=None)
    return list(rows.order_by("id").values_list("printed", "state"))


def page(client: Client) -> str:
    answer = client.get("/en/cases/webank/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().partition("<main")[2].split())


def past_page(client: Client, seq: int) -> str:
    answer = client.get(f"/en/cases/webank/?as_of={seq}")
    assert answer.status_code == 200
    article = answer.content.decode().partition("</aside>")[2]
    return " ".join(article.partition('<section class="since"')[0].split())


def test_publishing_enters_every_claim(text: CaseText) -> None:
    assert ledger(text) == [
        ("doubled", "exempt"),
        ("3", "unbound"),
        ("It had 3,003 users.", "holds"),
        ("Users more than doubled in 3 years.", "holds"),
    ]
    assert not Drift.objects.exists()


def test_new_figure_is_shown_at_once_and_queued(
    client: Client, text: CaseText, series: Series
) -> None:
    assert "3,003" in page(client)
    change = correct(series, "2018", "3,103")
    assert "3,103" in page(client)
    assert "withheld" not in page(client)
    drift = Drift.objects.get()
    assert (drift.kind, drift.state, drift.seq) == ("figures", "open", change.seq)
    assert (drift.before, drift.after) == ("It had 3,003 users.", "It had 3,103 users.")
    assert (drift.text, drift.part, drift.line) == (text, "body", 1)


def test_wording_that_turned_false_takes_its_sentence_back(
    client: Client, text: CaseText, series: Series
) -> None:
    change = correct(series, "2018", "1,503")
    shown = page(client)
    assert '<span class="withheld__words">Users more than doubled in 3 years.</span>' in shown
    assert "As of 23 November 2026; the data have changed since" in shown
    assert 'href="/en/series/webank.users/#2018"' in shown
    assert "1,503</data>" in shown  # the other sentence has the new figure
    assert "All of it." in shown
    kinds = dict(Drift.objects.values_list("kind", "after"))
    assert kinds == {
        "figures": "It had 1,503 users.",
        "false": "Users more than doubled in 3 years.",
    }
    entry = LedgerEntry.objects.get(state="false")
    assert (entry.seq, entry.held_seq) == (change.seq, change.seq - 1)


def test_other_doors_say_it_with_the_same_flag(
    client: Client, text: CaseText, series: Series
) -> None:
    """The API has the words of the page; a page of the past what readers had then."""
    change = correct(series, "2018", "1,503")
    said = "Users more than doubled in 3 years."
    flagged = f"{said} (As of 23 November 2026; the data have changed since) All of it."
    api = client.get("/api/v1/cases/webank?lang=en", headers={"accept-language": "zh-hans"})
    assert flagged in api.json()["text"]
    assert flagged in client.get("/api/v1/cases/webank").json()["text"]["en"]
    correct(series, "2018", "1,603")
    past = past_page(client, change.seq)
    assert f'<span class="withheld__words">{said}</span>' in past
    assert "As of 23 November 2026; the data have changed since" in past
    assert f'href="/en/series/webank.users/?as_of={change.seq}#2018"' in past
    assert "withheld" not in past_page(client, change.seq - 1)


def test_past_page_flags_a_sentence_that_held_again_since(
    client: Client, text: CaseText, series: Series
) -> None:
    change = correct(series, "2018", "1,503")
    correct(series, "2018", "3,003")
    past = past_page(client, change.seq)
    assert "The data do not bear this out" in past
    assert "withheld" not in page(client)


def test_value_that_is_gone_takes_its_sentence_back(
    client: Client, text: CaseText, series: Series
) -> None:
    withdraw(series, "2018")
    shown = page(client)
    assert '<span class="withheld__words">It had 3,003 users.</span>' in shown
    assert set(Drift.objects.values_list("kind", flat=True)) == {"missing", "open"}


def test_sentence_that_reads_as_before_again_settles_itself(
    client: Client, text: CaseText, series: Series
) -> None:
    correct(series, "2018", "1,503")
    correct(series, "2018", "3,003")
    assert "withheld" not in page(client)
    assert set(Drift.objects.values_list("state", flat=True)) == {"undone"}


def test_changes_on_end_are_one_row_from_what_was_acknowledged(
    text: CaseText, series: Series
) -> None:
    correct(series, "2018", "3,103")
    correct(series, "2018", "3,203")
    drift = Drift.objects.get()
    assert (drift.before, drift.after) == ("It had 3,003 users.", "It had 3,203 users.")


def test_text_taken_from_readers_leaves_nothing_in_the_queue(
    client: Client, text: CaseText, series: Series, staff: dict[str, User]
) -> None:
    report_error(text, words="Wrong.", seq=1, now=LATER)
    correct(series, "2018", "1,503")
    release = take_step(text, "archived", actor=staff["publisher"], now=LATER, note="So.")
    assert list(Drift.objects.filter(state="open").values_list("kind", flat=True)) == ["report"]
    settled = Drift.objects.filter(state="dismissed", settled_by=staff["publisher"])
    assert {row.note for row in settled} == {"Readers do not see this text any more."}
    assert release is not None
    withdraw_release(release, reason={"en": "Back."}, actor=staff["publisher"], now=LATER)
    assert Drift.objects.get(kind="false", state="open").before == (
        "Users more than doubled in 3 years."
    )
    assert "withheld" in page(client)


def test_text_published_anew_settles_its_queue(text: CaseText, series: Series) -> None:
    correct(series, "2018", "1,503")
    publish_body(text, "It had {{ webank.users@2018 }} users.\n")
    assert set(Drift.objects.values_list("state", flat=True)) == {"rewritten"}
    assert ledger(text) == [("It had 1,503 users.", "holds")]


def test_renamed_unit_is_read_anew(text: CaseText, series: Series) -> None:
    publish_body(text, "It had {{ webank.users@2018 | unit }}.\n")
    unit = series.indicator.unit
    unit.name_en = "accounts"
    unit.save()
    publish_definitions(actor=None, now=LATER, what="unit")
    drift = Drift.objects.get()
    assert drift.after != drift.before


def test_edited_definition_reads_only_the_texts_it_is_about(text: CaseText, series: Series) -> None:
    publish_body(text, "It had {{ webank.users@2018 | unit }}.\n")
    publish((make_series("acme.revenue", nature="flow"), "2018", "5"))
    with patch("cases.services.ledger.readings", wraps=readings) as read:
        Entity.objects.filter(slug="acme").update(name_en="Acme Limited")
        publish_definitions(actor=None, now=LATER, what="entity")
        assert not read.called
        Entity.objects.filter(slug="webank").update(name_en="WeBank Limited")
        publish_definitions(actor=None, now=LATER, what="entity")
        assert read.call_count == 1


def test_renamed_case_is_found_at_its_new_address_only(text: CaseText, series: Series) -> None:
    publish_body(text, "It had {{ webank.users@2018 }} users.\n")
    standing = SearchDocument.objects.get(kind="case")
    Case.objects.filter(pk=text.case_id).update(slug="renamed")
    publish_definitions(actor=None, now=LATER, what="case")
    moved = SearchDocument.objects.get(kind="case")
    assert (moved.key, moved.body) == ("renamed", standing.body)


def test_change_that_nothing_quotes_costs_one_query(
    text: CaseText, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = make_series("other.users")
    change = publish((other, "2018", "5"))
    with django_assert_num_queries(1):
        assert keep_ledger(change, {other.pk}) == 0


@pytest.mark.parametrize("texts", [1, 6])
def test_queries_do_not_grow_with_the_texts(
    series: Series, texts: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(texts):
        case = Case.objects.create(slug=f"case-{n}")
        publish_body(CaseText.objects.create(case=case, language="en"), BODY)
    change = Change.objects.latest("seq")
    LedgerEntry.objects.update(printed="otherwise")
    with django_assert_num_queries(11):
        assert keep_ledger(change, {series.pk}) == 2 * texts


@pytest.fixture
def staff() -> dict[str, User]:
    ensure_roles()
    return {role.lower(): make_staff(role) for role in ("Author", "Editor", "Publisher")}


def test_new_figures_are_accepted_and_what_is_false_is_not(
    text: CaseText, series: Series, staff: dict[str, User]
) -> None:
    correct(series, "2018", "1,503")
    figures, false = Drift.objects.get(kind="figures"), Drift.objects.get(kind="false")
    accept_drift(figures, actor=staff["author"], now=LATER, note="seen")
    figures.refresh_from_db()
    assert (figures.state, figures.settled_by, figures.note) == (
        "accepted",
        staff["author"],
        "seen",
    )
    with pytest.raises(DriftError, match="settled already"):
        accept_drift(figures, actor=staff["author"], now=LATER)
    with pytest.raises(DriftError, match="does not hold"):
        accept_drift(false, actor=staff["author"], now=LATER)
    with pytest.raises(PermissionDenied):
        accept_drift(false, actor=User.objects.create_user("nobody"), now=LATER)


def test_open_for_rewrite_unlocks_the_text_and_takes_the_row(
    text: CaseText, series: Series, staff: dict[str, User]
) -> None:
    correct(series, "2018", "1,503")
    CaseText.objects.update(state="approved")
    drift = Drift.objects.get(kind="false")
    open_for_rewrite(drift, actor=staff["author"], now=LATER)
    drift.refresh_from_db()
    text.refresh_from_db()
    assert (drift.assigned, drift.state, text.state) == (staff["author"], "open", "draft")
    assert "{{" not in drift.after
    assert text.acts.get(kind="reopened").note.startswith("The data have changed: Users [more")
    assign_drift(drift, None, actor=staff["editor"])
    with pytest.raises(DriftError, match="may not work on the queue"):
        assign_drift(drift, User.objects.create_user("nobody"), actor=staff["editor"])


def test_text_in_a_release_is_not_opened_for_rewriting(
    text: CaseText, series: Series, staff: dict[str, User]
) -> None:
    """It was scheduled by a publisher: a click in the queue must not keep the release back."""
    correct(series, "2018", "1,503")
    release = make_release()
    stage_text(release, text.revisions.get())
    CaseText.objects.update(state="scheduled")
    drift = Drift.objects.get(kind="false")
    with pytest.raises(DriftError, match="take it out there first"):
        open_for_rewrite(drift, actor=staff["author"], now=LATER)
    text.refresh_from_db()
    drift.refresh_from_db()
    assert (text.state, drift.assigned) == ("scheduled", None)


def test_owners_are_told_once_in_one_message(
    text: CaseText, series: Series, staff: dict[str, User]
) -> None:
    owner = User.objects.create_user("owner", email="owner@example.org")
    text.case.owners.add(owner)
    correct(series, "2018", "1,503")
    assert mail_drift(LATER) == 1
    (message,) = mail.outbox
    assert message.to == ["owner@example.org"]
    assert "2" in message.subject
    assert "It had 1,503 users." in message.body
    assert mail_drift(LATER) == 0
    correct(series, "2018", "1,603")
    assert mail_drift(LATER) == 1


def test_nobody_waits_for_the_mail_server(
    text: CaseText, series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No row of the queue is locked while mail is sent; what changes then is told again."""
    text.case.owners.add(User.objects.create_user("owner", email="owner@example.org"))
    correct(series, "2018", "1,503")
    sent: list[Any] = []

    class Slow:
        def send_messages(self, messages: list[Any]) -> None:
            if not sent:
                correct(series, "2018", "1,603")
            sent.extend(messages)

    monkeypatch.setattr(drift_mail, "get_connection", Slow)
    with CaptureQueriesContext(connection) as captured:
        assert mail_drift(LATER) == 1
    locking = [query["sql"] for query in captured if "cases_drift" in query["sql"]]
    assert not any("FOR UPDATE" in sql for sql in locking)
    assert mail_drift(LATER) == 1
    assert "1,603" in sent[-1].body
    assert mail_drift(LATER) == 0


def test_reports_land_in_the_queue_and_are_bounded(text: CaseText, staff: dict[str, User]) -> None:
    key = LedgerEntry.objects.get(printed="It had 3,003 users.").key
    drift = report_error(text, key=key, words="It is 2,900.", seq=1, now=LATER)
    assert (drift.kind, drift.after, drift.report) == (
        "report", "It had 3,003 users.", "It is 2,900."
    )  # fmt: skip
    with pytest.raises(DriftError, match="what is wrong"):
        report_error(text, key="", words=" ", seq=1, now=LATER)
    with pytest.raises(DriftError, match="at most 2000"):
        report_error(text, key="", words="x" * 2001, seq=1, now=LATER)
    for _ in range(49):
        report_error(text, key="unknown", words="Wrong.", seq=1, now=LATER)
    with pytest.raises(DriftError, match="no more for now"):
        report_error(text, key="", words="Wrong.", seq=1, now=LATER)
    with pytest.raises(DriftError, match="Say why"):
        dismiss_report(drift, actor=staff["author"], now=LATER, note="")
    dismiss_report(drift, actor=staff["author"], now=LATER, note="It is 3,003.")
    drift.refresh_from_db()
    assert drift.state == "dismissed"
