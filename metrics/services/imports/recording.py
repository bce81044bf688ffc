"""Writing a checked file into the observations: what differs and nothing else, set by set.

The caller holds the publishing lock. Slots that changed since the file was compared are conflicts
and refuse the whole file.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from metrics.models import (
    Change,
    Entity,
    ImportBatch,
    ImportLayout,
    Preference,
    ProposedEntity,
    Series,
)
from metrics.services.imports.resolving import usual_slug
from metrics.services.imports.sql import SAID, SAME_SLOT, TAKES, parameters
from metrics.services.stale import Targets

_NAMES = ", ".join(SAID)
_VALUES = ", ".join(SAID.values())
CONFLICTS_KEPT = 1000
MANY = 1000

# The rows of the file that are to be written, with the observation each replaces.
_ROWS = """
    FROM metrics_importdifference d
    JOIN metrics_importrow r ON r.batch_id = d.batch_id AND r.place = d.position
    LEFT JOIN metrics_observation old ON old.id = d.observation_id
    WHERE d.batch_id = %(batch)s AND d.mark <> 'withdrawn'
"""
_ALL_ROWS = """
    FROM metrics_importrow r
    LEFT JOIN metrics_observation old ON false
    WHERE r.batch_id = %(batch)s
"""
# A slot that was new has a row of the source now, or the row that was compared is closed.
_CONFLICTS = """
    SELECT s.key, r.period, r.place {rows}
        AND CASE WHEN old.id IS NULL
            THEN EXISTS (SELECT FROM metrics_observation o WHERE o.seq_to IS NULL AND {slot})
            ELSE old.seq_to IS NOT NULL END
"""
_LEFT_OUT_CONFLICTS = """
    SELECT s.key, o.period, NULL::bigint FROM metrics_importdifference d
    JOIN metrics_observation o ON o.id = d.observation_id
    JOIN metrics_series s ON s.id = o.series_id
    WHERE d.batch_id = %(batch)s AND d.mark = 'withdrawn' AND o.seq_to IS NOT NULL
"""
_TAKEN = """
    CREATE TEMPORARY TABLE import_rival ON COMMIT DROP AS
    SELECT DISTINCT o.id {rows}
"""
_CLOSE = """
    UPDATE metrics_observation o SET seq_to = %(seq)s
    FROM metrics_importdifference d
    WHERE d.batch_id = %(batch)s AND d.observation_id = o.id
"""
_CLOSE_RIVALS = """
    UPDATE metrics_observation o SET seq_to = %(seq)s FROM import_rival x WHERE x.id = o.id
"""
_KEPT = """series_id, period, period_start, period_end, value, stated, resolution, lower, upper,
    qualifier, status, null_reason, source_id, locator, note, vintage_on, release_id"""
_LEAVE_RIVALS = f"""
    INSERT INTO metrics_observation ({_KEPT}, preferred, seq_from)
    SELECT {_KEPT}, false, %(seq)s FROM metrics_observation o JOIN import_rival x USING (id)
"""  # noqa: S608
_WRITE = f"""
    INSERT INTO metrics_observation (series_id, period, period_start, period_end, {_NAMES},
        release_id, preferred, seq_from)
    SELECT r.series_id, r.period, r.period_start, r.period_end, {_VALUES}, %(release)s,
        CASE WHEN old.id IS NOT NULL THEN old.preferred ELSE {{preferred}} END, %(seq)s
    {{rows}}
"""
# Somebody speaks for a slot: a source without preference too, where it is the only one.
_NOBODY_ELSE = """NOT EXISTS (SELECT FROM metrics_observation p WHERE p.seq_to IS NULL
    AND p.preferred AND p.series_id = r.series_id AND p.period = r.period)"""
# Known from the day of the file, else from the day of this change; never from the value's own day,
# by which it would never have been said.
_WITHDRAW = """
    INSERT INTO metrics_observation (series_id, period, period_start, period_end, value, stated,
        resolution, lower, upper, qualifier, status, null_reason, source_id, locator, note,
        vintage_on, preferred, release_id, seq_from)
    SELECT o.series_id, o.period, o.period_start, o.period_end, NULL, '', NULL, NULL, NULL,
        'exact', 'M', 'withdrawn', o.source_id, o.locator, '', %(vintage_on)s::date,
        o.preferred, %(release)s, %(seq)s
    FROM metrics_importdifference d JOIN metrics_observation o ON o.id = d.observation_id
    WHERE d.batch_id = %(batch)s AND d.mark = 'withdrawn'
"""


class ImportConflictsError(Exception):
    """Slots were edited since the file was compared: (series key, period) of the first of them."""

    def __init__(self, slots: list[tuple[str, str]]) -> None:
        shown = ", ".join(f"{key}@{period}" for key, period in slots[:5])
        super().__init__(f"edited since the file was compared: {shown}")
        self.slots = slots


class RowsLostError(Exception):
    """What was read is gone: unlogged rows do not survive a crash of the database."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a file wrote: observations inserted and closed."""

    inserted: int
    closed: int


