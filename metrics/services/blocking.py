"""What keeps the values and files of an open release from being published, in words."""

from django.utils.translation import gettext as _

from metrics.models import ImportBatch, Release
from metrics.services.imports.conflicts import find_conflicts
from metrics.services.imports.recording import RowsLostError, refuse_lost
from metrics.services.proposals import changed_since_proposed
from metrics.services.refusals import slots_in_words


def value_blocks(release: Release) -> list[str]:
    """Slots that changed since the values were proposed. Two queries."""
    changed = changed_since_proposed(release)
    if not changed:
        return []
    text = _("Changed since this was proposed: %(slots)s.")
    return [text % {"slots": slots_in_words(changed)}]


def import_blocks(release: Release) -> list[str]:
    """Files whose rows are lost or whose slots were edited. Four queries a file."""
    waiting = release.imports.filter(state=ImportBatch.State.STAGED)
    return [block for batch in waiting.order_by("pk") for block in _blocks(batch)]


def _blocks(batch: ImportBatch) -> list[str]:
    try:
        refuse_lost(batch)
    except RowsLostError:
        text = _("The rows of %(file)s are lost: take it out and hand it in again.")
        return [text % {"file": batch.file_name}]
    if conflicts := find_conflicts(batch):
        text = _("Edited since %(file)s was compared: %(slots)s.")
        return [text % {"file": batch.file_name, "slots": slots_in_words(conflicts)}]
    return []
