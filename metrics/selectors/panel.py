"""Series with their values, sources and rules, loaded together for whoever prints many of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet

from metrics.models import RuleVersion, Series, Source
from metrics.selectors.breaks import breaks_of
from metrics.selectors.prepared import prepared
from metrics.selectors.values import SeriesValues, Value, series_values
from metrics.stats.bounds import Figure
from metrics.stats.breaks import NO_BREAKS, Breaks
from metrics.stats.calendars import Calendar, calendar_of
from metrics.stats.periods import Frequency, Period
from metrics.stats.transforms import TransformError, apply


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything known of some series. Values are in the order of their periods.

    `index_base` is the period that the transform idx sets to 100; without it idx gives nothing.
    """

    series: dict[str, Series]
    values: SeriesValues
    sources: dict[int, Source]
    rules: dict[int, RuleVersion]
    breaks: dict[int, Breaks] = field(default_factory=dict)
    index_base: Period | None = None
    _transformed: dict[tuple[str, str], dict[Period, Figure]] = field(default_factory=dict)

    def values_of(self, key: str) -> dict[Period, Value]:
        """The values of a series by period; none for an unknown key."""
        series = self.series.get(key)
        return {} if series is None else self.values.get(series.pk, {})

    def latest(self, key: str) -> Period | None:
        """The last regular period with a value, else the last span or undated one."""
        present = [p for p, v in self.values_of(key).items() if not v.figure.is_missing]
        shown = [p for p in present if p.is_regular] or present
        return shown[-1] if shown else None

    def period(self, key: str, code: str) -> Period | None:
        """The period a code means for a series: "latest" and "previous" are relative to it."""
        if code not in ("latest", "previous"):
            return Period.parse(code)
        latest = self.latest(key)
        if code == "latest" or latest is None:
            return latest
        return self.calendar_of(key).previous(latest)

    def figures_of(self, key: str) -> dict[Period, Figure]:
        """The bare figures of a series by period."""
        return {period: value.figure for period, value in self.values_of(key).items()}

    def calendar_of(self, key: str) -> Calendar:
        """Which days a daily series keeps."""
        return calendar_of(self.figures_of(key))

    def based_on(self, base: Period | None) -> "Panel":
        """The same values, of which idx sets the period to 100."""
        return replace(self, index_base=base, _transformed={})

    def transformed(self, key: str, code: str) -> dict[Period, Figure]:
        """The series through a transform; missing throughout where its nature refuses that."""
        if (key, code) not in self._transformed:
            self._transformed[key, code] = self._apply(key, code)
        return self._transformed[key, code]

    def breaks_of(self, key: str) -> Breaks:
        """Where the definition behind a series changed."""
        return self.breaks.get(self.series[key].pk, NO_BREAKS)

    def source_of(self, value: Value) -> Source | None:
        return None if value.source_id is None else self.sources.get(value.source_id)

    def rule_of(self, value: Value) -> RuleVersion | None:
        return None if value.rule_version_id is None else self.rules.get(value.rule_version_id)

    def _apply(self, key: str, code: str) -> dict[Period, Figure]:
        figures = self.figures_of(key)
        if key not in self.series:
            return {}
        series = self.series[key]
        try:
            return apply(
                code,
                figures,
                frequency=Frequency(series.frequency),
                nature=series.indicator.nature,
                index_base=self.index_base,
                breaks=self.breaks_of(key),
            )
        except TransformError:
            return {period: Figure.missing("not_determinable") for period in figures}


def series_panel(keys: Iterable[str], seq: int | None = None) -> Panel:
    """The panel of some series keys as of a seq (None: now), unknown ones left out.

    Six queries, more where definitions changed or, for the past, for each level of rules.
    """
    wanted = set(keys)
    rows = _defined(wanted) if wanted else ()
    return panel_of({series.key: series for series in rows}, seq)


@prepared
def _defined(keys: Any) -> QuerySet[Series]:
    return Series.objects.with_definitions().filter(key__any=keys)


def panel_of(series: dict[str, Series], seq: int | None = None) -> Panel:
    """The panel of series that are loaded already, as of a seq (None: now); names are today's.

    Five queries, more where definitions changed or, for the past, for each level of rules.
    """
    ids = [one.pk for one in series.values()]
    values = series_values(ids, seq)
    sources, rules = origins([value for one in values.values() for value in one.values()])
    return Panel(series, values, sources, rules, breaks_of(ids, seq))


def origins(values: Collection[Value]) -> tuple[dict[int, Source], dict[int, RuleVersion]]:
    """The sources and the rule versions behind some values. Two queries."""
    source_ids = {value.source_id for value in values if value.source_id is not None}
    version_ids = {v.rule_version_id for v in values if v.rule_version_id is not None}
    sources = _sources(source_ids) if source_ids else ()
    versions = _versions(version_ids) if version_ids else ()
    return {one.pk: one for one in sources}, {one.pk: one for one in versions}


@prepared
def _sources(ids: Any) -> QuerySet[Source]:
    return Source.objects.filter(pk__any=ids)


@prepared
def _versions(ids: Any) -> QuerySet[RuleVersion]:
    return RuleVersion.objects.filter(pk__any=ids).select_related("rule").order_by()
