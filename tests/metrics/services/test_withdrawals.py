"""Withdrawal beside a rival source: what is current, what was, by our clock and the sources'."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from metrics.models import Change, Observation, Series
from metrics.selectors.vintages import series_vintages
from metrics.services.corrections import withdraw_observation
from metrics.services.preferences import prefer_source
from metrics.services.publishing import publish_release
from metrics.services.staging import stage_observation
from metrics.stats.periods import Period
from tests.metrics.factories import NOW, SourceFactory, make_release, make_series

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WHY = {"en": "retracted"}
URL = "/api/v1/series/webank.users"


def say(series: Series, source: str, stated: str, day: date, hours: int) -> Change:
    row = stage_observation(make_release(), series=series, period="2018", stated=stated,
                            source=SourceFactory(slug=source), vintage_on=day)  # fmt: skip
    row.save()
    return publish_release(row.release, actor=None, now=NOW + HOUR * hours)


@pytest.fixture
def series() -> Series:
    """The annual report said 100, then the press, preferred since, 110."""
    series = make_series("webank.users")
    say(series, "annual", "100", date(2019, 3, 1), 0)
    say(series, "press", "110", date(2019, 6, 1), 1)
    return series


def withdraw(series: Series, source: str, *, prefer: str = "", hours: int = 2) -> None:
    row = Observation.objects.current().get(series=series, source__slug=source)
    rival = SourceFactory(slug=prefer) if prefer else None
    saved = withdraw_observation(row, reason=WHY, actor=staff(), now=NOW + HOUR * hours,
                                 prefer=rival)  # fmt: skip
    assert saved.change is not None


def staff() -> Any:
    return User.objects.get_or_create(username="root", is_superuser=True)[0]


def told(client: Client, **query: Any) -> list[tuple[Any, ...]]:
    rows = client.get(f"{URL}/observations", query).json()["results"]
    return [(row["source"], row["value"], row["null_reason"]) for row in rows]


def at(hours: float) -> str:
    return (NOW + HOUR * hours).isoformat()


def runs(series: Series) -> list[tuple[str, Any]]:
    slot = series_vintages([series.pk])[series.pk][Period.parse("2018")]
    return [(str(one.realtime_from), one.statement.value.figure.value) for one in slot]


GONE = ("press", None, "withdrawn")
PRESS, ANNUAL = ("press", "110", None), ("annual", "100", None)


def test_withdrawal_of_the_preferred_promotes_no_rival(client: Client, series: Series) -> None:
    withdraw(series, "press")
    assert told(client) == [GONE]
    assert told(client, sources="all") == [ANNUAL, GONE]
    assert told(client, as_of=at(1.5)) == [PRESS]
    assert told(client, as_of=at(0.5)) == [ANNUAL]
    tree = client.get(f"{URL}/lineage", {"period": "2018"}).json()
    assert tree["null_reason"] == "withdrawn"
    assert [one["source"] for one in tree["rivals"]] == ["annual"]
    assert runs(series) == [("2019-03-01", 100), ("2019-06-01", 110), (str(NOW.date()), None)]


def test_rival_preferred_after_a_withdrawal_speaks_from_then_on(
    client: Client, series: Series
) -> None:
    withdraw(series, "press")
    prefer_source(series, SourceFactory(slug="annual"), reason=WHY, actor=None, now=NOW + HOUR * 3)
    assert told(client) == [ANNUAL]
    assert told(client, as_of=at(2.5)) == [GONE]
    # By the sources' days the annual report has said so since it came out.
    assert runs(series) == [("2019-03-01", 100)]


def test_rival_preferred_with_the_withdrawal_leaves_no_gap(client: Client, series: Series) -> None:
    withdraw(series, "press", prefer="annual")
    assert told(client) == [ANNUAL]
    assert sorted(told(client, sources="all")) == sorted([ANNUAL, GONE])
    assert told(client, as_of=at(1.5)) == [PRESS]
    assert runs(series) == [("2019-03-01", 100)]
    assert told(client, output_type=2, vintage_dates="2026-12-31") == [ANNUAL]


def test_withdrawal_of_a_rival_changes_nothing_that_is_read(client: Client, series: Series) -> None:
    withdraw(series, "annual")
    assert told(client) == [PRESS]
    assert told(client, sources="all") == [("annual", None, "withdrawn"), PRESS]
    assert runs(series) == [("2019-03-01", 100), ("2019-06-01", 110)]


def test_publication_after_a_withdrawal_stands_again(client: Client, series: Series) -> None:
    withdraw(series, "press")
    say(series, "press", "120", date(2026, 12, 1), 3)
    assert told(client) == [("press", "120", None)]
    assert told(client, as_of=at(2.5)) == [GONE]
    assert runs(series) == [("2019-03-01", 100), ("2019-06-01", 110), (str(NOW.date()), None),
                            ("2026-12-01", 120)]  # fmt: skip


def test_same_publication_again_makes_the_withdrawal_our_mistake(
    client: Client, series: Series
) -> None:
    """By our clock it was gone for an hour; by the source's days it was never taken back."""
    withdraw(series, "press")
    say(series, "press", "110", date(2019, 6, 1), 3)
    assert told(client) == [PRESS]
    assert told(client, as_of=at(2.5)) == [GONE]
    assert runs(series) == [("2019-03-01", 100), ("2019-06-01", 110)]
