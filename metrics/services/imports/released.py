"""What imports do inside the publication of the release that holds them."""

from metrics.models import Change, ImportBatch, Release
from metrics.services.imports.creating import create_proposed
from metrics.services.imports.recording import record_import
from metrics.services.imports.touched import affected_by, touched_series
from metrics.services.stale import Targets


def define_imported(release: Release) -> bool:
    """Create the entities and series of the files; whether rules must be expanded anew."""
    created = [create_proposed(batch) for batch in _batches(release)]
    return any(created)


def record_imported(release: Release, change: Change) -> tuple[set[int], Targets]:
    """Write the files of the release; the series that changed, and what that affects."""
    changed: set[int] = set()
    targets = Targets()
    for batch in _batches(release):
        recorded = record_import(batch, change)
        change.summary["inserted"] = change.summary.get("inserted", 0) + recorded.inserted
        change.summary["closed"] = change.summary.get("closed", 0) + recorded.closed
        batch.state = ImportBatch.State.PUBLISHED
        batch.save(update_fields=["state", "observations_after", "observations_until"])
        ids = batch.observations_after or 0, batch.observations_until or 0
        changed |= touched_series(*ids)
        targets.add(affected_by(*ids))
    return changed, targets


def _batches(release: Release) -> list[ImportBatch]:
    waiting = release.imports.select_for_update().filter(state=ImportBatch.State.STAGED)
    return list(waiting.order_by("pk"))
