"""What changes did to values: those that were stated for the first time, and those put in place.

By seq through a BRIN index: rows are only ever appended, so those of one change lie together.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from metrics.lookups import array_of
from metrics.selectors.values import OBSERVED_FIELDS, Value, observed_value


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """A value that a change brought for a period of a series; `before` is None where none stood."""

    seq: int
    series_id: int
    before: Value | None
    after: Value


def _columns(alias: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in OBSERVED_FIELDS)


# A vintage that was filled in later is seen by nobody at any seq: its interval is empty.
_VALUES: Final = f"""
    SELECT c.seq, x.* FROM unnest(%(seqs)s::bigint[]) AS c (seq)
    CROSS JOIN LATERAL (
        SELECT {_columns("n")}, {_columns("o").replace("o.seq_from", "o.seq_from AS was_from")}
        FROM metrics_observation n
        LEFT JOIN metrics_observation o ON o.series_id = n.series_id AND o.period = n.period
            AND o.preferred AND o.seq_to = n.seq_from AND o.seq_from < n.seq_from
        WHERE n.seq_from = c.seq AND n.preferred AND n.seq_to IS DISTINCT FROM n.seq_from
            AND (o.id IS NULL OR (o.value, o.stated, o.qualifier, o.null_reason)
                IS DISTINCT FROM (n.value, n.stated, n.qualifier, n.null_reason))
            {{only}}
        ORDER BY n.id LIMIT %(most)s
    ) x
"""  # noqa: S608
_ONLY: Final = "AND n.series_id = ANY(%(series)s::bigint[])"
_SEQS: Final = """
    SELECT DISTINCT seq_from FROM metrics_observation
    WHERE series_id = ANY(%(series)s::bigint[]) AND preferred AND seq_to IS DISTINCT FROM seq_from
    ORDER BY 1 DESC LIMIT %(most)s
"""


def values_of_changes(
    seqs: Sequence[int], *, most: int, series_ids: Collection[int] | None = None
) -> list[ChangedValue]:
    """The first `most` values of each change, of all series or of some. One query."""
    if not seqs:
        return []
    only = array_of(series_ids or ())
    asked: dict[str, Any] = {"seqs": array_of(seqs), "most": most, "series": only}
    statement = _VALUES.format(only="" if series_ids is None else _ONLY)
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return [_changed(row) for row in cursor.fetchall()]


def changes_of_series(series_ids: Collection[int], *, most: int) -> list[int]:
    """The seqs of the changes that stated a value of some series, the latest first. One query."""
    asked: dict[str, Any] = {"series": array_of(series_ids), "most": most}
    with connection.cursor() as cursor:
        cursor.execute(_SEQS, asked)
        return [seq for (seq,) in cursor.fetchall()]


def _changed(row: tuple[Any, ...]) -> ChangedValue:
    seq, cells = row[0], row[1:]
    after, before = cells[: len(OBSERVED_FIELDS)], cells[len(OBSERVED_FIELDS) :]
    return ChangedValue(
        seq=seq,
        series_id=after[0],
        before=None if before[0] is None else observed_value(*before),
        after=observed_value(*after),
    )
