"""What changed since a place in the Change log: values and definitions, in one order.

Each kind of item has a rank; a place is a seq, a rank and what orders the items of that rank. All
that has one seq was committed in one transaction, under a lock, so whoever goes on from a place
misses nothing and meets nothing twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import connection

from metrics.models import Change
from metrics.selectors.written_rows import last_row_before

DEFINITION, OBSERVATION, GONE, DERIVED, REDACTION = range(5)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in the order: everything up to and with it is known. `rank` -1: before a seq."""

    seq: int
    rank: int = -1
    first: int = 0
    second: str = ""

    @classmethod
    def after(cls, seq: int) -> "Place":
        """Everything of the seq is known."""
        return cls(seq + 1)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that changed. `value`: the fields of an observation, in the API's names."""

    place: Place
    kind: str
    action: str
    key: str
    period: str | None = None
    value: dict[str, Any] | None = field(default=None, hash=False)
    language: str | None = None


_VALUE: Final = """
    s.key, {row}.period, {row}.period_start, {row}.period_end, {row}.value,
    {stated}, {resolution}, {row}.lower, {row}.upper, {qualifier}, {status},
    nullif({row}.null_reason, ''), u.key, {source}, {locator}, {vintage}
"""
_NAMED: Final = """
    JOIN metrics_series s ON s.id = {row}.series_id
    JOIN metrics_indicator i ON i.id = s.indicator_id JOIN metrics_unit u ON u.id = i.unit_id
"""
_FIELDS: Final = (
    "series", "period", "period_start", "period_end", "value", "stated", "resolution", "lower",
    "upper", "qualifier", "status", "null_reason", "unit", "source", "locator", "vintage_on",
)  # fmt: skip
_STATED: Final = _VALUE.format(
    row="o",
    stated="nullif(o.stated, '')",
    resolution="o.resolution",
    qualifier="o.qualifier",
    status="o.status",
    source="source.slug",
    locator="nullif(o.locator, '')",
    vintage="o.vintage_on",
)
# Ids rise with seq, because rows are written under the publishing lock alone.
_OBSERVATIONS: Final = f"""
    SELECT o.seq_from, o.id, o.seq_to, EXISTS (
            SELECT FROM metrics_observation b WHERE b.series_id = o.series_id
                AND b.period = o.period AND b.preferred AND b.seq_from < o.seq_from
                AND b.seq_to IS DISTINCT FROM b.seq_from), {_STATED}
    FROM metrics_observation o {_NAMED.format(row="o")}
    JOIN metrics_source source ON source.id = o.source_id
    WHERE o.id > %(after)s AND o.preferred AND o.seq_to IS DISTINCT FROM o.seq_from
    ORDER BY o.id LIMIT %(most)s
"""  # noqa: S608
_REDACTIONS: Final = f"""
    SELECT v.change_id, v.id, o.seq_to, true, {_STATED}, o.seq_from
    FROM metrics_valueredaction v
    JOIN metrics_observation o ON o.series_id = v.series_id AND o.period = v.period
        AND o.preferred AND o.seq_to IS NULL {_NAMED.format(row="o")}
    JOIN metrics_source source ON source.id = o.source_id
    WHERE v.state IN ('done', 'lifted') AND (v.change_id, v.id) > (%(seq)s, %(first)s)
    ORDER BY v.change_id, v.id LIMIT %(most)s
"""  # noqa: S608
_DERIVED: Final = f"""
    SELECT t.seq, t.series_id, d.period, {
    _VALUE.format(
        row="d",
        stated="NULL",
        resolution="NULL",
        qualifier='''CASE WHEN d.value IS NULL OR (d.lower IS NOT NULL AND d.upper IS NOT NULL)
            THEN 'exact' WHEN d.lower IS NOT NULL THEN 'over' WHEN d.upper IS NOT NULL THEN 'under'
            ELSE 'about' END''',
        status="CASE rule.kind WHEN 'implied-prior' THEN 'I' ELSE 'E' END",
        source="NULL",
        locator="NULL",
        vintage="NULL",
    )
}, rule.key
    FROM metrics_derivedtick t
    JOIN metrics_derivedvalue d ON d.series_id = t.series_id AND d.computed_seq = t.seq
    {_NAMED.format(row="d")}
    LEFT JOIN metrics_ruleversion version ON version.id = d.rule_version_id
    LEFT JOIN metrics_rule rule ON rule.id = version.rule_id
    WHERE (t.seq, t.series_id) >= (%(seq)s, %(first)s)
        AND (t.seq, t.series_id, d.period) > (%(seq)s, %(first)s, %(second)s)
        AND NOT EXISTS (SELECT FROM metrics_observation o WHERE o.series_id = d.series_id
            AND o.period = d.period AND o.preferred AND o.seq_to IS NULL)
    ORDER BY t.seq, t.series_id, d.period LIMIT %(most)s
"""  # noqa: S608
_GONE: Final = """
    SELECT g.seq, g.id, s.key, g.period FROM metrics_derivedgone g
    JOIN metrics_series s ON s.id = g.series_id
    WHERE (g.seq, g.id) > (%(seq)s, %(first)s)
        AND NOT EXISTS (SELECT FROM metrics_observation o WHERE o.series_id = g.series_id
            AND o.period = g.period AND o.preferred AND o.seq_to IS NULL)
    ORDER BY g.seq, g.id LIMIT %(most)s
"""
_DEFINITIONS: Final = """
    SELECT e.seq, e.id, e.kind, e.key, e.action FROM metrics_definitionedit e
    WHERE (e.seq, e.id) > (%(seq)s, %(first)s) ORDER BY e.seq, e.id LIMIT %(most)s
"""


