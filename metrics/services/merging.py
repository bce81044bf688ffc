"""Writing the difference between what was computed and what stands, set by set.

`stage` puts what was computed beside what stands and keeps the difference in a table of the
transaction; nothing is locked meanwhile. `merge` writes it, under the publishing lock.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.db import IntegrityError, connection, transaction

from metrics.lookups import array_of
from metrics.models import Change, Series, SeriesSummary
from metrics.services.derived import Made, Scope, Work
from metrics.services.panels import period_of
from metrics.services.stale import Targets, mark, marked_again

_CELL = "series_id, period, period_start, period_end"
_SAID = "value, lower, upper, null_reason, rule_version_id"

# Kept by the connection, emptied by every commit: made once, not once a transaction.
_TABLES = """
    CREATE TEMPORARY TABLE IF NOT EXISTS refresh_made (
        scope int, series_id bigint, period text COLLATE "C", period_start date, period_end date,
        value numeric, lower numeric, upper numeric, null_reason text, rule_version_id bigint,
        CHECK ((value IS NULL) = (null_reason <> '')), CHECK (lower <= upper)
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE IF NOT EXISTS refresh_difference (
        scope int, old_id bigint, is_gone bool DEFAULT false, series_id bigint,
        period text COLLATE "C", period_start date, period_end date, value numeric, lower numeric,
        upper numeric, null_reason text, rule_version_id bigint,
        CHECK ((value IS NULL) = (null_reason <> '')), CHECK (lower <= upper)
    ) ON COMMIT DELETE ROWS;
    TRUNCATE refresh_made, refresh_difference
"""
# What stands in the scope, beside what was made there. A cell of a group-wide rule is left alone
# by the rules of single series, and a group-wide rule takes back only what it made itself.
_DIFFERENCE = f"""
    INSERT INTO refresh_difference
    SELECT %(scope)s, d.id, m.series_id IS NULL,
        coalesce(m.series_id, d.series_id), coalesce(m.period, d.period),
        m.period_start, m.period_end, {", ".join(f"m.{name.strip()}" for name in _SAID.split(","))}
    FROM (SELECT * FROM refresh_made WHERE scope = %(scope)s) m
    FULL JOIN (
        SELECT d.*, v.rule_id, r.group_id IS NOT NULL AS is_wide
        FROM metrics_derivedvalue d
        LEFT JOIN metrics_ruleversion v ON v.id = d.rule_version_id
        LEFT JOIN metrics_rule r ON r.id = v.rule_id
        WHERE d.series_id = ANY(%(series)s::bigint[])
            AND (%(periods)s::text[] IS NULL OR d.period = ANY(%(periods)s::text[]))
    ) d ON d.series_id = m.series_id AND d.period = m.period
    WHERE CASE
        WHEN d.id IS NULL THEN true
        WHEN %(rule)s::bigint IS NULL AND d.is_wide THEN false
        WHEN m.series_id IS NULL THEN %(rule)s::bigint IS NULL OR d.rule_id = %(rule)s::bigint
        ELSE (d.value, d.lower, d.upper, d.null_reason, d.rule_version_id)
            IS DISTINCT FROM (m.value, m.lower, m.upper, m.null_reason, m.rule_version_id)
    END
"""  # noqa: S608
_COUNT = """
    SELECT count(*) FILTER (WHERE is_gone), count(*) FILTER (WHERE old_id IS NULL AND NOT is_gone),
        count(*) FROM refresh_difference
"""
_DELETE = """
    WITH gone AS (
        DELETE FROM metrics_derivedvalue d USING refresh_difference f
        WHERE f.is_gone AND d.id = f.old_id RETURNING d.series_id, d.period
    )
    INSERT INTO metrics_derivedgone (seq, series_id, period)
    SELECT %(seq)s, series_id, period FROM gone ORDER BY series_id, period
"""
_TOLD = """
    INSERT INTO metrics_derivedtick (seq, series_id)
    SELECT DISTINCT %(seq)s::bigint, series_id FROM refresh_difference WHERE NOT is_gone
    ON CONFLICT DO NOTHING
"""
_UPDATE = """
    UPDATE metrics_derivedvalue d SET value = f.value, lower = f.lower, upper = f.upper,
        null_reason = f.null_reason, rule_version_id = f.rule_version_id, computed_seq = %(seq)s
    FROM refresh_difference f WHERE NOT f.is_gone AND d.id = f.old_id
"""
_INSERT = f"""
    INSERT INTO metrics_derivedvalue AS d ({_CELL}, {_SAID}, computed_seq)
    SELECT {_CELL}, {_SAID}, %(seq)s FROM refresh_difference
    WHERE old_id IS NULL AND NOT is_gone
    ORDER BY series_id, period
"""  # noqa: S608
# Where another rule wrote a cell since it was compared: one of a group is left alone.
_OVER_OTHERS = """
    ON CONFLICT (series_id, period) DO UPDATE SET value = excluded.value, lower = excluded.lower,
        upper = excluded.upper, null_reason = excluded.null_reason,
        rule_version_id = excluded.rule_version_id, computed_seq = excluded.computed_seq
    WHERE NOT EXISTS (
        SELECT 1 FROM metrics_ruleversion v JOIN metrics_rule r ON r.id = v.rule_id
        WHERE v.id = d.rule_version_id AND r.group_id IS NOT NULL
            AND d.rule_version_id <> excluded.rule_version_id)
"""
_SUMMARY_TABLE = """
    CREATE TEMPORARY TABLE IF NOT EXISTS refresh_summary (LIKE metrics_seriessummary)
        ON COMMIT DELETE ROWS;
    TRUNCATE refresh_summary
"""
_SUMMARY = [field.attname for field in SeriesSummary._meta.fields]
_MERGE_SUMMARIES = f"""
    INSERT INTO metrics_seriessummary ({", ".join(_SUMMARY)})
    SELECT {", ".join(_SUMMARY)} FROM refresh_summary
    ON CONFLICT (series_id) DO UPDATE SET
        {", ".join(f"{name} = excluded.{name}" for name in _SUMMARY[1:])}
"""  # noqa: S608
_STANDS = """
    SELECT EXISTS (SELECT FROM metrics_derivedvalue WHERE series_id = ANY(%(series)s::bigint[])
        AND (%(periods)s::text[] IS NULL OR period = ANY(%(periods)s::text[])))
"""
# Above this many rows the planner needs to be told how many there are.
_MANY = 5000
_NULL = r"\N"


def stage(work: Work) -> int:
    """Keep the difference between the work and what stands; how many cells differ."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        compared = {number for number, part in enumerate(work.cells) if _stands(number, part[0])}
        # where nothing stands everything differs
        new = set(range(len(work.cells))) - compared
        _copy_cells("refresh_difference", work, new)
        _copy_cells("refresh_made", work, compared)
        if sum(len(work.cells[number][1]) for number in compared) > _MANY:
            cursor.execute("ANALYZE refresh_made")
        for number in sorted(compared):
            cursor.execute(_DIFFERENCE, _parameters(number, work.cells[number][0]))
        cursor.execute("SELECT count(*) FROM refresh_difference")
        (count,) = cursor.fetchone()
        return int(count)


def _stands(number: int, scope: Scope) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_STANDS, _parameters(number, scope))
        return bool(cursor.fetchone()[0])


