"""Recomputing everything from the observations and comparing it with what stands."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

from django.db import connection, transaction

from metrics.models import Rule, RuleInput, Series, SeriesSummary, StaleSeries
from metrics.services.claims import MOST_CELLS
from metrics.services.derived import Work, compute_work, outputs_ever
from metrics.services.merging import stage
from metrics.services.panels import periods_of
from metrics.services.stale import EVERY_PERIOD, Targets

SERIES_AT_ONCE = 1000
DIFFERENCES_KEPT = 1000

Told = Callable[["Verification"], None]

_DIFFERENCES = """
    SELECT s.key, f.period, d.value, d.null_reason, f.value, f.null_reason, f.is_gone, f.old_id,
        CASE WHEN d.id IS NULL OR f.is_gone THEN ''
             WHEN (d.value, d.null_reason) IS DISTINCT FROM (f.value, f.null_reason) THEN 'value'
             WHEN (d.lower, d.upper) IS DISTINCT FROM (f.lower, f.upper) THEN 'bounds'
             ELSE 'rule version' END
    FROM refresh_difference f
    LEFT JOIN metrics_series s ON s.id = f.series_id
    LEFT JOIN metrics_derivedvalue d ON d.id = f.old_id
    ORDER BY 1, 2
"""
# What no foreign key holds: constraint checks are over half of the cost of a bulk insert.
_ORPHANS = {
    "observation without its series": """
        SELECT o.series_id::text, o.period FROM metrics_observation o
        WHERE NOT EXISTS (SELECT 1 FROM metrics_series x WHERE x.id = o.series_id)""",
    "observation without its source": """
        SELECT s.key, o.period
        FROM metrics_observation o JOIN metrics_series s ON s.id = o.series_id
        WHERE NOT EXISTS (SELECT 1 FROM metrics_source x WHERE x.id = o.source_id)""",
    "observation without its release": """
        SELECT s.key, o.period
        FROM metrics_observation o JOIN metrics_series s ON s.id = o.series_id
        WHERE NOT EXISTS (SELECT 1 FROM metrics_release x WHERE x.id = o.release_id)""",
    "derived value without its series": """
        SELECT d.series_id::text, d.period FROM metrics_derivedvalue d
        WHERE NOT EXISTS (SELECT 1 FROM metrics_series x WHERE x.id = d.series_id)""",
    "derived value without its rule": """
        SELECT d.series_id::text, d.period FROM metrics_derivedvalue d
        WHERE NOT EXISTS (SELECT 1 FROM metrics_ruleversion x WHERE x.id = d.rule_version_id)""",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell or a summary that is not what the observations give. `period` is "" for a summary."""

    series: str
    period: str
    what: str
    stored: str
    computed: str

    def __str__(self) -> str:
        place = f"{self.series}@{self.period}" if self.period else self.series
        return f"{place}: {self.what}: stored {self.stored}, computed {self.computed}"


@dataclass(slots=True)
class Verification:
    """What a verification has compared so far. The first DIFFERENCES_KEPT differences are kept.

    `waiting` counts targets that were marked when their part was read: what stands there is known
    to be old, so it is not compared.
    """

    total: int = 0
    targets: int = 0
    values: int = 0
    waiting: int = 0
    differing: int = 0
    differences: list[Difference] = field(default_factory=list)

    def tell(self, difference: Difference) -> None:
        self.differing += 1
        if len(self.differences) < DIFFERENCES_KEPT:
            self.differences.append(difference)


def verify_derived(told: Told = lambda so_far: None) -> Verification:
    """Recompute every derived value and summary by the definitions, and compare.

    Part by part, each at one moment, so that refreshes and publications may go on meanwhile;
    nothing is locked and nothing is written. `told` is called after every part.
    """
    parts = list(verification_parts())
    found = Verification(total=sum(map(len, parts)))
    for part in parts:
        with _one_moment():
            wanted = _without_marked(part)
            found.waiting += len(part) - len(wanted)
            _compare(wanted, found)
        found.targets += len(part)
        told(found)
    _find_orphans(found)
    return found


def verification_parts() -> Iterator[Targets]:
    """Every series, and every rule over a group in every period in which it could say anything."""
    ids = iter(Series.objects.order_by("pk").values_list("pk", flat=True))
    while part := set(islice(ids, SERIES_AT_ONCE)):
        yield Targets(series=part)
    for rule_id in Rule.objects.filter(group__isnull=False).values_list("pk", flat=True):
        outputs = outputs_ever([rule_id])[rule_id]
        inputs = RuleInput.objects.current().filter(version__rule=rule_id)
        periods = periods_of({*outputs, *inputs.order_by().values_list("input_id", flat=True)})
        step = max(MOST_CELLS // max(len(outputs), 1), 1)
        for start in range(0, len(periods), step):
            targets = Targets()
            targets.rules[rule_id] |= set(periods[start : start + step])
            yield targets


@contextmanager
def _one_moment() -> Iterator[None]:
    """One snapshot; not READ ONLY, which would refuse the tables that the comparison makes."""
    fresh = not connection.in_atomic_block
    with transaction.atomic():
        if fresh:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _without_marked(part: Targets) -> Targets:
    left = Targets()
    marks = StaleSeries.objects.filter(series__in=part.series)
    left.series = part.series - set(marks.values_list("series_id", flat=True))
    for rule_id, codes in part.rules.items():
        marked = StaleSeries.objects.filter(rule=rule_id).values_list("period", flat=True)
        kept = codes - set(marked) if EVERY_PERIOD not in marked else set()
        if kept:
            left.rules[rule_id] = kept
    return left


def _compare(targets: Targets, found: Verification) -> None:
    work = compute_work(targets, by_definition=True)
    found.values += sum(len(made) for _, made in work.cells)
    stage(work)
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES)
        for key, period, old, old_reason, new, new_reason, is_gone, old_id, what in cursor:
            stored = "nothing" if old_id is None else _printed(old, old_reason)
            computed = "nothing" if is_gone else _printed(new, new_reason)
            found.tell(Difference(str(key), period, what or "value", stored, computed))
    _compare_summaries(work, found)


def _compare_summaries(work: Work, found: Verification) -> None:
    made = {row.series_id: row for row in work.summaries} | dict.fromkeys(work.without_summary)
    standing = SeriesSummary.objects.in_bulk(list(made))
    for series in Series.objects.filter(pk__in=made).order_by("pk"):
        stored, computed = _told_apart(standing.get(series.pk), made[series.pk])
        found.tell(Difference(series.key, "", "summary", stored, computed))


def _told_apart(stored: SeriesSummary | None, made: SeriesSummary | None) -> tuple[str, str]:
    """Both summaries by the fields in which they differ."""
    names = [f.attname for f in SeriesSummary._meta.fields if f.name != "computed_seq"]
    if stored is not None and made is not None:
        names = [name for name in names if getattr(stored, name) != getattr(made, name)]
    first, second = (
        "nothing" if row is None else ", ".join(f"{name} {getattr(row, name)}" for name in names)
        for row in (stored, made)
    )
    return first, second


def _find_orphans(found: Verification) -> None:
    with connection.cursor() as cursor:
        for what, sql in _ORPHANS.items():
            cursor.execute(sql)
            for key, period in cursor.fetchall():
                found.tell(Difference(key, period, what, "it", "nothing"))


def _printed(value: object, reason: str) -> str:
    return f"null ({reason})" if value is None else format(value, "f")
