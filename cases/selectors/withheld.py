"""What readers get in place of sentences that hold no longer."""

from collections import defaultdict
from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import override

from cases.markup.pen import Withheld
from cases.markup.references import cells_of_sentence
from cases.models import LedgerEntry
from cases.selectors.addresses import series_url
from metrics.stats.periods import Period


def withheld_of(publications: Collection[int], language: str) -> dict[int, dict[str, Withheld]]:
    """By publication and key of sentence; those of which all holds are left out. One query."""
    rows = LedgerEntry.objects.withheld().filter(publication__in=publications)
    found: dict[int, dict[str, Withheld]] = defaultdict(dict)
    with override(language):
        for row in rows:
            found[row.publication_id][row.key] = _withheld(row, language)
    return found


def _withheld(row: LedgerEntry, language: str) -> Withheld:
    return Withheld(row.held, flag_of(row, language), url_of(row.source, language))


def flag_of(row: LedgerEntry, language: str) -> str:
    """Why a sentence is withheld, in the language in force."""
    if row.held_at is not None and row.held:
        when = Period.parse(row.held_at.date().isoformat()).label(language, "flow")
        return _("As of %(day)s; the data have changed since") % {"day": when}
    if row.state == LedgerEntry.State.OPEN:
        return _("The data leave this open")
    return _("The data do not bear this out")


def url_of(source: str, language: str, seq: int | None = None) -> str:
    """The values of today, or of the seq: the first series that the sentence is bound to."""
    cells = cells_of_sentence(source)
    return series_url(cells[0].series, language, cells[0].period, seq) if cells else ""
