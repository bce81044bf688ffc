"""Reading the inputs of a refresh as plain rows: no model instances, two statements a panel."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal
from functools import lru_cache

from django.db import connection

from metrics.lookups import array_of
from metrics.stats.bounds import Figure
from metrics.stats.periods import Period

# (value, lower, upper, null reason)
Cell = tuple[Decimal | None, Decimal | None, Decimal | None, str]
# series id, period code, value, lower, upper, null reason
Row = tuple[int, str, Decimal | None, Decimal | None, Decimal | None, str]
# period code → series id → cell
Columns = dict[str, dict[int, Cell]]
# series id → period → figure
Panel = dict[int, dict[Period, Figure]]

period_of = lru_cache(maxsize=20_000)(Period.parse)

_OBSERVED = """
    SELECT series_id, period, value, lower, upper, null_reason FROM metrics_observation
    WHERE seq_to IS NULL AND preferred AND series_id = ANY(%(series)s::bigint[])
"""
# In the order of preference: what comes later replaces what came before.
_DERIVED = """
    SELECT series_id, period, value, lower, upper, null_reason FROM metrics_derivedvalue d
    WHERE series_id = ANY(%(series)s::bigint[])
"""
_WIDE = """
    AND EXISTS (
        SELECT 1 FROM metrics_ruleversion v JOIN metrics_rule r ON r.id = v.rule_id
        WHERE v.id = d.rule_version_id AND r.group_id IS NOT NULL)
"""
_PERIODS = """
    SELECT period FROM metrics_observation
    WHERE seq_to IS NULL AND preferred AND series_id = ANY(%(series)s::bigint[])
    UNION SELECT period FROM metrics_derivedvalue WHERE series_id = ANY(%(series)s::bigint[])
    ORDER BY 1
"""
_SOME = " AND period = ANY(%(periods)s)"


def input_columns(
    series_ids: Collection[int], codes: Collection[str], *, observed_only: bool = False
) -> Columns:
    """Current cells of the series in some periods, period by period; observed outrank derived."""
    columns: Columns = {code: {} for code in codes}
    parts = (_OBSERVED,) if observed_only else (_DERIVED, _OBSERVED)
    for part in parts:
        for pk, code, value, lower, upper, reason in _rows(part + _SOME, series_ids, codes):
            columns[code][pk] = value, lower, upper, reason
    return columns


def observed_panel(series_ids: Collection[int]) -> Panel:
    """Every preferred observation of the series."""
    return _panel(_rows(_OBSERVED, series_ids))


def derived_panel(series_ids: Collection[int], *, group_wide_only: bool = False) -> Panel:
    """Every derived value of the series that is stored, or those that group-wide rules made."""
    return _panel(_rows(_DERIVED + (_WIDE if group_wide_only else ""), series_ids))


def periods_of(series_ids: Collection[int]) -> list[str]:
    """The codes of the periods in which any of the series has a value."""
    if not series_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_PERIODS, {"series": array_of(series_ids)})
        return [code for (code,) in cursor.fetchall()]


def merged(derived: Panel, observed: Panel) -> Panel:
    """Derived and observed figures, of which the observed outrank."""
    ids = derived.keys() | observed.keys()
    return {pk: {**derived.get(pk, {}), **observed.get(pk, {})} for pk in ids}


def _panel(rows: Iterable[Row]) -> Panel:
    panel: Panel = defaultdict(dict)
    for pk, code, value, lower, upper, reason in rows:
        panel[pk][period_of(code)] = Figure(value, lower, upper, reason)
    return panel


def _rows(sql: str, series_ids: Collection[int], codes: Collection[str] = ()) -> list[Row]:
    if not series_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, {"series": array_of(series_ids), "periods": list(codes)})
        rows: list[Row] = cursor.fetchall()
        return rows
