"""What stood for sentences that did not hold at a moment of the past."""

from cases.markup.pen import Withheld
from cases.models import LedgerEntry
from cases.selectors.claims import SentenceReading, readings
from cases.selectors.figures import Figures
from cases.selectors.texts import LiveText
from cases.selectors.withheld import flag_of, url_of


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
    url = url_of(one.sentence.source, text.language, text.as_of)
    if row is not None and row.held_seq is not None and row.held_seq <= (text.as_of or 0):
        return Withheld(row.held, flag_of(row, text.language), url)
    return Withheld("", flag_of(LedgerEntry(state=one.state), text.language), url)
