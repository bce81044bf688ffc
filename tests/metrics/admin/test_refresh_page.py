"""How far the refresh has come, in the admin."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from metrics.models import RefreshRun, Series, StaleSeries
from metrics.services import retrying
from metrics.services.stale import EVERY_PERIOD, Targets, mark
from tests.metrics.admin.staff import browser_of, log_in
from tests.metrics.factories import make_series
from tests.metrics.large import large_group

pytestmark = pytest.mark.django_db

PAGE = "/admin/metrics/staleseries/progress/"
RETRY = f"{PAGE}retry/"
PART = {"hx-request": "true"}


def fail(series: Series, error: str = "no input", attempts: int = 2) -> StaleSeries:
    later = timezone.now() + timedelta(hours=1)
    return StaleSeries.objects.create(series=series, attempts=attempts, retry_at=later, error=error)


def run(**counts: int) -> RefreshRun:
    now = timezone.now()
    return RefreshRun.objects.create(
        started_at=now - timedelta(seconds=10), finished_at=now, **counts
    )


def html(browser: Client, url: str = PAGE, **options: Any) -> str:
    answer = browser.get(url, **options)
    assert answer.status_code == 200
    return answer.content.decode()


def test_idle_page_says_so_and_asks_no_more(admin: Client) -> None:
    page = html(admin)
    assert "Nothing is due: every derived value is up to date." in page
    assert "hx-get" not in page
    assert "No run yet." in page


def test_backlog_rate_and_time_left_are_told_and_asked_for_again(admin: Client) -> None:
    large = large_group(4)
    RefreshRun.objects.all().delete()
    large.mark("2001", "2002", EVERY_PERIOD)
    mark(Targets(series={large.members[0].pk}))
    run(read=50, written=10, targets=5)
    page = html(admin)
    assert re.search(r"At work; about \d+ seconds? left\.", page)
    assert re.search(r"<dt>Series due</dt><dd>1</dd>", page)
    assert re.search(r"<dt>Periods of rules due</dt><dd>6</dd>", page)
    assert re.search(r"<dt>Rules due for every period</dt><dd>3</dd>", page)
    assert re.search(r"<dt>Values read a second</dt><dd>5\.0</dd>", page)
    assert f'hx-get="{PAGE}?most=37" hx-trigger="every 2s"' in page
    assert '<progress max="37" value="0"' in page


def test_bar_counts_from_the_largest_backlog_seen(admin: Client) -> None:
    mark(Targets(series={make_series("a.users").pk}))
    part = html(admin, f"{PAGE}?most=10", headers=PART)
    assert '<progress max="10" value="9"' in part
    assert "most=10" in part


@pytest.mark.parametrize("most", ["x", "-5", "٣", "9" * 30, ""])
def test_backlog_that_is_no_number_is_left_aside(most: str, admin: Client) -> None:
    mark(Targets(series={make_series("a.users").pk}))
    assert '<progress max="1" value="0"' in html(admin, f"{PAGE}?most={most}", headers=PART)


def test_htmx_gets_what_changes_and_no_page_around_it(admin: Client) -> None:
    part = html(admin, headers=PART).lstrip()
    assert part.startswith('<div id="progress"')
    assert "<html" not in part


def test_without_a_worker_the_page_says_what_may_be_wrong(admin: Client) -> None:
    mark(Targets(series={make_series("a.users").pk}))
    assert "If none does, no worker is running." in html(admin)


def test_runs_are_told_with_values_read_and_written(admin: Client) -> None:
    run(targets=3, read=1_234_567, written=45, failed=1)
    page = html(admin)
    assert "1,234,567" in page
    assert re.search(r'<td class="number">45</td>', page)


def test_failing_target_is_told_with_error_attempts_and_button(admin: Client) -> None:
    fail(make_series("a.users"), error="division <by> zero", attempts=3)
    page = html(admin)
    assert "1 target fails" in page
    assert "Nothing is due now; what failed waits for its next try." in page
    assert "division &lt;by&gt; zero" in page
    assert re.search(r'<td class="number">3</td>', page)
    assert 'aria-label="Try a.users' in page


def test_try_now_makes_one_target_due_and_asks_a_worker(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(retrying, "nudge", asked.append)
    one, other = fail(make_series("a.users")), fail(make_series("b.users"))
    answer = admin.post(RETRY, {"kind": "series", "key": "a.users", "period": ""})
    assert answer.headers["Location"] == PAGE
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.retry_at, other.retry_at is None) == (None, False)
    assert asked == ["metrics.refresh_derived"]


def test_try_now_of_a_rule_is_of_its_period_only(admin: Client) -> None:
    rule = next(iter(large_group(2).rules.values()))
    later = timezone.now() + timedelta(hours=1)
    for period in ("2001", "2002"):
        StaleSeries.objects.create(rule=rule, period=period, attempts=1, retry_at=later)
    admin.post(RETRY, {"kind": "rule", "key": rule.key, "period": "2001"})
    assert list(StaleSeries.objects.filter(retry_at=None).values_list("period", flat=True)) == [
        "2001"
    ]


def test_all_failing_targets_can_be_tried_at_once(admin: Client) -> None:
    fail(make_series("a.users"))
    fail(make_series("b.users"))
    admin.post(RETRY)
    assert StaleSeries.objects.filter(retry_at=None).count() == 2


@pytest.mark.parametrize(
    ("role", "reads", "retries"),
    [("nobody", 403, 403), ("Author", 200, 403), ("Editor", 200, 403), ("Publisher", 200, 302)],
)
def test_role_may_look_or_try_again(role: str, reads: int, retries: int) -> None:
    fail(make_series("a.users"))
    browser = browser_of(role)
    page = browser.get(PAGE)
    assert page.status_code == reads
    assert ("Try now" in page.content.decode()) is (retries == 302)
    assert browser.post(RETRY, {"kind": "series", "key": "a.users"}).status_code == retries


def test_opening_the_address_of_the_button_changes_nothing(admin: Client) -> None:
    fail(make_series("a.users"))
    assert admin.get(RETRY).status_code == 403
    assert not StaleSeries.objects.filter(retry_at=None).exists()


def test_who_is_not_logged_in_is_sent_to_log_in(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
    assert client.post(RETRY).status_code == 302


def test_index_and_queue_lead_to_the_page(admin: Client) -> None:
    assert f'href="{PAGE}"' in html(admin, "/admin/")
    assert f'href="{PAGE}"' in html(admin, "/admin/metrics/staleseries/")


def test_page_costs_the_same_at_one_and_twenty_failures(admin: Client) -> None:
    costs = []
    for first, last in ((0, 1), (1, 20)):
        for number in range(first, last):
            fail(make_series(f"e-{number}.users"))
            run(targets=1)
        with CaptureQueriesContext(connection) as queries:
            html(admin, headers=PART)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_page_is_in_chinese_for_who_reads_chinese(django_user_model: Any) -> None:
    mark(Targets(series={make_series("a.users").pk}))
    browser = log_in(django_user_model.objects.create_superuser("root"), "zh-hans")
    page = html(browser)
    assert "派生值的刷新" in page
    assert "At work" not in page