def _copy_cells(table: str, work: Work, numbers: Collection[int]) -> None:
    if not any(work.cells[number][1] for number in numbers):
        return
    statement = f"COPY {table} (scope, {_CELL}, {_SAID}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for number in sorted(numbers):
            for lines in _lines(number, work.cells[number][1]):
                copy.write(lines)


def step_back(work: Work) -> int:
    """Drop what was marked again while it was computed: it was made of older inputs.

    The caller holds the publishing lock. Each has a mark that will be worked off. Returns how many
    series and rules by period were dropped.
    """
    dropped = 0
    for number, (scope, _) in enumerate(work.cells):
        again = marked_again(scope.series if scope.rule_id is None else (), scope.rule_id)
        if scope.rule_id is None:
            dropped += len(again.series)
            _drop(number, "series_id = ANY(%s::bigint[])", array_of(again.series))
            work.summaries = [s for s in work.summaries if s.series_id not in again.series]
            work.without_summary = [pk for pk in work.without_summary if pk not in again.series]
        elif codes := again.rules.get(scope.rule_id):
            dropped += len(codes)
            everything = "" in codes
            _drop(number, "(%s OR period = ANY(%s))", everything, list(codes))
    return dropped + _step_back_from_natures(work)


def _step_back_from_natures(work: Work) -> int:
    """Drop and mark summaries made by a nature that the indicator no longer has."""
    made = {row.series_id: row.nature for row in work.summaries}
    now = Series.objects.filter(pk__any=made).values_list("pk", "indicator__nature")
    outdated = {pk for pk, nature in now if nature != made[pk]}
    work.summaries = [row for row in work.summaries if row.series_id not in outdated]
    mark(Targets(series=outdated))
    return len(outdated)


