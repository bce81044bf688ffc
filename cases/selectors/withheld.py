"""What readers get in place of sentences that hold no longer."""

from django.utils.translation import gettext as _

from cases.markup.pen import Withheld
from cases.markup.references import cells_of_sentence
from cases.models import LedgerEntry
from cases.selectors.addresses import series_url
from metrics.stats.periods import Period


def withheld_of(publication_id: int, language: str) -> dict[str, Withheld]:
    """By key of sentence; empty where all holds. One query."""
    rows = LedgerEntry.objects.filter(publication=publication_id).exclude(key="")
    rows = rows.exclude(state=LedgerEntry.State.HOLDS)
    return {row.key: _withheld(row, language) for row in rows}


def _withheld(row: LedgerEntry, language: str) -> Withheld:
    return Withheld(row.held, _flag(row, language), _url(row, language))


def _flag(row: LedgerEntry, language: str) -> str:
    """In the language in force, which is that of the page."""
    if row.held_at is not None and row.held:
        when = Period.parse(row.held_at.date().isoformat()).label(language, "flow")
        return _("As of %(day)s; the data have changed since") % {"day": when}
    if row.state == LedgerEntry.State.OPEN:
        return _("The data leave this open")
    return _("The data do not bear this out")


def _url(row: LedgerEntry, language: str) -> str:
    """The values of today: the page of the first series that the sentence is bound to."""
    cells = cells_of_sentence(row.source)
    return series_url(cells[0].series, language, cells[0].period) if cells else ""
