"""The statement behind a page of observations (see observation_page)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from metrics.selectors.observation_page import AskedSeries, PageRequest

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
# Dates of periods without end or start sort last, as date.max does in Period.sort_key. What a
# source does not let us offer is null, as selectors.restricted has it: where there is no such
# source, neither the rules nor their inputs are looked at.
_SLOTS = """
WITH RECURSIVE asked (series_id, series, unit) AS (
    SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[])
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
    SELECT asked.series, o.period, o.period_start, o.period_end, o.value,
           nullif(o.stated, '') AS stated, o.resolution, o.lower, o.upper, o.qualifier, o.status,
           o.null_reason, asked.unit, o.source_id, nullif(o.locator, '') AS locator,
           o.vintage_on, o.seq_from, NULL::bigint AS rule_version_id,
           o.value IS NOT NULL AND o.source_id IN (SELECT source_id FROM kept) AS is_hidden
    FROM asked JOIN metrics_observation o USING (series_id)
    WHERE o.preferred AND o.seq_to IS NULL
  UNION ALL
    SELECT asked.series, d.period, d.period_start, d.period_end, d.value,
           NULL, NULL, d.lower, d.upper,
           CASE WHEN d.value IS NULL OR (d.lower IS NOT NULL AND d.upper IS NOT NULL) THEN 'exact'
                WHEN d.lower IS NOT NULL THEN 'over'
                WHEN d.upper IS NOT NULL THEN 'under'
                ELSE 'about' END,
           NULL, d.null_reason, asked.unit, NULL, NULL, NULL, d.computed_seq, d.rule_version_id,
           d.series_id IN (SELECT output_id FROM tainted)
    FROM asked JOIN metrics_derivedvalue d USING (series_id)
    WHERE NOT EXISTS (
        SELECT FROM metrics_observation o
        WHERE o.series_id = d.series_id AND o.period = d.period
          AND o.preferred AND o.seq_to IS NULL)
), placed AS (
    SELECT slots.*, series COLLATE "C" AS place_series,
           coalesce(period_end, period_start, '9999-12-31'::date) AS place_end,
           coalesce(period_start, '9999-12-31'::date) AS place_start,
           period COLLATE "C" AS place_period
    FROM slots
), page AS (
    SELECT * FROM placed WHERE {conditions} {order} LIMIT %s
), rows AS (
    SELECT page.series, page.period, page.period_start, page.period_end,
           CASE WHEN NOT is_hidden THEN page.value{as_text} END AS value,
           CASE WHEN NOT is_hidden THEN page.stated END AS stated,
           CASE WHEN NOT is_hidden THEN page.resolution{as_text} END AS resolution,
           CASE WHEN NOT is_hidden THEN page.lower{as_text} END AS lower,
           CASE WHEN NOT is_hidden THEN page.upper{as_text} END AS upper,
           CASE WHEN NOT is_hidden THEN page.qualifier ELSE 'exact' END AS qualifier,
           coalesce(page.status, CASE rule.kind WHEN 'implied-prior' THEN 'I' ELSE 'E' END)
               AS status,
           CASE WHEN is_hidden THEN 'restricted' ELSE nullif(page.null_reason, '') END
               AS null_reason, page.unit, source.slug AS source,
           page.locator, page.vintage_on,
           to_char(change.published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
               || CASE to_char(change.published_at, 'US') WHEN '000000' THEN ''
                  ELSE '.' || to_char(change.published_at, 'US') END || 'Z' AS valid_from,
           NULL::text AS valid_to, rule.key AS rule
           {place}
    FROM page
    LEFT JOIN metrics_source source ON source.id = page.source_id
    LEFT JOIN metrics_change change ON change.seq = page.seq_from
    LEFT JOIN metrics_ruleversion version ON version.id = page.rule_version_id
    LEFT JOIN metrics_rule rule ON rule.id = version.rule_id
    {order}
)
"""
_AS_ROWS = "SELECT * FROM rows"
# The row is written without its place; the 13 characters of `,"rule":null}` are cut off.
_TEXTS = """
, texts AS (
    SELECT number, place,
           CASE WHEN rows.rule IS NULL THEN left(row_to_json(shown)::text, -13) || '}}'
                ELSE row_to_json(shown)::text END AS text
    FROM rows CROSS JOIN LATERAL (SELECT {columns}) AS shown
)
"""
_AS_LINES = "SELECT text FROM texts ORDER BY number"
_AS_JSON = """
SELECT string_agg(text, ',' ORDER BY {reading_order}) FILTER (WHERE number <= %s),
       count(*),
       min(place) FILTER (WHERE number = 1),
       min(place) FILTER (WHERE number = least(%s, (SELECT count(*) FROM texts)))
FROM texts
"""
_PLACE = """, row_number() OVER ({order}) AS number,
           ARRAY[page.series, page.place_end::text, page.place_start::text, page.period] AS place"""


def page_statement(
    asked: Sequence[AskedSeries], request: PageRequest, *, as_json: bool
) -> tuple[str, list[Any]]:
    """SQL and parameters for one row more than the limit, or for their JSON and its ends."""
    limits = [request.limit + 1, *([request.limit, request.limit] if as_json else [])]
    return _statement(asked, request, _AS_JSON if as_json else _AS_ROWS, limits)


def stream_statement(
    asked: Sequence[AskedSeries], request: PageRequest, *, as_lines: bool
) -> tuple[str, list[Any]]:
    """SQL and parameters for all rows, whatever the limit: by their columns, or each as JSON."""
    return _statement(asked, request, _AS_LINES if as_lines else _AS_ROWS, [None])


def _statement(
    asked: Sequence[AskedSeries], request: PageRequest, ending: str, limits: Sequence[int | None]
) -> tuple[str, list[Any]]:
    conditions, parameters = _conditions(request)
    as_json = ending != _AS_ROWS
    statement = "".join([_SLOTS, _TEXTS if as_json else "", ending]).format(
        order=_order(request),
        conditions=conditions,
        as_text="::text" if as_json else "",
        place=_PLACE.format(order=_order(request)) if as_json else "",
        columns=", ".join(f"rows.{name}" for name in COLUMNS),
        reading_order="number DESC" if request.is_backward else "number",
    )
    columns = [[one.id for one in asked], [one.key for one in asked], [one.unit for one in asked]]
    return statement, [*columns, *parameters, *limits]


def _order(request: PageRequest) -> str:
    series = "DESC" if request.is_backward else "ASC"
    place = "DESC" if request.is_backward != request.is_descending else "ASC"
    return (
        f"ORDER BY place_series {series}, place_end {place}, place_start {place},"
        f" place_period {place}"
    )


def _conditions(request: PageRequest) -> tuple[str, list[Any]]:
    conditions = ["true"]
    parameters: list[Any] = []
    if request.start is not None or request.end is not None:
        conditions.append("period_start IS NOT NULL")
    if request.start is not None:
        conditions.append("(period_end IS NULL OR period_end >= %s)")
        parameters.append(request.start)
    if request.end is not None:
        conditions.append("period_start <= %s")
        parameters.append(request.end)
    if request.position is not None:
        conditions.append(_beyond(request))
        parameters += [request.position.series] * 2
        parameters += request.position.place[:3]
    return " AND ".join(conditions), parameters


def _beyond(request: PageRequest) -> str:
    series = "<" if request.is_backward else ">"
    place = "<" if request.is_backward != request.is_descending else ">"
    return (
        f"(place_series {series} %s OR (place_series = %s AND"
        f" (place_end, place_start, place_period) {place} (%s, %s, %s)))"
    )
