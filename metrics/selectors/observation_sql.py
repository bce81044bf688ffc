"""The statement behind a page of observations (see observation_page)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from metrics.selectors.observation_page import PageRequest

# The names in JSON and CSV, in this order. `rule` is there for values that no source states.
COLUMNS = (
    "series",
    "period",
    "period_start",
    "period_end",
    "value",
    "stated",
    "resolution",
    "lower",
    "upper",
    "qualifier",
    "status",
    "null_reason",
    "unit",
    "source",
    "locator",
    "vintage_on",
    "valid_from",
    "valid_to",
    "rule",
)
# Series are placed by number and not by name: names of one site begin alike, and are slow to sort.
# Dates of periods without end or start sort last, as date.max does in Period.sort_key. What a
# source does not let us offer is null, as selectors.restricted has it: where there is no such
# source, neither the rules nor their inputs are looked at.
_PAGE = """
WITH RECURSIVE asked (number, series_id, series, unit, head, told_unit) AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY s.key COLLATE "C"), s.id, s.key COLLATE "C",
           u.key, '{{"series":' || to_json(s.key)::text || ',"period":"',
           ',"unit":' || to_json(u.key)::text
    FROM metrics_series s JOIN metrics_indicator i ON i.id = s.indicator_id
    JOIN metrics_unit u ON u.id = i.unit_id WHERE s.key = ANY(%s::text[])
), kept (source_id) AS MATERIALIZED (
    SELECT id FROM metrics_source WHERE NOT redistributable
), taken AS (
    SELECT i.output_id, i.input_id FROM asked JOIN metrics_ruleinput i ON i.output_id = series_id
    WHERE i.seq_to IS NULL AND EXISTS (SELECT FROM kept)
  UNION
    SELECT taken.output_id, i.input_id FROM taken
    JOIN metrics_ruleinput i ON i.output_id = taken.input_id AND i.seq_to IS NULL
), tainted AS MATERIALIZED (
    SELECT DISTINCT output_id FROM taken
    WHERE EXISTS (
        SELECT FROM metrics_observation o JOIN kept USING (source_id)
        WHERE o.series_id = taken.input_id AND o.preferred AND o.seq_to IS NULL
          AND o.value IS NOT NULL)
), slots AS (
    SELECT asked.number, asked.series, asked.unit, asked.head, asked.told_unit, o.period,
           o.period_start, o.period_end, o.value, o.stated, o.resolution, o.lower, o.upper,
           o.qualifier, o.status, o.null_reason, o.source_id, o.locator, o.vintage_on, o.seq_from,
           NULL::bigint AS rule_version_id,
           EXISTS (SELECT FROM kept) AND o.value IS NOT NULL
               AND o.source_id IN (SELECT source_id FROM kept) AS is_hidden
    FROM asked JOIN metrics_observation o USING (series_id)
    WHERE o.preferred AND o.seq_to IS NULL
  UNION ALL
    SELECT asked.number, asked.series, asked.unit, asked.head, asked.told_unit, d.period,
           d.period_start, d.period_end, d.value, NULL, NULL, d.lower, d.upper,
           CASE WHEN d.value IS NULL OR (d.lower IS NOT NULL AND d.upper IS NOT NULL) THEN 'exact'
                WHEN d.lower IS NOT NULL THEN 'over'
                WHEN d.upper IS NOT NULL THEN 'under'
                ELSE 'about' END,
           NULL, d.null_reason, NULL, NULL, NULL, d.computed_seq, d.rule_version_id,
           d.series_id IN (SELECT output_id FROM tainted)
    FROM asked JOIN metrics_derivedvalue d USING (series_id)
    WHERE NOT EXISTS (
        SELECT FROM metrics_observation o
        WHERE o.series_id = d.series_id AND o.period = d.period
          AND o.preferred AND o.seq_to IS NULL)
), placed AS (
    SELECT slots.*, series AS place_series,
           coalesce(period_end, period_start, '9999-12-31'::date) AS place_end,
           coalesce(period_start, '9999-12-31'::date) AS place_start,
           period COLLATE "C" AS place_period
    FROM slots
), page AS (
    SELECT placed.*, source.slug AS source, change.published_at, rule.key AS rule,
           coalesce(placed.status, CASE rule.kind WHEN 'implied-prior' THEN 'I' ELSE 'E' END)
               AS shown_status
    FROM placed
    LEFT JOIN metrics_source source ON source.id = placed.source_id
    LEFT JOIN metrics_change change ON change.seq = placed.seq_from
    LEFT JOIN metrics_ruleversion version ON version.id = placed.rule_version_id
    LEFT JOIN metrics_rule rule ON rule.id = version.rule_id
    WHERE {conditions} {order} LIMIT %s
)
SELECT {shown}
"""
_MOMENT = "page.published_at AT TIME ZONE 'UTC'"
_DAY_AND_TIME = 'YYYY-MM-DD"T"HH24:MI:SS'
# Most moments are whole seconds, and a fraction is only written where there is one.
_VALID_FROM = f"""CASE date_trunc('second', page.published_at) WHEN page.published_at
    THEN to_char({_MOMENT}, '{_DAY_AND_TIME}"Z"')
    ELSE to_char({_MOMENT}, '{_DAY_AND_TIME}.US"Z"') END"""
_AS_ROWS = f"""
page.series, page.period, page.period_start, page.period_end,
CASE WHEN NOT is_hidden THEN page.value END AS value,
CASE WHEN NOT is_hidden THEN nullif(page.stated, '') END AS stated,
CASE WHEN NOT is_hidden THEN page.resolution END AS resolution,
CASE WHEN NOT is_hidden THEN page.lower END AS lower,
CASE WHEN NOT is_hidden THEN page.upper END AS upper,
CASE WHEN is_hidden THEN 'exact' ELSE page.qualifier END AS qualifier,
page.shown_status AS status,
CASE WHEN is_hidden THEN 'restricted' ELSE nullif(page.null_reason, '') END AS null_reason,
page.unit, page.source, nullif(page.locator, '') AS locator, page.vintage_on,
{_VALID_FROM} AS valid_from, NULL::text AS valid_to, page.rule
"""


def _plain(name: str, column: str) -> str:
    """A field of what needs no escapes: numbers, days, and words that we choose ourselves."""
    return f"""coalesce(',"{name}":"' || {column} || '"', ',"{name}":null')"""


def _number(name: str) -> str:
    return f"""CASE WHEN is_hidden OR page.{name} IS NULL THEN ',"{name}":null'
        ELSE ',"{name}":"' || page.{name} || '"' END"""


def _escaped(name: str, column: str) -> str:
    return f"""coalesce(',"{name}":' || to_json({column})::text, ',"{name}":null')"""


def _joined(texts: Sequence[str]) -> str:
    """Put together by halves: each of a long chain of steps copies all that stands before it."""
    if len(texts) == 1:
        return texts[0]
    half = len(texts) // 2
    return f"({_joined(texts[:half])} || {_joined(texts[half:])})"


# A row as JSON, put together by hand: row_to_json takes three times as long.
_AS_JSON = _joined([
    "page.head", "page.period", "'\"'",
    _plain("period_start", "page.period_start"),
    _plain("period_end", "page.period_end"),
    _number("value"),
    _escaped("stated", "CASE WHEN NOT is_hidden THEN nullif(page.stated, '') END"),
    _number("resolution"),
    _number("lower"),
    _number("upper"),
    _plain("qualifier", "CASE WHEN is_hidden THEN 'exact' ELSE page.qualifier END"),
    _plain("status", "page.shown_status"),
    _plain("null_reason",
           "CASE WHEN is_hidden THEN 'restricted' ELSE nullif(page.null_reason, '') END"),
    "page.told_unit",
    _escaped("source", "page.source"),
    _escaped("locator", "nullif(page.locator, '')"),
    _plain("vintage_on", "page.vintage_on"),
    _plain("valid_from", _VALID_FROM),
    """',"valid_to":null'""",
    """coalesce(',"rule":' || to_json(page.rule)::text || '}', '}')""",
])  # fmt: skip


# One text a series: many small ones cost their way, and one that is large grows slowly.
_BY_SERIES = """string_agg({row}, ',' ORDER BY {places}), count(*)
FROM page GROUP BY number ORDER BY number {series}"""


@dataclass(frozen=True, slots=True)
class _Shape:
    """All of a request that its statement depends on, its parameters apart."""

    shown: Literal["rows", "lines", "texts"]
    has_start: bool
    has_end: bool
    is_after: bool
    is_beyond: bool
    is_descending: bool
    is_backward: bool


def page_statement(
    keys: Sequence[str], request: PageRequest, *, as_json: bool
) -> tuple[str, list[Any]]:
    """SQL and parameters for one row more than the limit: by its columns; or as JSON, for each
    series its rows, in the order of reading, and their number.
    """
    statement = _statement(_shape(request, "texts" if as_json else "rows"))
    return statement, [list(keys), *_parameters(request), request.limit + 1]


def stream_statement(
    keys: Sequence[str], request: PageRequest, *, as_json: bool
) -> tuple[str, list[Any]]:
    """SQL and parameters for all rows, whatever the limit: by their columns, or each as JSON."""
    statement = _statement(_shape(request, "lines" if as_json else "rows"))
    return statement, [list(keys), *_parameters(request), None]


def _shape(request: PageRequest, shown: Literal["rows", "lines", "texts"]) -> _Shape:
    return _Shape(
        shown,
        request.start is not None,
        request.end is not None,
        request.after_seq is not None,
        request.position is not None,
        request.is_descending,
        request.is_backward,
    )


@lru_cache
def _statement(shape: _Shape) -> str:
    if shape.shown == "texts":
        places = _places("DESC" if shape.is_descending else "ASC")
        series = "DESC" if shape.is_backward else "ASC"
        shown = _BY_SERIES.format(row=_AS_JSON, places=places, series=series)
    else:
        columns = _AS_JSON if shape.shown == "lines" else _AS_ROWS
        shown = f"{columns} FROM page {_order(shape)}"
    return _PAGE.format(order=_order(shape), conditions=_conditions(shape), shown=shown)


def _order(shape: _Shape) -> str:
    series = "DESC" if shape.is_backward else "ASC"
    place = "DESC" if shape.is_backward != shape.is_descending else "ASC"
    return f"ORDER BY number {series}, {_places(place)}"


def _places(direction: str) -> str:
    return f"place_end {direction}, place_start {direction}, place_period {direction}"


def _conditions(shape: _Shape) -> str:
    conditions = ["true"]
    if shape.has_start or shape.has_end:
        conditions.append("period_start IS NOT NULL")
    if shape.has_start:
        conditions.append("(period_end IS NULL OR period_end >= %s)")
    if shape.has_end:
        conditions.append("period_start <= %s")
    if shape.is_after:
        conditions.append("placed.seq_from > %s")
    if shape.is_beyond:
        conditions.append(_beyond(shape))
    return " AND ".join(conditions)


def _beyond(shape: _Shape) -> str:
    series = "<" if shape.is_backward else ">"
    place = "<" if shape.is_backward != shape.is_descending else ">"
    return (
        f"(place_series {series} %s OR (place_series = %s AND"
        f" (place_end, place_start, place_period) {place} (%s, %s, %s)))"
    )


def _parameters(request: PageRequest) -> list[Any]:
    """In the order of _conditions."""
    bounds = (request.start, request.end, request.after_seq)
    given: list[Any] = [bound for bound in bounds if bound is not None]
    if request.position is None:
        return given
    return [*given, *[request.position.series] * 2, *request.position.place[:3]]
