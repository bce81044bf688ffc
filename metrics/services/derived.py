"""Computing targets from current values. Nothing is written here; callers hold the locks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from metrics.models import Rule, RuleInput, RuleVersion, Series, SeriesSummary
from metrics.selectors.breaks import breaks_of
from metrics.selectors.rule_graph import Roles, rule_edges
from metrics.selectors.summaries import memberwise_outputs, summary_row
from metrics.services.panels import (
    Cell,
    Columns,
    Panel,
    derived_panel,
    input_columns,
    merged,
    observed_panel,
    period_of,
    periods_of,
)
from metrics.services.stale import EVERY_PERIOD, Targets
from metrics.stats.bounds import Figure
from metrics.stats.breaks import NO_BREAKS, Breaks
from metrics.stats.columns import column_ranks, column_shares, column_sum, is_plain
from metrics.stats.derivation import EMPTY, derive
from metrics.stats.periods import Period

# (series id, period, value, lower, upper, null reason, rule version)
Made = tuple[int, str, Decimal | None, Decimal | None, Decimal | None, str, int]
Edges = Mapping[int, Roles]
# values, lower and upper bounds of the members of a column
Numbers = tuple[tuple[Decimal, ...], tuple[Decimal, ...], tuple[Decimal, ...]]


@dataclass(frozen=True, slots=True)
class Scope:
    """The cells that a computation answers for: what it did not make there is no longer made.

    Series with all their periods but without what group-wide rules made, or one group-wide rule
    with all series that ever were its outputs, in some periods (None: in all).
    """

    series: tuple[int, ...]
    rule_id: int | None = None
    codes: tuple[str, ...] | None = None


@dataclass(slots=True)
class Work:
    """What the targets come to: cells with the scopes they fill, and summaries."""

    scopes: list[Scope] = field(default_factory=list)
    cells: list[tuple[Scope, list[Made]]] = field(default_factory=list)
    summaries: list[SeriesSummary] = field(default_factory=list)
    without_summary: list[int] = field(default_factory=list)
    read: int = 0
    differs: bool = False

    def add(self, scope: Scope, made: list[Made]) -> None:
        self.cells.append((scope, made))

    def extend(self, other: "Work") -> None:
        self.cells += other.cells
        self.summaries += other.summaries
        self.without_summary += other.without_summary
        self.read += other.read


def compute_work(targets: Targets, *, by_definition: bool = False) -> Work:
    """Evaluate the targets from current observations and cached inputs; nothing is written.

    `by_definition` goes the long way everywhere, past the whole columns of stats.columns.
    """
    work = Work()
    for ids, pairs in _groups(targets):
        _compute_groups(ids, pairs, work, by_definition)
    if targets.series:
        _compute_series(sorted(targets.series), work)
    return work


# -- group-wide rules ----------------------------------------------------------------------------
def _groups(targets: Targets) -> Iterator[tuple[list[int], frozenset[str]]]:
    """Rules by group and by the periods wanted, so that what they share is read once."""
    groups = dict(Rule.objects.filter(pk__any=targets.rules).values_list("pk", "group_id"))
    together: dict[tuple[int, frozenset[str]], list[int]] = defaultdict(list)
    for rule_id, codes in sorted(targets.rules.items()):
        wanted = frozenset([EVERY_PERIOD]) if EVERY_PERIOD in codes else frozenset(codes)
        together[groups.get(rule_id, 0), wanted].append(rule_id)
    for (_, wanted), ids in together.items():
        yield ids, wanted


def _compute_groups(
    rule_ids: list[int], codes: frozenset[str], work: Work, by_definition: bool
) -> None:
    versions = {
        version.rule_id: version
        for version in RuleVersion.objects.current()
        .select_related("rule")
        .filter(rule__in=rule_ids)
    }
    edges = rule_edges(RuleInput.objects.current().filter(version__in=versions.values()))
    inputs = {pk for one in edges.values() for pk in _inputs(one)}
    outputs = outputs_ever(rule_ids)
    wanted = sorted(codes) if EVERY_PERIOD not in codes else periods_of(inputs)
    columns = input_columns(inputs, wanted)
    work.read += sum(map(len, columns.values()))
    plain = None if by_definition else PlainColumns(columns)
    for rule_id in rule_ids:
        version = versions.get(rule_id)
        own = edges.get(version.pk, {}) if version else {}
        made = _made_by(version, own, columns, plain) if version else []
        every = EVERY_PERIOD in codes
        scope = Scope(tuple(outputs[rule_id]), rule_id, None if every else tuple(wanted))
        work.add(scope, made)


def outputs_ever(rule_ids: Collection[int]) -> dict[int, list[int]]:
    """The series that each rule makes or once made. One query."""
    outputs: dict[int, list[int]] = {pk: [] for pk in rule_ids}
    # by the ids alone: the usual order would join and sort all series by key
    rows = RuleInput.objects.filter(version__rule__in=rule_ids).order_by("output_id")
    for rule_id, output in rows.values_list("version__rule_id", "output_id").distinct():
        outputs[rule_id].append(output)
    return outputs


def _inputs(edges: Edges) -> set[int]:
    return {pk for roles in edges.values() for pks in roles.values() for pk in pks}


def _made_by(
    version: RuleVersion, edges: Edges, columns: Columns, plain: "PlainColumns | None"
) -> list[Made]:
    made: list[Made] = []
    rest: list[str] = []
    members = _members(version.rule.kind, edges) if plain else ()
    for code, column in columns.items():
        numbers = plain.numbers(code, members) if plain and members else None
        cells = _quickly(version.rule.kind, edges, column, numbers) if numbers else None
        if cells is None:
            rest.append(code)
        else:
            made += [(pk, code, *cell, "", version.pk) for pk, cell in cells]
    made += _by_definition(version, edges, {code: columns[code] for code in rest})
    return made


class PlainColumns:
    """The numbers of the same members side by side, read off once for all rules of a group."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._numbers: dict[tuple[str, tuple[int, ...]], Numbers | None] = {}

    def numbers(self, code: str, members: tuple[int, ...]) -> Numbers | None:
        """Values, lower and upper bounds; None where a member has no cell or is not plain."""
        key = code, members
        if key not in self._numbers:
            self._numbers[key] = self._plain(code, members)
        return self._numbers[key]

    def _plain(self, code: str, members: tuple[int, ...]) -> Numbers | None:
        try:
            cells = list(map(self._columns[code].__getitem__, members))
        except KeyError:
            return None
        values, lowers, uppers, reasons = zip(*cells, strict=True)
        return (values, lowers, uppers) if not any(reasons) and is_plain(lowers, uppers) else None


