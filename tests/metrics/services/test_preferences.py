"""Rival sources side by side: one preferred, by a decision with a reason that stands."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from metrics.models import Change, Observation, Preference, Release, Series, Source, StaleSeries
from metrics.participants import _participants
from metrics.selectors.preferences import standing_preferences
from metrics.selectors.values import series_values
from metrics.services.corrections import save_observation, withdraw_observation
from metrics.services.observations import preferred_source
from metrics.services.preferences import PreferenceError, prefer_source
from metrics.services.publishing import publish_release
from metrics.services.staging import stage_observation
from metrics.stats.periods import Period
from tests.metrics.factories import NOW, SourceFactory, make_release, make_series, publish

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WHY = {"en": "audited"}


@pytest.fixture
def series() -> Series:
    return make_series("webank.users")


@pytest.fixture
def annual() -> Source:
    return SourceFactory(slug="annual")


@pytest.fixture
def press(series: Series, annual: Source) -> Source:
    """Both state 2016 and 2017; the press, recorded last, is preferred."""
    press = SourceFactory(slug="press")
    publish((series, "2016", "100"), (series, "2017", "200"), source=annual)
    publish((series, "2016", "110"), (series, "2017", "210"), source=press)
    return press


def seen(series: Series, seq: int | None = None) -> dict[str, int | None]:
    values = series_values([series.pk], seq)[series.pk]
    return {
        period.code: None if value.figure.value is None else int(value.figure.value)
        for period, value in values.items()
    }


def test_preferred_source_speaks_from_that_change_on(
    series: Series, annual: Source, press: Source
) -> None:
    before = Change.objects.latest_seq()
    change = prefer_source(series, annual, reason=WHY, actor=None, now=NOW)
    assert seen(series) == {"2016": 100, "2017": 200}
    assert seen(series, before) == {"2016": 110, "2017": 210}
    assert change.seq == before + 1
    assert (change.kind, change.summary["preferred"]) == ("revision", "annual")
    assert change.release.reason_en == "audited"
    assert Observation.objects.current().filter(series=series).count() == 4


def test_preference_for_a_period_leaves_the_others(
    series: Series, annual: Source, press: Source
) -> None:
    prefer_source(series, annual, periods=["2016"], reason=WHY, actor=None, now=NOW)
    assert seen(series) == {"2016": 100, "2017": 210}


def test_decision_keeps_reason_source_and_time(
    series: Series, annual: Source, press: Source
) -> None:
    first = prefer_source(series, annual, periods=["2016"], reason=WHY, actor=None, now=NOW)
    second = prefer_source(series, press, reason={"zh-hans": "更新"}, actor=None, now=NOW)
    now, then = (standing_preferences([series.pk], seq) for seq in (None, first.seq))
    found = now.decision((series.pk, "2016"))
    assert found is not None
    assert (found.source, found.reason_zh_hans, found.seq_from) == (press, "更新", second.seq)
    earlier = then.decision((series.pk, "2016"))
    assert earlier is not None
    assert (earlier.source, earlier.reason_en, earlier.seq_to) == (annual, "audited", second.seq)
    assert then.of((series.pk, "2017")) is None


def test_decision_for_a_period_outranks_one_for_all(
    series: Series, annual: Source, press: Source
) -> None:
    prefer_source(series, annual, reason=WHY, actor=None, now=NOW)
    prefer_source(series, press, periods=["2017"], reason=WHY, actor=None, now=NOW)
    assert seen(series) == {"2016": 100, "2017": 210}


def test_row_recorded_against_a_decision_stands_beside_it(
    series: Series, annual: Source, press: Source
) -> None:
    prefer_source(series, annual, reason=WHY, actor=None, now=NOW)
    publish((series, "2017", "220"), source=press)
    publish((series, "2017", "230"), source=SourceFactory(slug="third"))
    assert seen(series)["2017"] == 200
    assert Observation.objects.current().filter(series=series, period="2017").count() == 3


def test_decided_source_takes_a_period_that_another_stated_first(
    series: Series, annual: Source, press: Source
) -> None:
    prefer_source(series, annual, reason=WHY, actor=None, now=NOW)
    publish((series, "2018", "310"), source=press)
    assert seen(series)["2018"] == 310
    release = make_release()
    stage_observation(
        release, series=series, period="2018", source=annual, stated="300", preferred=False
    ).save()
    publish_release(release, actor=None, now=NOW)
    assert seen(series)["2018"] == 300


def test_same_row_again_writes_nothing_under_a_decision(
    series: Series, annual: Source, press: Source
) -> None:
    prefer_source(series, annual, reason=WHY, actor=None, now=NOW)
    change = publish((series, "2017", "210"), source=press)
    assert (change.summary["inserted"], change.summary["closed"]) == (0, 0)


def test_preferred_row_without_a_rival_cannot_lose_its_preference(
    series: Series, annual: Source
) -> None:
    publish((series, "2017", "200"), source=annual)
    save_observation(
        series=series,
        period="2017",
        source=annual,
        kind="correction",
        reason=WHY,
        actor=None,
        now=NOW,
        stated="201",
        preferred=False,
    )
    publish_last()
    assert seen(series) == {"2017": 201}


def publish_last() -> Change:
    return publish_release(Release.objects.latest("pk"), actor=None, now=NOW)


def test_withdrawn_value_is_shown_with_its_reason_and_no_rival_is_promoted(
    series: Series, annual: Source, press: Source
) -> None:
    row = Observation.objects.current().preferred().get(series=series, period="2017")
    withdraw_observation(row, reason={"en": "retracted"}, actor=None, now=NOW)
    publish_last()
    value = series_values([series.pk])[series.pk][Period.parse("2017")]
    assert (value.figure.null_reason, value.status, value.source_id) == ("withdrawn", "M", press.pk)
    assert Release.objects.latest("pk").reason_en == "retracted"


def test_withdrawal_proposed_before_a_rival_was_preferred_hides_it_not(
    series: Series, annual: Source, press: Source
) -> None:
    row = Observation.objects.current().preferred().get(series=series, period="2017")
    withdraw_observation(row, reason=WHY, actor=None, now=NOW)
    proposed = Release.objects.latest("pk")
    prefer_source(series, annual, periods=["2017"], reason=WHY, actor=None, now=NOW)
    publish_release(proposed, actor=None, now=NOW, despite_changes=True)
    assert seen(series)["2017"] == 200


def test_rival_can_be_preferred_in_the_step_of_the_withdrawal(
    series: Series, annual: Source, press: Source
) -> None:
    publisher = User.objects.create_superuser("publisher")
    row = Observation.objects.current().preferred().get(series=series, period="2017")
    before = Change.objects.latest_seq()
    saved = withdraw_observation(
        row, reason={"en": "retracted"}, prefer=annual, actor=publisher, now=NOW
    )
    assert saved.change is not None
    assert saved.change.seq == before + 1
    assert seen(series) == {"2016": 110, "2017": 200}
    withdrawn = Observation.objects.current().get(series=series, period="2017", source=press)
    assert (withdrawn.null_reason, withdrawn.preferred) == ("withdrawn", False)
    assert standing_preferences([series.pk]).of((series.pk, "2017")) == annual.pk


def test_dependents_are_evaluated_in_the_same_change(annual: Source) -> None:
    level = make_series("webank.users")
    growth = make_series(
        "webank.users-growth", unit="growth", nature="ratio", growth_of=level.indicator
    )
    press = SourceFactory(slug="press")
    publish((growth, "2018", "100%"), definitions_changed=True)
    publish((level, "2018", "400"), source=annual)
    publish((level, "2018", "800"), source=press)
    publish((growth, "2018", "50%"), source=press)
    assert seen(level)["2017"] == 533
    prefer_source(growth, SourceFactory(), reason=WHY, actor=None, now=NOW)
    assert seen(level)["2017"] == 400
    assert StaleSeries.objects.exists()


@pytest.mark.parametrize(
    ("periods", "reason", "field"),
    [
        (None, {}, "reason"),
        (None, {"en": "  "}, "reason"),
        ([], WHY, "periods"),
        (["2019"], WHY, "periods"),
        ([str(year) for year in range(1000, 2001)], WHY, "periods"),
    ],
)
def test_preference_that_cannot_be_names_the_field(
    series: Series,
    annual: Source,
    press: Source,
    periods: list[str] | None,
    reason: dict[str, str],
    field: str,
) -> None:
    before = Change.objects.latest_seq()
    with pytest.raises(PreferenceError) as error:
        prefer_source(series, annual, periods=periods, reason=reason, actor=None, now=NOW)
    assert error.value.field == field
    assert Change.objects.latest_seq() == before


def test_source_that_states_nothing_is_refused(series: Series, press: Source) -> None:
    with pytest.raises(PreferenceError) as error:
        prefer_source(series, SourceFactory(slug="x"), reason=WHY, actor=None, now=NOW)
    assert error.value.field == "source"
    assert "webank.users" in error.value.message


def test_user_who_may_not_publish_decides_nothing(
    series: Series, annual: Source, press: Source
) -> None:
    editor = User.objects.create_user("editor")
    with pytest.raises(PermissionDenied):
        prefer_source(series, annual, reason=WHY, actor=editor, now=NOW)
    assert not Preference.objects.exists()


def test_participants_are_told_of_the_series(
    series: Series, annual: Source, press: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: set[int] = set()

    class Listener:
        def publish(self, release: Release, change: Change) -> dict[str, int]:
            return {}

        def quoted_series(self) -> set[int]:
            return set()

        def series_changed(self, series_ids: set[int], change: Change) -> None:
            told.update(series_ids)

        def definitions_changed(self, change: Change) -> None: ...

        def verify(self, release: Release) -> None: ...

    monkeypatch.setattr("metrics.participants._participants", [*_participants, Listener()])
    prefer_source(series, annual, reason=WHY, actor=None, now=NOW)
    assert series.pk in told


sources = st.dictionaries(st.integers(1, 5), st.booleans(), max_size=5)


@given(sources, sources, st.none() | st.integers(1, 5))
def test_slot_with_any_statement_has_exactly_one_that_speaks(
    current: dict[int, bool], staged: dict[int, bool], decided: int | None
) -> None:
    """And a decision is never overruled by what is recorded."""
    current = {source: source == next(iter(current)) for source in current}
    chosen = preferred_source(current, staged, decided)
    assert (chosen is None) == (not current and not staged)
    assert chosen is None or chosen in current or chosen in staged
    if decided in {*current, *staged}:
        assert chosen == decided
    elif current and not any(staged.values()):
        assert chosen == next(iter(current))


def test_values_are_as_they_were_stated(series: Series, annual: Source, press: Source) -> None:
    prefer_source(series, annual, reason=WHY, actor=None, now=NOW + HOUR)
    row = Observation.objects.current().preferred().get(series=series, period="2017")
    assert (row.value, row.stated, row.locator) == (Decimal(200), "200", "1.2.1")
