"""Computing targets from current values and writing the difference. Callers hold the locks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from metrics.models import Change, DerivedValue, RuleInput, RuleVersion, Series, SeriesSummary
from metrics.selectors.values import observed_values, rule_edges, series_values
from metrics.services.stale import EVERY_PERIOD, Slot, Targets
from metrics.services.summaries import summary_row
from metrics.stats.bounds import Figure
from metrics.stats.derivation import derive
from metrics.stats.periods import Period


@dataclass(frozen=True, slots=True)
class Computed:
    """A computed cell and the rule version that made it."""

    figure: Figure
    version_id: int


@dataclass(slots=True)
class Work:
    """The difference that targets make: rows to write, rows to delete, summaries to write."""

    upserts: list[DerivedValue] = field(default_factory=list)
    deletes: list[tuple[int, Slot]] = field(default_factory=list)
    summaries: list[SeriesSummary] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.upserts or self.deletes or self.summaries)

    @property
    def slots(self) -> set[Slot]:
        """Series and periods whose derived values differ."""
        written = {(row.series_id, row.period) for row in self.upserts}
        return written | {slot for _, slot in self.deletes}

    @property
    def series(self) -> set[int]:
        return {pk for pk, _ in self.slots} | {row.series_id for row in self.summaries}

    def without(self, series_ids: Collection[int]) -> "Work":
        """The same work but for some series."""
        return Work(
            [row for row in self.upserts if row.series_id not in series_ids],
            [item for item in self.deletes if item[1][0] not in series_ids],
            [row for row in self.summaries if row.series_id not in series_ids],
        )


def compute_work(targets: Targets) -> Work:
    """Evaluate the targets from current observations and cached inputs; nothing is written."""
    work = Work()
    _compute_series(targets.series, work)
    for rule_id, codes in sorted(targets.rules.items()):
        _compute_group(rule_id, codes, work)
    _compute_summaries(targets.series, work)
    return work


def write_work(work: Work, change: Change) -> int:
    """Write the difference, visible from `change.seq`. Returns the number of rows written."""
    rows: list[DerivedValue | SeriesSummary] = [*work.upserts, *work.summaries]
    for row in rows:
        row.computed_seq = change.seq
    DerivedValue.objects.filter(pk__in=[pk for pk, _ in work.deletes]).delete()
    DerivedValue.objects.bulk_create(
        work.upserts,
        update_conflicts=True,
        unique_fields=["series", "period"],
        update_fields=["value", "lower", "upper", "null_reason", "rule_version", "computed_seq"],
        batch_size=2000,
    )
    SeriesSummary.objects.bulk_create(
        work.summaries,
        update_conflicts=True,
        unique_fields=["series"],
        update_fields=[f.name for f in SeriesSummary._meta.fields if not f.primary_key],
        batch_size=2000,
    )
    return len(work.upserts) + len(work.deletes) + len(work.summaries)


def _compute_series(series_ids: Collection[int], work: Work) -> None:
    """All single-series rules of the targets; where two make a cell, implied prior gives way."""
    edges = rule_edges(
        RuleInput.objects.current().filter(output__in=series_ids, version__rule__group=None)
    )
    cells: dict[int, dict[str, Computed]] = defaultdict(dict)
    versions = RuleVersion.objects.select_related("rule").in_bulk(edges)
    for version in sorted(versions.values(), key=_precedence):
        for pk, figures in _derive(version, edges[version.pk], None).items():
            for period, figure in figures.items():
                cells[pk].setdefault(period.code, Computed(figure, version.pk))
    existing = DerivedValue.objects.filter(series__in=series_ids).select_related(
        "rule_version__rule"
    )
    _differ({pk: cells.get(pk, {}) for pk in series_ids}, existing, work, group_wide=False)


def _compute_group(rule_id: int, codes: Collection[str], work: Work) -> None:
    """A group-wide rule for the touched periods."""
    version = RuleVersion.objects.current().select_related("rule").filter(rule_id=rule_id).first()
    everything = EVERY_PERIOD in codes
    existing = DerivedValue.objects.filter(rule_version__rule=rule_id).select_related(
        "rule_version__rule"
    )
    if not everything:
        existing = existing.filter(period__in=codes)
    cells: dict[int, dict[str, Computed]] = defaultdict(dict)
    if version is not None:
        edges = rule_edges(RuleInput.objects.current().filter(version=version))
        periods = None if everything else {Period.parse(code) for code in codes}
        for pk, figures in _derive(version, edges.get(version.pk, {}), periods).items():
            cells[pk] = {p.code: Computed(figure, version.pk) for p, figure in figures.items()}
    _differ(cells, existing, work, group_wide=True)


def _precedence(version: RuleVersion) -> tuple[bool, str]:
    """Which single-series rule makes a cell that two could make: the same order as for the past."""
    return version.rule.kind == "implied-prior", version.rule.key


def _derive(
    version: RuleVersion,
    edges: Mapping[int, Mapping[str, Collection[int]]],
    periods: Collection[Period] | None,
) -> dict[int, dict[Period, Figure]]:
    inputs = {pk for roles in edges.values() for pks in roles.values() for pk in pks}
    load = observed_values if version.rule.kind == "implied-prior" else series_values
    panel = {
        pk: {period: value.figure for period, value in values.items()}
        for pk, values in load(inputs).items()
    }
    return derive(version.rule.kind, edges, panel, definition=version.definition, periods=periods)


def _differ(
    cells: Mapping[int, Mapping[str, Computed]],
    existing: Iterable[DerivedValue],
    work: Work,
    *,
    group_wide: bool,
) -> None:
    """Add to the work what differs from the rows that stand.

    A row of a group-wide rule outranks the single-series rules of the same cell, which leave it.
    """
    rows = {(row.series_id, row.period): row for row in existing}
    for pk, computed in cells.items():
        for code, cell in computed.items():
            row = rows.pop((pk, code), None)
            if row is not None and row.rule_version.rule.is_group_wide and not group_wide:
                continue
            if row is None or not _equal(row, cell):
                work.upserts.append(_row(pk, code, cell))
    for slot, row in rows.items():
        if row.rule_version.rule.is_group_wide == group_wide:
            work.deletes.append((row.pk, slot))


def _equal(row: DerivedValue, cell: Computed) -> bool:
    figure = cell.figure
    return (row.value, row.lower, row.upper, row.null_reason, row.rule_version_id) == (
        figure.value,
        figure.lower,
        figure.upper,
        figure.null_reason,
        cell.version_id,
    )


def _row(series_id: int, code: str, cell: Computed) -> DerivedValue:
    period = Period.parse(code)
    return DerivedValue(
        series_id=series_id,
        period=code,
        period_start=period.start,
        period_end=period.end,
        value=cell.figure.value,
        lower=cell.figure.lower,
        upper=cell.figure.upper,
        null_reason=cell.figure.null_reason,
        rule_version_id=cell.version_id,
    )


def _compute_summaries(series_ids: Collection[int], work: Work) -> None:
    """Summaries from the merged values as they will stand once the work is written."""
    standing = SeriesSummary.objects.in_bulk(series_ids)
    series = Series.objects.with_definitions().in_bulk(series_ids)
    panel = _values_after(series_ids, work)
    for pk, one in series.items():
        made = summary_row(one, panel.get(pk, {}))
        if pk not in standing or not _same_summary(standing[pk], made):
            work.summaries.append(made)


def _values_after(series_ids: Collection[int], work: Work) -> dict[int, dict[Period, Figure]]:
    gone = {slot for _, slot in work.deletes}
    observed = observed_values(series_ids)
    panel: dict[int, dict[Period, Figure]] = {
        pk: {
            p: v.figure for p, v in values.items() if (pk, p.code) not in gone or p in observed[pk]
        }
        for pk, values in series_values(series_ids).items()
    }
    for row in work.upserts:
        period = Period.parse(row.period)
        if row.series_id in panel and period not in observed.get(row.series_id, {}):
            figure = Figure(row.value, row.lower, row.upper, row.null_reason)
            panel[row.series_id][period] = figure
    return panel


def _same_summary(standing: SeriesSummary, made: SeriesSummary) -> bool:
    names = [field.attname for field in SeriesSummary._meta.fields if field.name != "computed_seq"]
    return all(getattr(standing, name) == getattr(made, name) for name in names)