def merge(work: Work, change: Change) -> int:
    """Write the difference, visible from `change.seq`. Returns the number of rows written."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT)
        gone, new, count = cursor.fetchone()
        if gone:
            cursor.execute(_DELETE, {"seq": change.seq})
        if count > gone:
            cursor.execute(_TOLD, {"seq": change.seq})
        if count > gone + new:
            cursor.execute(_UPDATE, {"seq": change.seq})
    if new:
        _insert(change)
    _write_summaries(work, change)
    return int(count) + len(work.summaries) + len(work.without_summary)


def _insert(change: Change) -> None:
    """The new cells: as they are, which takes half the time, and else over those of others."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_INSERT, {"seq": change.seq})
    except IntegrityError:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT + _OVER_OTHERS, {"seq": change.seq})


def changed_series(work: Work) -> set[int]:
    """The series of which a value or the summary differs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT series_id FROM refresh_difference")
        cells = {pk for (pk,) in cursor.fetchall()}
    return cells | {row.series_id for row in work.summaries} | set(work.without_summary)


def dependents(summarised: Collection[int]) -> Targets:
    """What the difference affects: what depends on it, and the series themselves for a summary.

    Series that were `summarised` with the difference are not named again for that. A rule for
    single series is named by its output, a group-wide one by itself and the touched periods.
    """
    targets = Targets()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH touched AS MATERIALIZED (
                SELECT DISTINCT series_id FROM refresh_difference
            ), edge AS MATERIALIZED (
                SELECT DISTINCT i.input_id, i.output_id, v.rule_id, r.group_id
                FROM metrics_ruleinput i
                JOIN metrics_ruleversion v ON v.id = i.version_id
                JOIN metrics_rule r ON r.id = v.rule_id
                WHERE i.seq_to IS NULL AND i.input_id IN (SELECT series_id FROM touched)
            )
            SELECT DISTINCT output_id, NULL::bigint, '' FROM edge WHERE group_id IS NULL
            UNION ALL
            SELECT DISTINCT NULL::bigint, e.rule_id, d.period
            FROM refresh_difference d
            JOIN (SELECT DISTINCT input_id, rule_id FROM edge WHERE group_id IS NOT NULL) e
                ON e.input_id = d.series_id
            UNION ALL
            SELECT series_id, NULL::bigint, '' FROM touched
            WHERE NOT series_id = ANY(%s::bigint[]) AND NOT EXISTS (
                SELECT 1 FROM metrics_ruleinput i JOIN metrics_ruleversion v ON v.id = i.version_id
                JOIN metrics_rule r ON r.id = v.rule_id
                WHERE i.output_id = touched.series_id AND i.seq_to IS NULL AND i.role = 'part'
                    AND r.group_id IS NOT NULL)
            """,
            [array_of(summarised)],
        )
        for series_id, rule_id, code in cursor.fetchall():
            if rule_id is None:
                targets.series.add(series_id)
            else:
                targets.rules[rule_id].add(code)
    return targets


def _write_summaries(work: Work, change: Change) -> None:
    for row in work.summaries:
        row.computed_seq = change.seq
    if work.without_summary:
        SeriesSummary.objects.filter(pk__any=work.without_summary).delete()
    if not work.summaries:
        return
    with connection.cursor() as cursor:
        cursor.execute(_SUMMARY_TABLE)
        with cursor.copy(f"COPY refresh_summary ({', '.join(_SUMMARY)}) FROM STDIN") as copy:
            for row in work.summaries:
                copy.write_row([getattr(row, name) for name in _SUMMARY])
        cursor.execute(_MERGE_SUMMARIES)


def _parameters(number: int, scope: Scope) -> dict[str, Any]:
    return {
        "scope": number,
        "series": array_of(scope.series),
        "rule": scope.rule_id,
        "periods": None if scope.codes is None else list(scope.codes),
    }


def _drop(number: int, condition: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM refresh_difference WHERE scope = %s AND {condition}",  # noqa: S608
            [number, *parameters],
        )


def _lines(number: int, made: list[Made]) -> Iterator[str]:
    """The rows as text for COPY, some thousands at a time."""
    dates: dict[str, str] = {}
    for start in range(0, len(made), _MANY):
        # written out in one expression: this line runs for every cell of a full refresh
        yield "".join(
            [
                f"{number}\t{pk}\t{code}\t{dates.get(code) or _dates(code, dates)}"
                f"\t{_NULL if value is None else value!s}\t{_NULL if lower is None else lower!s}"
                f"\t{_NULL if upper is None else upper!s}\t{reason}\t{version_id}\n"
                for pk, code, value, lower, upper, reason, version_id in made[start : start + _MANY]
            ]
        )


def _dates(code: str, dates: dict[str, str]) -> str:
    period = period_of(code)
    days = (day.isoformat() if day else r"\N" for day in (period.start, period.end))
    return dates.setdefault(code, "\t".join(days))
