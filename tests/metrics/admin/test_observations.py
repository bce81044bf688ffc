"""Values in the admin: shown as rows, written as one-row releases."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from metrics.models import Change, Observation, Release, Series
from tests.metrics.admin.forms import faults, fill_in, said, shown
from tests.metrics.factories import SourceFactory, publish

pytestmark = pytest.mark.django_db

ADD = "/admin/metrics/observation/add/"
LIST = "/admin/metrics/observation/"


def change_url(row: Observation) -> str:
    return reverse("admin:metrics_observation_change", args=[row.pk])


def withdraw_url(row: Observation) -> str:
    return reverse("admin:metrics_observation_withdraw", args=[row.pk])


def the_current(row: Observation) -> Observation:
    return Observation.objects.current().get(series=row.series, period=row.period)


def test_change_form_shows_the_stated_text_and_leaves_what_it_implies_empty(
    publisher: Client, row: Observation
) -> None:
    fields = shown(publisher.get(change_url(row)))
    assert fields["stated"] == "超过6,000万"
    assert fields["locator"] == "1.2.1"
    assert fields["kind"] == "correction"
    assert not any(fields.get(name) for name in ("value", "qualifier", "resolution"))


def test_value_the_text_does_not_say_is_shown(publisher: Client, users: Series) -> None:
    fill_in(
        publisher,
        ADD,
        series=users.pk,
        period="2017",
        source=SourceFactory().pk,
        kind="new",
        stated="零线下网点",
        value="0",
        qualifier="exact",
    )
    fields = shown(publisher.get(change_url(Observation.objects.get())))
    assert (fields["stated"], fields["value"]) == ("零线下网点", "0")


def test_correction_closes_the_old_row_and_publishes_the_new(
    publisher: Client, row: Observation
) -> None:
    answer = fill_in(publisher, change_url(row), stated="超过6,100万", reason_en="misread")
    row.refresh_from_db()
    new = the_current(row)
    change = Change.objects.get(pk=Change.objects.latest_seq())
    assert (row.seq_to, new.seq_from) == (change.seq, change.seq)
    assert (new.value, new.qualifier, new.stated) == (Decimal(61000000), "over", "超过6,100万")
    assert (new.locator, new.source) == (row.locator, row.source)
    assert (change.kind, change.actor.get_username()) == ("correction", "publisher")
    assert change.release == new.release
    assert change.release.reason_en == "misread"
    assert change.release.staged.count() == 1
    assert answer.headers["Location"] == LIST
    assert f"Published as change {change.seq}." in said(answer)


def test_save_and_continue_leads_to_the_new_row(publisher: Client, row: Observation) -> None:
    answer = fill_in(
        publisher, change_url(row), stated="7,000万", reason_en="misread", _continue="1"
    )
    assert answer.headers["Location"] == change_url(the_current(row))


def test_correction_without_reason_is_refused(publisher: Client, row: Observation) -> None:
    answer = fill_in(publisher, change_url(row), stated="超过6,100万")
    assert faults(answer) == {"reason_zh_hans": "Give a reason in at least one language."}
    assert shown(answer)["stated"] == "超过6,100万"
    assert the_current(row) == row


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"stated": "许多"}, "stated"),
        ({"stated": ""}, "value"),
        ({"value": "6000"}, "value"),
        ({"value": "NaN"}, "value"),
        ({"qualifier": "about"}, "qualifier"),
        ({"null_reason": "not_reported"}, "null_reason"),
        ({"vintage_on": "last year"}, "vintage_on"),
        ({"kind": "redefinition"}, "kind"),
    ],
)
def test_statement_that_does_not_hold_names_the_field(
    publisher: Client, row: Observation, changes: dict[str, str], field: str
) -> None:
    answer = fill_in(publisher, change_url(row), **changes, reason_en="try")
    assert list(faults(answer)) == [field]
    assert the_current(row) == row
    assert Release.objects.count() == 1


@pytest.mark.parametrize("period", ["2017-13", "2017-Q1", "yesterday"])
def test_new_value_for_an_impossible_period_names_the_period(
    publisher: Client, users: Series, period: str
) -> None:
    answer = fill_in(
        publisher,
        ADD,
        series=users.pk,
        period=period,
        source=SourceFactory().pk,
        stated="6万",
        kind="new",
    )
    assert list(faults(answer)) == ["period"]


def test_empty_form_names_what_is_needed(publisher: Client) -> None:
    assert {"series", "period", "source"} <= set(faults(publisher.post(ADD, {})))


def test_new_value_is_published_without_a_reason(publisher: Client, users: Series) -> None:
    answer = fill_in(
        publisher,
        ADD,
        series=users.pk,
        period="2018",
        source=SourceFactory().pk,
        stated="近1亿",
        kind="new",
    )
    new = Observation.objects.get()
    assert (new.value, new.qualifier, new.period_end.year) == (Decimal(100000000), "nearly", 2018)
    assert "Published as change 1." in said(answer)


def test_new_value_and_another_leads_to_an_empty_form(publisher: Client, users: Series) -> None:
    answer = fill_in(
        publisher,
        ADD,
        series=users.pk,
        period="2018",
        source=SourceFactory().pk,
        stated="1亿",
        kind="new",
        _addanother="1",
    )
    assert answer.headers["Location"] == ADD


def test_reason_for_no_value_is_recorded(publisher: Client, users: Series) -> None:
    fill_in(
        publisher,
        ADD,
        series=users.pk,
        period="2018",
        source=SourceFactory().pk,
        kind="new",
        null_reason="not_reported",
    )
    assert Observation.objects.get().null_reason == "not_reported"


def test_withdrawal_shows_the_slot_as_withdrawn(publisher: Client, row: Observation) -> None:
    page = publisher.get(withdraw_url(row))
    assert "超过6,000万" in page.content.decode()
    answer = publisher.post(withdraw_url(row), {"reason_zh_hans": "来源撤回"})
    now = the_current(row)
    assert (now.value, now.null_reason) == (None, "withdrawn")
    assert now.release.reason_zh_hans == "来源撤回"
    assert "Published as change 2." in said(answer)


def test_withdrawal_without_reason_is_refused(publisher: Client, row: Observation) -> None:
    answer = publisher.post(withdraw_url(row), {})
    assert "Give a reason in at least one language." in answer.content.decode()
    assert the_current(row) == row


def test_withdrawn_value_can_be_stated_again(publisher: Client, row: Observation) -> None:
    publisher.post(withdraw_url(row), {"reason_en": "retracted"})
    fill_in(
        publisher,
        change_url(the_current(row)),
        stated="6,050万",
        null_reason="",
        status="A",
        reason_en="restated",
    )
    assert the_current(row).value == Decimal(60500000)


def test_superseded_row_is_only_read(publisher: Client, row: Observation) -> None:
    publish((row.series, "2017", "7,000万"), kind="correction")
    page = publisher.get(change_url(row))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert withdraw_url(row) not in page.content.decode()
    assert publisher.post(change_url(row), {"stated": "1"}).status_code == 403
    assert publisher.get(withdraw_url(row)).status_code == 403


def test_row_corrected_meanwhile_is_not_overwritten(publisher: Client, row: Observation) -> None:
    data = shown(publisher.get(change_url(row)))
    publish((row.series, "2017", "7,000万"), kind="correction")
    answer = publisher.post(change_url(row), data | {"stated": "8,000万", "reason_en": "late"})
    assert answer.status_code == 403
    assert the_current(row).value == Decimal(70000000)


def test_nobody_deletes_a_value(admin: Client, row: Observation) -> None:
    page = admin.get(reverse("admin:metrics_observation_delete", args=[row.pk]))
    assert page.status_code == 403
    assert "delete_selected" not in admin.get(LIST).content.decode()


def test_unknown_row_answers_as_missing(admin: Client) -> None:
    page = admin.get("/admin/metrics/observation/999/withdraw/", follow=True)
    assert page.status_code == 404


def test_author_leaves_the_value_for_approval(author: Client, row: Observation) -> None:
    answer = fill_in(author, change_url(row), stated="7,000万", reason_zh_hans="笔误")
    waiting = Release.objects.get(state="draft")
    assert waiting.created_by.get_username() == "author"
    assert the_current(row) == row
    assert "waits for a publisher's approval" in said(answer)


def test_author_adds_a_value_for_approval(author: Client, users: Series) -> None:
    answer = fill_in(
        author,
        ADD,
        series=users.pk,
        period="2018",
        source=SourceFactory().pk,
        stated="1亿",
        kind="new",
        _continue="1",
    )
    assert answer.headers["Location"] == LIST
    assert Release.objects.get().state == "draft"


def test_list_shows_current_rows_unless_history_is_asked_for(
    publisher: Client, row: Observation
) -> None:
    publish((row.series, "2017", "7,000万"), kind="correction")

    def stated(query: str) -> list[str]:
        return [found.stated for found in publisher.get(LIST + query).context["cl"].result_list]

    assert stated("") == ["7,000万"]
    assert stated("?rows=superseded") == ["超过6,000万"]
    assert sorted(stated("?rows=all")) == ["7,000万", "超过6,000万"]


@pytest.mark.parametrize(("words", "found"), [("webank", 1), ("6,000", 1), ("eastmoney", 0)])
def test_list_is_searched_by_series_and_stated_text(
    publisher: Client, row: Observation, words: str, found: int
) -> None:
    assert publisher.get(LIST, {"q": words}).context["cl"].result_count == found


def test_form_speaks_chinese(publisher: Client, row: Observation) -> None:
    page = publisher.get(change_url(row), headers={"accept-language": "zh-CN"})
    assert "This is" not in page.content.decode()
