"""What was known on a day: against a naive model, over random histories."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.models import Series
from metrics.selectors.vintages import known_on, series_vintages, vintage_days
from metrics.services.publishing import publish_release
from metrics.services.staging import stage_observation
from metrics.services.vintages import BackfillError, backfill_vintages
from tests.metrics.factories import NOW, SourceFactory, make_release, make_series

FIRST, DAYS = date(2018, 1, 1), 8
numbers: Iterator[int] = count()

# (what is done, on which day of the source, for which period, a value)
act = st.tuples(
    st.sampled_from(["state", "state", "backfill", "withdraw", "rival"]),
    st.integers(0, DAYS - 1),
    st.sampled_from(["2016", "2017"]),
    st.integers(1, 3),
)


# (value, source, whether it was backfilled)
Entry = tuple[int | None, str, bool]


@dataclass
class Model:
    """The entries of each period, by day."""

    entries: dict[str, dict[date, Entry]] = field(default_factory=dict)

    def state(self, period: str, day: date, value: int | None, source: str) -> None:
        """What is said on a day takes the place of what was said on that day and after."""
        slot = self.entries.setdefault(period, {})
        for other in [one for one in slot if one >= day]:
            del slot[other]
        slot[day] = (value, source, False)

    def backfill(self, period: str, day: date, value: int, source: str) -> bool:
        """Whether it is taken: a day before what stands, on which nothing else was recorded."""
        slot = self.entries.get(period, {})
        if not slot or day >= max(slot):
            return False
        if day in slot and not slot[day][2]:
            return slot[day] == (value, source, False)
        slot[day] = (value, source, True)
        return True

    def known(self, day: date) -> dict[str, int | None]:
        return {
            period: slot[max(one for one in slot if one <= day)][0]
            for period, slot in sorted(self.entries.items())
            if min(slot) <= day
        }


def perform(series: Series, model: Model, what: str, day: date, period: str, value: int) -> None:
    source = SourceFactory(slug="rival" if what == "rival" else "report-2019")
    row = stage_observation(
        make_release(),
        series=series,
        period=period,
        source=source,
        stated="" if what == "withdraw" else str(value),
        vintage_on=day,
        null_reason="withdrawn" if what == "withdraw" else "",
        status="M" if what == "withdraw" else "A",
    )
    if what == "backfill":
        try:
            backfill_vintages([row], actor=None, now=NOW)
            told = True
        except BackfillError:
            told = False
        assert told == model.backfill(period, day, value, source.slug)
        return
    row.save()
    publish_release(row.release, actor=None, now=NOW)
    model.state(period, day, None if what == "withdraw" else value, source.slug)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(st.lists(act, max_size=9))
def test_random_history_answers_each_day_as_a_naive_model(
    acts: list[tuple[str, int, str, int]],
) -> None:
    """At most one value a period, the intervals without gap or overlap, the last one open."""
    series, model = make_series(f"model-{next(numbers)}.users"), Model()
    for what, day, period, value in acts:
        perform(series, model, what, FIRST + timedelta(days=day), period, value)
    vintages = series_vintages([series.pk])[series.pk]
    for day in (FIRST + timedelta(days=n) for n in range(-1, DAYS + 1)):
        told = {
            p.code: one.statement.value.figure.value for p, one in known_on(vintages, day).items()
        }
        expected = {
            period: None if value is None else Decimal(value)
            for period, value in model.known(day).items()
        }
        assert told == expected
        standing = [
            one
            for slot in vintages.values()
            for one in slot
            if one.realtime_from <= day and (one.realtime_to is None or day < one.realtime_to)
        ]
        assert len(standing) == len(expected)
    for slot in vintages.values():
        assert all(one.realtime_to == other.realtime_from for one, other in pairwise(slot))
        assert slot[-1].realtime_to is None
        assert not slot[-1].statement.is_backfilled


@pytest.mark.django_db
def test_backfill_after_the_day_that_a_return_restores_is_no_vintage() -> None:
    """The last vintage is what stands, whatever was backfilled before a mistake was mended."""
    series, model = make_series("webank.users"), Model()
    for what, day, value in (("state", 1, 1), ("state", 6, 2), ("backfill", 4, 3), ("state", 2, 1)):
        perform(series, model, what, FIRST + timedelta(days=day), "2017", value)
    slot = next(iter(series_vintages([series.pk])[series.pk].values()))
    assert [one.statement.value.stated for one in slot] == ["1", "1"]


@pytest.mark.django_db
def test_repetition_of_a_figure_is_a_vintage_and_no_news() -> None:
    series, model = make_series("webank.users"), Model()
    for what, day, value in (("state", 1, 1), ("rival", 2, 1), ("state", 3, 2)):
        perform(series, model, what, FIRST + timedelta(days=day), "2017", value)
    vintages = series_vintages([series.pk])[series.pk]
    assert [[one.is_news for one in slot] for slot in vintages.values()] == [[True, False, True]]
    assert vintage_days([vintages]) == [date(2018, 1, 2), date(2018, 1, 4)]
