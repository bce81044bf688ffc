"""What sources do not let us offer for download: hidden before anything is computed of it.

Single figures of such a source are quoted on pages; a file or an answer of the API says in their
place that they are restricted, with source and period. The one statement of observation_sql has
the same for the plain current values. What a rule makes of them is hidden too, since a share and
its whole, or a formula, would give them away; and a transform of a hidden value has nothing to
take.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from metrics.models import NullReason, Observation, Series, Source
from metrics.selectors.consistency_checks import Check
from metrics.selectors.consistency_growth import growth_pairs
from metrics.selectors.panel import Panel
from metrics.selectors.statements import Statement
from metrics.selectors.values import SeriesValues, Value
from metrics.stats.bounds import Figure

if TYPE_CHECKING:
    from metrics.selectors.observation_rows import Material

_HIDDEN: Final = Figure.missing(NullReason.RESTRICTED)
_TAINTED: Final = """
    WITH RECURSIVE taken AS (
        SELECT i.output_id, i.input_id FROM metrics_ruleinput i
        WHERE i.output_id = ANY(%(series)s) AND {edge}
        UNION
        SELECT t.output_id, i.input_id FROM taken t
        JOIN metrics_ruleinput i ON i.output_id = t.input_id AND {edge}
    )
    SELECT DISTINCT output_id FROM taken
    WHERE EXISTS (
        SELECT FROM metrics_observation o JOIN metrics_source s ON s.id = o.source_id
        WHERE o.series_id = taken.input_id AND o.preferred AND {row}
          AND NOT s.redistributable AND o.value IS NOT NULL)
"""
_STANDS: Final = """{alias}.seq_from <= %(seq)s AND ({alias}.seq_to IS NULL
    OR {alias}.seq_to > %(seq)s)"""
_IS_CURRENT: Final = "{alias}.seq_to IS NULL"


@dataclass(frozen=True, slots=True)
class Restricted:
    """Sources whose values are hidden, and series derived from such values.

    `checked_ids`: series of which a stated rate is held against such values.
    """

    sources: frozenset[str]
    source_ids: frozenset[int]
    series_ids: frozenset[int]
    checked_ids: frozenset[int] = frozenset()

    def hidden(self, material: "Material") -> "Material":
        """The same material without what is restricted."""
        if not self.source_ids:
            return material
        stated = {pk: [self.statement(one) for one in told] for pk, told in material.stated.items()}
        checks = {key: one for key, one in material.checks.items() if not self._gives_away(one)}
        return replace(
            material, stated=stated, derived=self.values(material.derived), checks=checks
        )

    def statement(self, one: Statement) -> Statement:
        return replace(one, value=self.value(one.series_id, one.value))

    def values(self, values: SeriesValues) -> SeriesValues:
        if not self.source_ids:
            return values
        return {
            pk: {period: self.value(pk, value) for period, value in cells.items()}
            for pk, cells in values.items()
        }

    def value(self, series_id: int, value: Value) -> Value:
        """The value of a series, its figure hidden where that is restricted."""
        if not self.is_hidden(series_id, value):
            return value
        return replace(
            value, figure=_HIDDEN, stated="", resolution=None, note="", qualifier="exact"
        )

    def is_hidden(self, series_id: int, value: Value) -> bool:
        if value.source_id is None:
            return series_id in self.series_ids
        return value.source_id in self.source_ids and not value.figure.is_missing

    def _gives_away(self, check: Check) -> bool:
        """The interval of a check is that of the levels; its verdict tells of what is stated."""
        return check.series_id in self.checked_ids or self.is_hidden(check.series_id, check.stated)


NOTHING: Final = Restricted(frozenset(), frozenset(), frozenset())


def restricted_of(
    series_ids: Collection[int], seq: int | None = None, *, with_checks: bool = False
) -> Restricted:
    """What is restricted of the series at a seq (None: now).

    One query where every source lets us offer its figures, else two; four `with_checks`.
    """
    rows = Source.objects.filter(redistributable=False).values_list("pk", "slug")
    sources = dict(rows)
    if not sources:
        return NOTHING
    tainted = _tainted(series_ids, seq)
    checked = tainted | _checked_by(series_ids, sources, seq) if with_checks else tainted
    return Restricted(frozenset(sources.values()), frozenset(sources), tainted, checked)


def offered_panel(panel: Panel, seq: int | None = None) -> Panel:
    """A panel of a seq as it may leave the site; the same one where nothing is hidden.

    As many queries as `restricted_of`.
    """
    restricted = restricted_of([one.pk for one in panel.series.values()], seq)
    if not restricted.source_ids:
        return panel
    return replace(panel, values=restricted.values(panel.values), _transformed={})


def is_held_back(panel: Panel, offered: Panel, keys: Iterable[str]) -> bool:
    """Whether any value of some series is in the panel and not in what is offered of it."""
    return any(
        value.figure.is_missing and not panel.values_of(key)[period].figure.is_missing
        for key in keys
        for period, value in offered.values_of(key).items()
    )


def hide_in_rows(rows: Iterable[dict[str, Any]]) -> None:
    """Take out of current rows of observations, by their names, what is restricted.

    One query where every source lets us offer its figures, else three.
    """
    told = list(rows)
    restricted = restricted_of(())
    if not restricted.source_ids:
        return
    keys = {row["series"] for row in told if row["source"] is None}
    ids = dict(Series.objects.filter(key__in=keys).values_list("pk", "key"))
    tainted = {ids[pk] for pk in _tainted(ids, None)}
    for row in told:
        is_kept = row["source"] in restricted.sources and row["value"] is not None
        if is_kept or (row["source"] is None and row["series"] in tainted):
            row |= dict.fromkeys(("value", "stated", "resolution", "lower", "upper"))
            row |= {"qualifier": "exact", "null_reason": str(NullReason.RESTRICTED)}


def has_restricted(series_id: int) -> bool:
    """Whether any current value of a series is restricted. Three queries at most."""
    restricted = restricted_of([series_id])
    if not restricted.source_ids or series_id in restricted.series_ids:
        return bool(restricted.series_ids)
    stated = Observation.objects.current().preferred().filter(series=series_id)
    return stated.filter(source__in=restricted.source_ids, value__isnull=False).exists()


def _checked_by(
    series_ids: Collection[int], sources: Collection[int], seq: int | None
) -> frozenset[int]:
    """Series of growth with restricted levels."""
    pairs = growth_pairs(series_ids)
    levels = {pair.level_id for pair in pairs if pair.level_id is not None}
    rows = Observation.objects.at_seq(seq).preferred()
    kept = set(
        rows.filter(series__in=levels, source__in=sources, value__isnull=False)
        .order_by()
        .values_list("series_id", flat=True)
    )
    return frozenset(pair.growth_id for pair in pairs if pair.level_id in kept)


def _tainted(series_ids: Collection[int], seq: int | None) -> frozenset[int]:
    """Those that rules make of restricted values, all the way down."""
    template = _IS_CURRENT if seq is None else _STANDS
    statement = _TAINTED.format(edge=template.format(alias="i"), row=template.format(alias="o"))
    asked: dict[str, Any] = {"series": list(series_ids), "seq": seq}
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return frozenset(pk for (pk,) in cursor.fetchall())
