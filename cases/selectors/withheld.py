"""What readers get in place of sentences that hold no longer."""

from django.utils.translation import gettext as _

from cases.markup.pen import Withheld
from cases.markup.references import cells_of_sentence
from cases.models import LedgerEntry
from cases.selectors.addresses import series_url
from cases.selectors.claims import SentenceReading, readings
from cases.selectors.figures import Figures
from cases.selectors.texts import LiveText
from metrics.stats.periods import Period


def withheld_of(publication_id: int, language: str) -> dict[str, Withheld]:
    """By key of sentence; empty where all holds. One query."""
    rows = LedgerEntry.objects.filter(publication=publication_id).exclude(key="")
    rows = rows.exclude(state=LedgerEntry.State.HOLDS)
    return {row.key: _withheld(row, language) for row in rows}


def withheld_then(text: LiveText, figures: Figures) -> dict[str, Withheld]:
    """Of a text as of a seq, by key of sentence: what stood for those that did not hold then.

    `figures` are of that seq. Words of a sentence that held again since are not kept: it is shown
    as it is, with the flag. One query, none where all held.
    """
    broken = [
        one
        for one in readings(text.text, text.parsed, figures)
        if one.state != LedgerEntry.State.HOLDS
    ]
    if not broken:
        return {}
    rows = LedgerEntry.objects.filter(publication=text.publication_id).exclude(key="")
    entries = {row.key: row for row in rows}
    return {
        one.sentence.key: _withheld_then(one, entries.get(one.sentence.key), text) for one in broken
    }


def _withheld_then(one: SentenceReading, row: LedgerEntry | None, text: LiveText) -> Withheld:
    url = _url(one.sentence.source, text.language, text.as_of)
    if row is not None and row.held_seq is not None and row.held_seq <= (text.as_of or 0):
        return Withheld(row.held, _flag(row, text.language), url)
    return Withheld("", _flag(LedgerEntry(state=one.state), text.language), url)


def _withheld(row: LedgerEntry, language: str) -> Withheld:
    return Withheld(row.held, _flag(row, language), _url(row.source, language))


def _flag(row: LedgerEntry, language: str) -> str:
    """In the language in force, which is that of the page."""
    if row.held_at is not None and row.held:
        when = Period.parse(row.held_at.date().isoformat()).label(language, "flow")
        return _("As of %(day)s; the data have changed since") % {"day": when}
    if row.state == LedgerEntry.State.OPEN:
        return _("The data leave this open")
    return _("The data do not bear this out")


def _url(source: str, language: str, seq: int | None = None) -> str:
    """The values of today, or of the seq: the first series that the sentence is bound to."""
    cells = cells_of_sentence(source)
    return series_url(cells[0].series, language, cells[0].period, seq) if cells else ""
