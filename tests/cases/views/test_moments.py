"""Moments of the past: how they are asked for, told and handed on."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone, translation

from cases.views.errors import ParameterError
from cases.views.moments import Moment, asked_moment
from metrics.models import Change
from tests.metrics.factories import NOW, make_series, publish

LATER = NOW + timedelta(hours=1)


def asked(query: str) -> Moment | None:
    return asked_moment(RequestFactory().get(f"/?{query}"))


@pytest.mark.django_db
def test_seq_is_that_of_the_last_change_before_the_moment() -> None:
    series = make_series("acme.users")
    first = publish((series, "2018", "1"))
    second = publish((series, "2018", "2"), now=LATER)
    cases = {
        "as_of=2026-11-22": 0,
        "as_of=2026-11-23": second.seq,
        "as_of=2026-11-23T08:30:00Z": first.seq,
        "as_of=2026-11-23T16:30:00%2B08:00": first.seq,
        f"as_of={first.seq}": first.seq,
        f"as_of=000{second.seq}": second.seq,
    }
    for query, seq in cases.items():
        moment = asked(query)
        assert moment is not None
        assert moment.seq == seq, query
    assert asked("as_of=") is None
    assert asked("x=1") is None


@pytest.mark.django_db
def test_latest_change_may_be_asked_for_at_once_but_no_instant_after_it() -> None:
    """What a change published is settled; at an instant another one may still be published."""
    seq = publish((make_series("acme.users"), "2018", "1"), now=timezone.now()).seq
    moment = asked(f"as_of={seq}")
    assert moment is not None
    assert moment.at == Change.objects.get(seq=seq).published_at
    assert asked(f"as_of={moment.instant}") == Moment(seq, moment.at)
    after = Moment(seq, moment.at + timedelta(microseconds=1))
    with pytest.raises(ParameterError, match="as_of"):
        asked(f"as_of={after.instant}")


@pytest.mark.parametrize(
    ("at", "is_seq", "english", "chinese"),
    [
        (
            datetime(2027, 3, 1, 23, 59, 59, 999999, UTC), False,
            "1 March 2027 (UTC)", "2027年3月1日（UTC）",
        ),
        (
            datetime(2027, 3, 1, 23, 59, 59, tzinfo=UTC), False,
            "1 March 2027, 23:59:59 UTC", "2027年3月1日 23:59:59 UTC",
        ),
        (
            datetime(2027, 3, 1, 8, tzinfo=UTC), True,
            "1 March 2027, 08:00:00 UTC (change 12)", "2027年3月1日 08:00:00 UTC（第 12 次变更）",
        ),
    ],
)  # fmt: skip
def test_words_are_of_the_day_in_utc(
    at: datetime, is_seq: bool, english: str, chinese: str
) -> None:
    """Where the site's own time zone is hours ahead."""
    moment = Moment(12, at, is_seq)
    with translation.override("en"):
        assert moment.words == english
    with translation.override("zh-hans"):
        assert moment.words == chinese


def test_instant_is_what_the_api_takes() -> None:
    at = datetime(2027, 3, 1, 8, 30, 0, 5, UTC)
    assert Moment(1, at).instant == "2027-03-01T08:30:00.000005Z"