def create_proposed(batch: ImportBatch) -> bool:
    """Create the entities and series that the file brings; whether there were any."""
    made: dict[int, Entity] = {}
    named: dict[str, str] = {}
    for new in batch.proposed_entities.order_by("pk"):
        made[new.pk], _ = Entity.objects.get_or_create(
            slug=new.slug,
            defaults={
                "name_zh_hans": new.name_zh_hans,
                "name_en": new.name_en,
                "kind": new.kind,
            },
        )
        if new.slug != _found_by(new, batch.layout_frozen["entity_codes"]):
            named[new.code] = new.slug
    _remember(batch, named)
    proposed = list(batch.proposed_series.select_related("indicator", "entity"))
    standing = set(Series.objects.values_list("key", flat=True)) if proposed else set()
    series = []
    for one in proposed:
        entity = one.entity or made[one.proposal_id or 0]
        key = f"{entity.slug}.{one.indicator.key}"
        if key in standing:
            key = f"{key}.{one.frequency.lower()}"
        standing.add(key)
        series.append(
            Series(
                pk=one.reserved_id,
                key=key,
                entity=entity,
                indicator=one.indicator,
                frequency=one.frequency,
            )
        )
    Series.objects.bulk_create(series, batch_size=2000)
    return bool(series)


def _found_by(new: ProposedEntity, codes: str) -> str:
    """The slug under which the next file would find the entity by itself; "" for none."""
    if codes == "iso3":
        return usual_slug(new.code)
    if codes == "slug":
        return new.code
    return new.slug if new.code.casefold() == new.name_en.casefold() else ""


def _remember(batch: ImportBatch, named: dict[str, str]) -> None:
    """Note in the layout which entities its codes stand for, for the next file."""
    if named:
        layout = ImportLayout.objects.select_for_update().get(pk=batch.layout_id)
        layout.entities = {**layout.entities, **named}
        layout.save(update_fields=["entities"])


def refuse_lost(batch: ImportBatch) -> None:
    """Raises RowsLostError for a checked file whose rows are gone; the file itself is kept."""
    is_waiting = batch.state == ImportBatch.State.STAGED
    if is_waiting and batch.new + batch.changed and not batch.rows.exists():
        raise RowsLostError(str(batch))


def find_conflicts(batch: ImportBatch) -> list[tuple[str, str]]:
    """The slots, as (series key, period), that changed since the file was compared."""
    asked = parameters(batch)
    rows = _rows(batch).replace("WHERE", "JOIN metrics_series s ON s.id = r.series_id WHERE")
    with connection.cursor() as cursor:
        cursor.execute(_CONFLICTS.format(rows=rows, slot=SAME_SLOT), asked)
        slots = [(key, period) for key, period, _ in cursor.fetchmany(CONFLICTS_KEPT)]
        cursor.execute(_LEFT_OUT_CONFLICTS, asked)
        return slots + [(key, period) for key, period, _ in cursor.fetchmany(CONFLICTS_KEPT)]


def record_import(batch: ImportBatch, change: Change) -> Recorded:
    """Write the difference of a checked file, visible from `change.seq`.

    The series it proposes are created already. A new row of a layout with preference takes it
    from rival sources, but never against a decision (models.Preference); a changed one keeps what
    its slot has. Raises ImportConflictsError,
    RowsLostError.
    """
    refuse_lost(batch)
    if conflicts := find_conflicts(batch):
        raise ImportConflictsError(conflicts)
    asked = parameters(batch) | {"seq": change.seq, "release": batch.release_id}
    rows = _rows(batch)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        batch.observations_after = last_id(cursor)
        closed = _close(cursor, batch, rows, asked)
        decided = Preference.objects.current().exists()
        preferred = "true" if asked["preferred"] and not decided else _NOBODY_ELSE
        cursor.execute(_WRITE.format(rows=rows, preferred=preferred), asked)
        inserted = cursor.rowcount
        cursor.execute(_WITHDRAW, asked)
        inserted += cursor.rowcount
        batch.observations_until = last_id(cursor)
        if inserted > MANY:
            # what is asked next must not be planned for the table as it was
            cursor.execute("ANALYZE metrics_observation")
    return Recorded(inserted, closed)


def _close(cursor: Any, batch: ImportBatch, rows: str, asked: dict[str, Any]) -> int:
    cursor.execute(_CLOSE, asked)
    closed = int(cursor.rowcount)
    decided = Preference.objects.current().exists()
    if not asked["preferred"] and not decided:
        return closed
    takes = f"({TAKES}) AND" if decided else ""
    rivals = rows.replace(
        "WHERE",
        "JOIN metrics_observation o ON o.seq_to IS NULL AND o.preferred"
        f" AND o.series_id = r.series_id AND o.period = r.period WHERE old.id IS NULL AND {takes}",
    )
    cursor.execute(_TAKEN.format(rows=rivals), asked)
    if cursor.rowcount:
        cursor.execute(_CLOSE_RIVALS, asked)
        closed += int(cursor.rowcount)
        cursor.execute(_LEAVE_RIVALS, asked)
    cursor.execute("DROP TABLE import_rival")
    return closed


def _rows(batch: ImportBatch) -> str:
    return _ROWS if batch.differences.exists() else _ALL_ROWS


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
