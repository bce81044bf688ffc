"""What an editor decides about an import: each decision calls its service and says what came."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.admin.import_forms import PublishForm
from metrics.models import ImportBatch
from metrics.participants import RefusedError
from metrics.services.imports.checking import compare_again
from metrics.services.imports.conflicts import ImportConflictsError
from metrics.services.imports.publishing import (
    ImportStateError,
    discard_import,
    publish_import,
    take_back,
)
from metrics.services.imports.recording import RowsLostError
from metrics.services.imports.storing import BatchHeldError
from metrics.services.imports.undoing import undo_import
from metrics.services.publishing import ReleaseStateError


def guarded(act: Callable[[], Any], request: HttpRequest) -> Any:
    """What the service says; where it cannot act now, a message in its place and None."""
    try:
        return act()
    except (ImportStateError, ReleaseStateError):
        messages.error(request, _("This was decided meanwhile; see its state below."))
    except BatchHeldError:
        messages.error(request, _("A worker has the file in hand; try again in a moment."))
    except RefusedError as error:
        messages.error(request, str(error))
    except RowsLostError:
        text = _("The rows that were read are lost and are being read again from the kept file.")
        messages.warning(request, text)
    return None


def publish(request: HttpRequest, batch: ImportBatch, form: PublishForm) -> None:
    """Raises ImportConflictsError."""
    kind, reason = form.cleaned_data["kind"], form.reason
    batch_before = batch.pk

    def act() -> bool:
        change = publish_import(
            batch, actor=request.user, now=timezone.now(), kind=kind, reason=reason
        )
        if change is not None:
            text = _("Published as change %(seq)d.") % {"seq": change.seq}
            messages.success(request, text)
        elif ImportBatch.objects.filter(pk=batch_before, state="published").exists():
            messages.success(request, _("Published."))
        else:
            text = _("Saved as a release that waits for a publisher's approval.")
            messages.info(request, text)
        return True

    guarded(act, request)


def discard(request: HttpRequest, batch: ImportBatch) -> None:
    def act() -> None:
        discard_import(batch, actor=request.user)
        messages.success(request, _("The file is discarded."))

    guarded(act, request)


def take_from_approval(request: HttpRequest, batch: ImportBatch) -> None:
    def act() -> None:
        take_back(batch, actor=request.user)
        messages.success(request, _("The file no longer waits for approval."))

    guarded(act, request)


def compare(request: HttpRequest, batch: ImportBatch) -> None:
    def act() -> None:
        compare_again(batch.pk, now=timezone.now())
        messages.success(request, _("Compared with what stands now."))

    guarded(act, request)


def undo(request: HttpRequest, batch: ImportBatch, reason: dict[str, str]) -> None:
    def act() -> None:
        undone = undo_import(batch, actor=request.user, now=timezone.now(), reason=reason)
        seq = undone.change.seq if undone.change else 0
        messages.success(request, _("Undone as change %(seq)d.") % {"seq": seq})
        if undone.left_count:
            text = ngettext(
                "%(n)d slot that changed since was left as it is.",
                "%(n)d slots that changed since were left as they are.",
                undone.left_count,
            )
            messages.warning(request, text % {"n": undone.left_count})

    guarded(act, request)


__all__ = ["ImportConflictsError", "compare", "discard", "publish", "take_from_approval", "undo"]