def _members(kind: str, edges: Edges) -> tuple[int, ...]:
    """The members of a rule that has a quick way, in the order of its outputs; else none."""
    if kind not in ("share", "rank", "sum"):
        return ()
    role = "member" if kind == "sum" else "part"
    members = tuple(pk for roles in edges.values() for pk in roles.get(role, ()))
    return members if len(edges) == (1 if kind == "sum" else len(members)) else ()


def _quickly(
    kind: str, edges: Edges, column: Mapping[int, Cell], numbers: Numbers
) -> Iterable[tuple[int, tuple[Decimal, Decimal, Decimal]]] | None:
    """The outputs of a plain column (stats.columns), or None for the definitions to make."""
    if kind == "rank":
        return zip(edges, column_ranks(*numbers), strict=True)
    if kind == "sum":
        total = column_sum(*numbers)
        return [(output, (total.value, total.lower, total.upper)) for output in edges]  # type: ignore[misc]
    whole = _whole(edges, column, numbers)
    if whole is None:
        return None
    return zip(edges, column_shares(*numbers, whole), strict=True)


def _whole(edges: Edges, column: Mapping[int, Cell], members: Numbers) -> Figure | None:
    """The declared total where it is plain, or the sum of the members."""
    wholes = {pk for roles in edges.values() for pk in roles.get("whole", ())}
    if not wholes:
        return column_sum(*members)
    if len(wholes) > 1 or any("whole" not in roles for roles in edges.values()):
        return None
    cell = column.get(wholes.pop())
    if cell is None or cell[0] is None or not is_plain([cell[1]], [cell[2]]):
        return None
    return Figure(*cell[:3])


