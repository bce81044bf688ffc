"""What a file wrote, by the ids of its observations: which series, and what depends on them."""

from typing import Any

from django.db import connection

from metrics.services.stale import Targets


def last_id(cursor: Any) -> int:
    """The id of the observation written last; rows are written under the publishing lock only."""
    cursor.execute("SELECT coalesce(max(id), 0) FROM metrics_observation")
    return int(cursor.fetchone()[0])


def affected_by(first: int, last: int) -> Targets:
    """What the observations with ids in (first, last] affect: as `stale.affected`, set by set."""
    targets = Targets()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH touched AS MATERIALIZED (
                SELECT DISTINCT series_id FROM metrics_observation
                WHERE id > %(first)s AND id <= %(last)s
            ), edge AS MATERIALIZED (
                SELECT DISTINCT i.input_id, i.output_id, v.rule_id, r.group_id
                FROM metrics_ruleinput i JOIN metrics_ruleversion v ON v.id = i.version_id
                JOIN metrics_rule r ON r.id = v.rule_id
                WHERE i.seq_to IS NULL AND i.input_id IN (SELECT series_id FROM touched)
            )
            SELECT series_id, NULL::bigint, '' FROM touched
            UNION
            SELECT output_id, NULL::bigint, '' FROM edge WHERE group_id IS NULL
            UNION
            SELECT NULL::bigint, e.rule_id, o.period
            FROM (SELECT DISTINCT input_id, rule_id FROM edge WHERE group_id IS NOT NULL) e
            JOIN metrics_observation o ON o.series_id = e.input_id
            WHERE o.id > %(first)s AND o.id <= %(last)s
            """,
            {"first": first, "last": last},
        )
        for series_id, rule_id, code in cursor.fetchall():
            if rule_id is None:
                targets.series.add(series_id)
            else:
                targets.rules[rule_id].add(code)
    return targets


def touched_series(first: int, last: int) -> set[int]:
    """The series of the observations with ids in (first, last]."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT series_id FROM metrics_observation WHERE id > %s AND id <= %s",
            [first, last],
        )
        return {pk for (pk,) in cursor.fetchall()}
