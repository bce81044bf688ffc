"""Files of past vintages: what sources said before we recorded them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from metrics.models import Change, ImportBatch, ImportRow, Release, StagedObservation
from metrics.models.observation import Qualifier
from metrics.services.imports.layout import FrozenLayout, thaw_layout
from metrics.services.imports.problems import Problem
from metrics.services.vintages import backfill_vintages, find_misplaced
from metrics.stats.bounds import stated_bounds


def backfill_problems(batch: ImportBatch) -> list[Problem]:
    """Rows that are no past vintage: of a day that is not before the value that stands now."""
    rows = list(_rows(batch))
    staged = [_staged(row, batch, None) for row in rows]
    return [
        Problem(
            rows[error.row].line,
            "no_vintage",
            cell=f"{rows[error.row].period} {staged[error.row].vintage_on or ''}".strip(),
            params={"field": error.field, "message": error.message},
        )
        for error in find_misplaced(staged)
    ]


def publish_backfill(batch: ImportBatch, *, actor: Any, now: datetime) -> Change | None:
    """Record the past vintages of a checked file under the release of the batch."""
    staged = [_staged(row, batch, batch.release) for row in _rows(batch)]
    return backfill_vintages(staged, actor=actor, now=now)


def _rows(batch: ImportBatch) -> Iterator[ImportRow]:
    return batch.rows.order_by("place").iterator(chunk_size=5000)


def _staged(row: ImportRow, batch: ImportBatch, release: Release | None) -> StagedObservation:
    layout = thaw_layout(batch.layout_frozen)
    made = StagedObservation(
        release=release,
        series_id=row.series_id,
        period=row.period,
        period_start=row.period_start,
        period_end=row.period_end,
        value=row.value,
        resolution=_resolution(row),
        qualifier=row.qualifier or Qualifier.EXACT.value,
        stated=row.stated or "",
        status=row.status or ("A" if row.value is not None else "M"),
        null_reason=_reason(row, layout),
        source_id=row.source_id or layout.source_id or 0,
        locator=row.locator or "",
        note=row.note or "",
        vintage_on=row.vintage_on or batch.vintage_on,
        preferred=False,
    )
    if made.value is not None:
        made.lower, made.upper = stated_bounds(made.value, made.resolution, made.qualifier)
    return made


def _resolution(row: ImportRow) -> Any:
    if row.value is None or row.resolution is not None:
        return row.resolution
    exponent = row.value.as_tuple().exponent
    return type(row.value)(1).scaleb(exponent if isinstance(exponent, int) else 0)


def _reason(row: ImportRow, layout: FrozenLayout) -> str:
    return (row.null_reason or layout.missing_reason) if row.value is None else ""