def _by_definition(version: RuleVersion, edges: Edges, columns: Columns) -> list[Made]:
    if not columns or not edges:
        return []
    panel: Panel = defaultdict(dict)
    for code, column in columns.items():
        period = period_of(code)
        for pk, cell in column.items():
            panel[pk][period] = Figure(*cell)
    periods = {period_of(code) for code in columns}
    return list(_derived_cells(version, edges, panel, periods))


def _derived_cells(
    version: RuleVersion,
    edges: Edges,
    panel: Panel,
    periods: Collection[Period] | None,
    breaks: Mapping[int, Breaks] = EMPTY,
) -> Iterator[Made]:
    made = derive(
        version.rule.kind,
        edges,
        panel,
        definition=version.definition,
        periods=periods,
        breaks=breaks,
    )
    for pk, figures in made.items():
        for period, one in figures.items():
            yield pk, period.code, one.value, one.lower, one.upper, one.null_reason, version.pk


# -- rules of single series, and summaries -------------------------------------------------------
def _compute_series(series_ids: list[int], work: Work) -> None:
    """All single-series rules of the targets; where two make a cell, implied prior gives way."""
    edges = rule_edges(
        RuleInput.objects.current().filter(output__any=series_ids, version__rule__group=None)
    )
    versions = RuleVersion.objects.select_related("rule").in_bulk(edges) if edges else {}
    inputs = {pk for one in edges.values() for pk in _inputs(one)} | set(series_ids)
    observed = observed_panel(inputs)
    both = merged(derived_panel(inputs), observed) if edges else observed
    work.read += sum(map(len, both.values()))
    breaks = breaks_of(inputs)
    cells: dict[tuple[int, str], Made] = {}
    for version in sorted(versions.values(), key=_precedence):
        panel = observed if version.rule.kind == "implied-prior" else both
        for row in _derived_cells(version, edges[version.pk], panel, None, breaks):
            cells.setdefault(row[:2], row)
    work.add(Scope(tuple(series_ids)), list(cells.values()))
    _compute_summaries(series_ids, observed, cells, work, breaks)


def _precedence(version: RuleVersion) -> tuple[bool, str]:
    """Which single-series rule makes a cell that two could make: the same order as for the past."""
    return version.rule.kind == "implied-prior", version.rule.key


def _compute_summaries(
    series_ids: list[int],
    observed: Panel,
    cells: Mapping[tuple[int, str], Made],
    work: Work,
    breaks: Mapping[int, Breaks],
) -> None:
    """Summaries of the values as they will stand once the work is written.

    A series that never had a value has none: nothing is marked when it is made.
    """
    memberwise = memberwise_outputs(series_ids)
    standing = {row.pk: row for row in SeriesSummary.objects.filter(pk__any=series_ids)}
    work.without_summary += sorted(memberwise & set(standing))
    own = [pk for pk in series_ids if pk not in memberwise]
    panel = merged(derived_panel(own, group_wide_only=True), observed)
    for (pk, code), made in cells.items():
        panel.setdefault(pk, {}).setdefault(period_of(code), Figure(*made[2:6]))
    for one in Series.objects.select_related("indicator").filter(pk__any=own).order_by("pk"):
        if one.pk not in standing and not panel.get(one.pk):
            continue
        summary = summary_row(one, panel.get(one.pk, {}), breaks.get(one.pk, NO_BREAKS))
        if one.pk not in standing or not _same_summary(standing[one.pk], summary):
            work.summaries.append(summary)


def _same_summary(standing: SeriesSummary, made: SeriesSummary) -> bool:
    names = [field.attname for field in SeriesSummary._meta.fields if field.name != "computed_seq"]
    return all(getattr(standing, name) == getattr(made, name) for name in names)
