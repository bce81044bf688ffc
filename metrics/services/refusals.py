"""Why a release is not published, in words."""

from typing import Final

from django.utils.translation import gettext as _

from metrics.participants import RefusedError
from metrics.services.imports.conflicts import ImportConflictsError
from metrics.services.imports.recording import RowsLostError
from metrics.services.proposals import StaleProposalError
from metrics.services.publishing import ReleaseStateError
from metrics.services.rules import RuleError
from metrics.translation import translated

SLOTS_SHOWN: Final = 10
# What the publication of a release refuses it with; anything else is a fault of ours.
REFUSALS: Final = (
    ReleaseStateError,
    StaleProposalError,
    ImportConflictsError,
    RowsLostError,
    RuleError,
    RefusedError,
)


def refusal_words(error: Exception) -> str:
    """What the error says to an editor, in the language in force."""
    match error:
        case ReleaseStateError():
            return _("It was already decided.")
        case StaleProposalError():
            text = _(
                "These values were changed since it was proposed: %(slots)s. Open it to compare; "
                "you may publish it anyway, or reject it."
            )
            return text % {"slots": slots_in_words(error.slots)}
        case ImportConflictsError():
            text = _(
                "These values were edited since its file was compared: %(slots)s. Open the "
                "imported file and compare again."
            )
            return text % {"slots": slots_in_words(error.slots)}
        case RowsLostError():
            return _(
                "The rows of its file are lost. Open the imported file, take it back from approval "
                "and hand it in again: it is then read anew."
            )
        case RuleError():
            return translated(error.message)
    return str(error)


def slots_in_words(slots: list[tuple[str, str]]) -> str:
    """The first of some slots, as (series key, period)."""
    return ", ".join(f"{key} {period}" for key, period in slots[:SLOTS_SHOWN])
