"""What a file says of each slot in full, as SQL: one place where its silence is filled in."""

from decimal import Decimal
from typing import Any

from metrics.models import ImportBatch
from metrics.services.imports.layout import FrozenLayout, thaw_layout


def _of_scale(digit: int, places: int) -> str:
    """So many units of the last digit of a value as it stands, as an exact number.

    A power would be none; to write a number and read it back, as is done for values of many
    decimals, takes longer than all the rest of a row.
    """
    cases = " ".join(
        f"WHEN {scale} THEN {digit * Decimal(10) ** -(scale + places):f}" for scale in range(5)
    )
    return f"""CASE scale(r.value) {cases}
        ELSE ('{digit}e-' || scale(r.value) + {places})::numeric END"""


_UNIT = _of_scale(1, 0)
_HALF = f"""CASE WHEN r.resolution IS NULL THEN {_of_scale(5, 1)}
    ELSE (r.resolution * 0.5) END"""

# Columns of an observation, from a row `r` of the file; %(…)s are `parameters`.
SAID = {
    "value": "r.value",
    "stated": "coalesce(r.stated, '')",
    "resolution": f"CASE WHEN r.value IS NULL THEN NULL ELSE coalesce(r.resolution, {_UNIT}) END",
    "lower": f"""CASE coalesce(r.qualifier, 'exact') WHEN 'exact' THEN r.value - {_HALF}
        WHEN 'over' THEN r.value END""",
    "upper": f"""CASE WHEN coalesce(r.qualifier, 'exact') = 'exact' THEN r.value + {_HALF}
        WHEN r.qualifier IN ('under', 'nearly') THEN r.value END""",
    "qualifier": "coalesce(r.qualifier, 'exact')",
    "status": "coalesce(r.status, CASE WHEN r.value IS NULL THEN 'M' ELSE 'A' END)",
    "null_reason": """CASE WHEN r.value IS NULL
        THEN coalesce(nullif(r.null_reason, ''), %(missing_reason)s) ELSE '' END""",
    "source_id": "coalesce(r.source_id, %(source)s)",
    "locator": "coalesce(r.locator, '')",
    "note": "coalesce(r.note, '')",
    "vintage_on": "coalesce(r.vintage_on, %(vintage_on)s::date)",
}
# What makes a row of the file say something else than the observation `o` of its source. What the
# file has no column for is not compared, and a new day of publication alone says nothing new.
_ALWAYS = ("value", "resolution", "lower", "upper", "qualifier", "null_reason")
DIFFERS = f"""
    (o.value IS DISTINCT FROM r.value OR o.resolution IS DISTINCT FROM ({SAID["resolution"]})
    OR o.qualifier <> {SAID["qualifier"]} OR o.null_reason <> {SAID["null_reason"]}
    OR (r.stated IS NOT NULL AND o.stated <> r.stated)
    OR (r.status IS NOT NULL AND o.status <> r.status)
    OR (r.locator IS NOT NULL AND o.locator <> r.locator)
    OR (r.note IS NOT NULL AND o.note <> r.note))
"""
SAME_SLOT = f"""
    o.series_id = r.series_id AND o.period = r.period AND o.source_id = {SAID["source_id"]}
"""

# The decision on a slot, if any: the one for its period, else the one for every period.
_DECIDED = """
    FROM metrics_preference f WHERE f.seq_to IS NULL AND f.series_id = r.series_id
        AND f.period = (SELECT max(g.period) FROM metrics_preference g WHERE g.seq_to IS NULL
            AND g.series_id = r.series_id AND g.period IN ('', r.period))
        AND f.source_id
"""
# Whether the source of a row is the one decided for.
DECIDED_FOR = f"EXISTS (SELECT {_DECIDED} = ({SAID['source_id']}))"
# Whether a new row takes the preference from the sources that stand in its slot: by its layout, but
# never against a decision for a source that states the slot, and always by one for its own.
TAKES = f"""
    CASE WHEN {DECIDED_FOR} THEN true
    ELSE %(preferred)s AND NOT EXISTS (SELECT {_DECIDED} IN (
        SELECT p.source_id FROM metrics_observation p WHERE p.seq_to IS NULL
            AND p.series_id = r.series_id AND p.period = r.period)) END
"""  # noqa: S608

# The rows of the file that are to be written, with the observation each replaces.
_ROWS = """
    FROM metrics_importdifference d
    JOIN metrics_importrow r ON r.batch_id = d.batch_id AND r.place = d.position
    LEFT JOIN metrics_observation old ON old.id = d.observation_id
    WHERE d.batch_id = %(batch)s AND d.mark <> 'withdrawn'
"""
_ALL_ROWS = """
    FROM metrics_importrow r
    CROSS JOIN (SELECT NULL::bigint AS id, NULL::bigint AS seq_to, NULL::text AS null_reason,
        NULL::boolean AS preferred) old
    WHERE r.batch_id = %(batch)s
"""


def rows_to_write(batch: ImportBatch) -> str:
    """The rows `r` of the batch that say something else, with the observation `old` of each."""
    return _ROWS if batch.differences.exists() else _ALL_ROWS


def parameters(batch: ImportBatch) -> dict[str, Any]:
    """What the fragments above name, and the batch."""
    layout = thaw_layout(batch.layout_frozen)
    return {
        "batch": batch.pk,
        "source": layout.source_id,
        "missing_reason": layout.missing_reason,
        "vintage_on": batch.vintage_on,
        "preferred": layout.preferred,
        **_left_out(layout),
    }


def _left_out(layout: FrozenLayout) -> dict[str, Any]:
    """Which observations a complete file speaks for: of its source, indicator and frequency."""
    return {"indicator": layout.indicator_id, "frequency": layout.frequency}
