"""The states of an import in words: what happened, and what can be done now."""

from django.utils.translation import gettext_lazy as _

from metrics.models import ImportBatch

State, Phase = ImportBatch.State, ImportBatch.Phase

EXPLAINED = {
    State.UPLOADED: _("The file is kept and waits for a worker to check it."),
    State.CHECKING: _("A worker checks the file. You may leave this page: the work goes on."),
    State.INVALID: _(
        "Something in the file cannot be read, so nothing of it was taken. Correct the file or "
        "the layout, then upload it again."
    ),
    State.STAGED: _("Every row can be read. Look at the difference, then publish it or discard."),
    State.UNCHANGED: _("The file says what stands already: there is nothing to publish."),
    State.PUBLISHED: _("Readers see the values of this file."),
    State.UNDONE: _("The file was published and taken back."),
    State.FAILED: _(
        "The check broke off by a fault of this site, and not of the file. Nothing of it was "
        "taken. Upload it again; where it fails again, tell an administrator."
    ),
    State.DISCARDED: _("The file was put aside and will not be published."),
}
WAITING = _("It waits for a publisher's approval; until then readers see nothing of it.")