def value_items(place: Place, most: int) -> list[Item]:
    """The next `most` items of values and definitions after a place, in order.

    Five queries, and for a place that names no observation a search of some twenty more.
    """
    found: list[Item] = []
    for fetch in (_definitions, _observations, _gone, _derived, _redactions):
        found += fetch(place, most)
    return sorted(found, key=lambda item: item.place)[:most]


def with_moments(items: Sequence[Item]) -> dict[int, datetime]:
    """When each seq that the items name was published. One query."""
    seqs = {item.place.seq for item in items}
    for item in items:
        if item.value is not None:
            seqs |= {item.value["valid_from"], item.value["valid_to"]} - {None}
    return dict(Change.objects.filter(seq__in=seqs).values_list("seq", "published_at"))


def _definitions(place: Place, most: int) -> list[Item]:
    return [
        Item(Place(seq, DEFINITION, pk), kind, action, key)
        for seq, pk, kind, key, action in rows_after(_DEFINITIONS, place, DEFINITION, most)
    ]


def _observations(place: Place, most: int) -> list[Item]:
    if place.rank == OBSERVATION:
        after = place.first
    else:
        # of the place's own seq nothing or everything is known
        seq = place.seq if place.rank < OBSERVATION else place.seq + 1
        after = last_row_before(seq)
    return [
        Item(Place(seq, OBSERVATION, pk), "observation", _action(had, row), row[0], row[1],
             _value(row, seq, until))
        for seq, pk, until, had, *row in _fetched(_OBSERVATIONS, {"after": after, "most": most})
    ]  # fmt: skip


def _action(had: bool, row: Sequence[Any]) -> str:
    if row[_FIELDS.index("null_reason")] == "withdrawn":
        return "withdrawn"
    return "revised" if had else "added"


def _redactions(place: Place, most: int) -> list[Item]:
    return [
        Item(Place(seq, REDACTION, pk), "observation", "redacted", row[0], row[1],
             _value(row[:-1], row[-1], until))
        for seq, pk, until, _had, *row in rows_after(_REDACTIONS, place, REDACTION, most)
    ]  # fmt: skip


def _derived(place: Place, most: int) -> list[Item]:
    return [
        Item(Place(seq, DERIVED, series, period), "derived", "revised", row[0], period,
             {**_value(row[:-1], seq, None), "rule": row[-1]})
        for seq, series, period, *row in rows_after(_DERIVED, place, DERIVED, most)
    ]  # fmt: skip


def _gone(place: Place, most: int) -> list[Item]:
    return [
        Item(Place(seq, GONE, pk), "derived", "withdrawn", key, period)
        for seq, pk, key, period in rows_after(_GONE, place, GONE, most)
    ]


def _value(row: Iterable[Any], seq: int, until: int | None) -> dict[str, Any]:
    """`valid_from` and `valid_to` as seqs, which become moments when it is written."""
    fields = dict(zip(_FIELDS, row, strict=True))
    return {**fields, "valid_from": seq, "valid_to": until}


def rows_after(statement: str, place: Place, rank: int, most: int) -> list[tuple[Any, ...]]:
    """The rows of a rank after a place: those of its seq too where they come after its rank.

    The statement takes `seq`, `first`, perhaps `second`, and `most`.
    """
    asked: dict[str, Any] = {"most": most}
    if place.rank == rank:
        asked |= {"seq": place.seq, "first": place.first, "second": place.second}
    else:
        asked |= {"seq": place.seq + (place.rank > rank), "first": -1, "second": ""}
    return _fetched(statement, asked)


def _fetched(statement: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())
