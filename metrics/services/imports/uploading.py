"""Taking a file in: kept as it is, looked at later by a worker."""

import hashlib
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction

from metrics.models import ImportBatch, ImportLayout
from metrics.nudge import nudge
from metrics.services.imports.layout import freeze_layout, thaw_layout
from metrics.services.imports.limits import refuse_large
from metrics.services.imports.opening import is_workbook
from metrics.services.imports.problems import FileRefusedError

CHECK_TASK = "metrics.check_import"


class AlreadyWaitingError(Exception):
    """The same file waits already, read by the same layout."""

    def __init__(self, batch: ImportBatch) -> None:
        super().__init__(str(batch))
        self.batch = batch


def may_import(user: Any) -> bool:
    return bool(user is not None and user.has_perm("metrics.add_importbatch"))


def upload_file(
    file: "File[bytes]",
    name: str,
    *,
    layout: ImportLayout,
    actor: Any,
    now: datetime,
    vintage_on: date | None = None,
) -> ImportBatch:
    """Keep a file to be checked by the layout as it is now, and ask a worker to check it.

    `actor` needs the permission "metrics.add_importbatch", or is None for the system;
    `vintage_on` is the day of publication by the source. Raises PermissionDenied,
    FileRefusedError for a file that is empty or too large, AlreadyWaitingError.
    """
    if actor is not None and not may_import(actor):
        raise PermissionDenied("This user may not import files.")
    frozen = freeze_layout(layout)
    if not file.size:
        raise FileRefusedError("empty_file")
    refuse_large(file.size, is_workbook=is_workbook(name, thaw_layout(frozen)))
    sha256 = _digest(file)
    waiting = ImportBatch.objects.filter(
        sha256=sha256,
        layout_frozen=frozen,
        vintage_on=vintage_on,
        state__in=[
            ImportBatch.State.UPLOADED,
            ImportBatch.State.CHECKING,
            ImportBatch.State.STAGED,
        ],
    ).first()
    if waiting is not None:
        raise AlreadyWaitingError(waiting)
    batch = ImportBatch(
        layout=layout,
        layout_frozen=frozen,
        file_name=name[-200:],
        size=file.size,
        sha256=sha256,
        vintage_on=vintage_on,
        uploaded_at=now,
        uploaded_by=actor,
    )
    with transaction.atomic():
        batch.file.save(name, file, save=False)
        batch.save()
        nudge(CHECK_TASK, batch.pk)
    return batch


def _digest(file: "File[bytes]") -> str:
    digest = hashlib.sha256()
    for block in file.chunks(1 << 20):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()
