"""What readers are to be told of: values that were corrected or withdrawn, and redefinitions.

Computed from the rows by seq: a value that such a change put in the place of another.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from metrics.models import Change, Redefinition
from metrics.selectors.prepared import execute_prepared, prepared
from metrics.selectors.values import OBSERVED_FIELDS, Value, observed_value

# Of these kinds of change readers are told on the page; what is new or revised needs no excuse.
NOTICED: Final = (Change.Kind.CORRECTION, Change.Kind.WITHDRAWAL, Change.Kind.REDEFINITION)
MOST_ROWS: Final = 500
# A series that is computed from more than this is told of by itself alone.
MOST_INPUTS: Final = 200


@dataclass(frozen=True, slots=True)
class Telling:
    """The change behind a notice: when, of what kind, and why (by language code)."""

    seq: int
    at: datetime
    kind: str
    reason: dict[str, str]


@dataclass(frozen=True, slots=True)
class ValueNotice:
    """A value that took the place of another for a period of a series."""

    telling: Telling
    series_id: int
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class DefinitionNotice:
    """An indicator that got another definition, from a period on; texts by language code."""

    telling: Telling
    indicator_id: int
    since: str
    before: dict[str, str]
    after: dict[str, str]


_INPUTS: Final = """
    WITH RECURSIVE taken AS (
        SELECT i.output_id, i.input_id FROM metrics_ruleinput i
        WHERE i.output_id = ANY(%s) AND {at}
        UNION
        SELECT t.output_id, i.input_id FROM taken t
        JOIN metrics_ruleinput i ON i.output_id = t.input_id AND {at}
    )
    SELECT output_id, array_agg(input_id ORDER BY input_id) FROM taken
    GROUP BY output_id HAVING count(*) <= %s
"""
_AT: Final = "(i.seq_to IS NULL OR i.seq_to > %s) AND i.seq_from <= %s"


def taken_inputs(series_ids: Collection[int], seq: int | None = None) -> dict[int, set[int]]:
    """What rules take for each series at a seq (None: now), all the way down. One query.

    A series that takes more than MOST_INPUTS is left out.
    """
    at, moment = ("i.seq_to IS NULL", []) if seq is None else (_AT, [seq, seq])
    with connection.cursor() as cursor:
        asked = [list(series_ids), *moment, *moment, MOST_INPUTS]
        execute_prepared(cursor, _INPUTS.format(at=at), asked)
        return {output: set(inputs) for output, inputs in cursor.fetchall()}


def _columns(alias: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in OBSERVED_FIELDS)


_VALUES: Final = f"""
    SELECT c.seq, c.published_at, c.kind, r.reason_zh_hans, r.reason_en,
        {_columns("o")}, {_columns("n")}
    FROM metrics_observation n
    JOIN metrics_change c ON c.seq = n.seq_from AND c.kind = ANY(%s)
    JOIN metrics_observation o ON o.series_id = n.series_id AND o.period = n.period
        AND o.preferred AND o.seq_to = n.seq_from AND o.seq_from < n.seq_from
    LEFT JOIN metrics_release r ON r.id = c.release_id
    WHERE n.series_id = ANY(%s) AND n.preferred AND n.seq_from > %s
        AND n.seq_from <= COALESCE(%s, n.seq_from)
        AND (o.value, o.stated, o.qualifier, o.null_reason)
            IS DISTINCT FROM (n.value, n.stated, n.qualifier, n.null_reason)
    ORDER BY n.seq_from DESC, n.period_end DESC NULLS LAST, n.id LIMIT %s
"""  # noqa: S608


def value_notices(
    series_ids: Collection[int], *, after: int = 0, seq: int | None = None
) -> list[ValueNotice]:
    """Values that were put right after a seq, as known at another (None: now), the latest first.

    At most MOST_ROWS. One query.
    """
    kinds = [str(kind) for kind in NOTICED]
    with connection.cursor() as cursor:
        execute_prepared(cursor, _VALUES, [kinds, list(series_ids), after, seq, MOST_ROWS])
        return [_value_notice(row) for row in cursor.fetchall()]


def _value_notice(row: tuple[Any, ...]) -> ValueNotice:
    head, cells = row[:5], row[5:]
    before, after = cells[: len(OBSERVED_FIELDS)], cells[len(OBSERVED_FIELDS) :]
    telling = Telling(head[0], head[1], head[2], {"zh-hans": head[3] or "", "en": head[4] or ""})
    return ValueNotice(telling, after[0], observed_value(*before), observed_value(*after))


def definition_notices(
    indicator_ids: Collection[int], *, after: int = 0, seq: int | None = None
) -> list[DefinitionNotice]:
    """Redefinitions after a seq that stand at another (None: now), the latest first. Two queries.

    What came after one is the text before the next, or the indicator's own.
    """
    standing = _standing(indicator_ids, seq) if indicator_ids else []
    seqs = {row.seq_from for row in standing if row.seq_from > after}
    told = {change.seq: _telling(change) for change in (_noticed(seqs, NOTICED) if seqs else ())}
    following = {(row.indicator_id, row.version - 1): row for row in standing}
    found = []
    for row in standing:
        if row.seq_from in told:
            successor = following.get((row.indicator_id, row.version))
            text = _texts(successor, "before") if successor else _texts(row.indicator, "definition")
            found.append(
                DefinitionNotice(
                    told[row.seq_from], row.indicator_id, row.since, _texts(row, "before"), text
                )
            )
    return sorted(found, key=lambda one: -one.telling.seq)


@prepared
def _standing(indicator_ids: Any, seq: Any) -> QuerySet[Redefinition]:
    rows = Redefinition.objects.at_seq(seq).filter(indicator__any=indicator_ids)
    return rows.select_related("indicator").order_by("indicator_id", "version")


@prepared
def _noticed(seqs: Any, kinds: Any) -> QuerySet[Change]:
    return Change.objects.filter(seq__any=seqs, kind__any=kinds).select_related("release")


def _telling(change: Change) -> Telling:
    release = change.release
    reason = _texts(release, "reason") if release else {}
    return Telling(change.seq, change.published_at, change.kind, reason)


def _texts(row: Any, name: str) -> dict[str, str]:
    return {"zh-hans": getattr(row, f"{name}_zh_hans"), "en": getattr(row, f"{name}_en")}
