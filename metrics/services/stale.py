"""Marks on what must be computed again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q

from metrics.models import RuleInput, StaleSeries

# (series id, period code)
Slot = tuple[int, str]
EVERY_PERIOD = ""


@dataclass(slots=True)
class Targets:
    """What is to be computed: whole series, and group-wide rules for some periods.

    `rules` maps a rule's id to period codes; the code "" stands for every period.
    """

    series: set[int] = field(default_factory=set)
    rules: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __bool__(self) -> bool:
        return bool(self.series or self.rules)

    def __len__(self) -> int:
        return len(self.series) + sum(map(len, self.rules.values()))

    def add(self, other: "Targets") -> None:
        self.series |= other.series
        for rule_id, codes in other.rules.items():
            self.rules[rule_id] |= codes


def mark(targets: Targets) -> None:
    """Append a mark for every target; a target may be marked any number of times."""
    pairs = [(pk, code) for pk, codes in sorted(targets.rules.items()) for code in sorted(codes)]
    rows: list[tuple[int | None, int | None, str]]
    rows = [(pk, None, EVERY_PERIOD) for pk in sorted(targets.series)]
    rows += [(None, pk, code) for pk, code in pairs]
    if not rows:
        return
    series, rules, codes = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO metrics_staleseries"
            " (series_id, rule_id, period, marked_at, attempts, error)"
            " SELECT *, clock_timestamp(), 0, ''"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::text[])",
            [_ids(series), _ids(rules), list(codes)],
        )


def _ids(column: Iterable[int | None]) -> str:
    return f"{{{','.join('NULL' if pk is None else str(pk) for pk in column)}}}"


def marked_again(series_ids: Collection[int], rule_id: int | None) -> Targets:
    """Which of the series have a mark that waits for nothing, and which periods of the rule."""
    wanted = Q(series__any=series_ids) if rule_id is None else Q(rule=rule_id)
    found = Targets()
    rows = StaleSeries.objects.filter(wanted, retry_at=None)
    for series_id, code in rows.values_list("series_id", "period").distinct():
        if rule_id is None:
            found.series.add(series_id)
        else:
            found.rules[rule_id].add(code)
    return found


def affected(slots: Set[Slot], *, summarised: Set[int] = frozenset()) -> Targets:
    """What a change of these slots affects: the series themselves and what depends on them.

    The series themselves are named for their summaries, unless those were just made
    (`summarised`). A rule for single series is named by its output; a group-wide rule by itself
    and the touched periods, so that one member does not recompute the history of all.
    """
    periods: dict[int, set[str]] = defaultdict(set)
    for series_id, period in slots:
        periods[series_id].add(period)
    targets = Targets(series=set(periods) - summarised)
    edges = (
        RuleInput.objects.current()
        .filter(input__any=periods)
        .order_by()
        .values_list("input_id", "output_id", "version__rule_id", "version__rule__group_id")
        .distinct()
    )
    for input_id, output_id, rule_id, group_id in edges:
        if group_id is None:
            targets.series.add(output_id)
        else:
            targets.rules[rule_id] |= periods[input_id]
    return targets
