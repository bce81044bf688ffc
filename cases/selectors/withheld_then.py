"""What stood for sentences that did not hold at a moment of the past."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from cases.markup.pen import Withheld
from cases.markup.text import ParsedText, Text
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
    broken = _broken(text.text, text.parsed, figures)
    entries = _entries([text.publication_id]) if broken else {}
    return _stood(text, broken, entries)


def withheld_in_list(
    shown: Iterable[tuple[LiveText, ParsedText]], figures: Figures
) -> list[LiveText]:
    """Texts as of a seq with what stood for the sentences that a list shows of them.

    Each comes with what is shown of it. One query for all, none where all held.
    """
    found = []
    for text, parsed in shown:
        words = Text(text.text.title, text.text.standfirst if parsed.standfirst.nodes else "", "")
        found.append((text, _broken(words, parsed, figures)))
    pks = [text.publication_id for text, broken in found if broken]
    entries = _entries(pks) if pks else {}
    return [replace(text, withheld=_stood(text, broken, entries)) for text, broken in found]


def _broken(words: Text, parsed: ParsedText, figures: Figures) -> list[SentenceReading]:
    found = readings(words, parsed, figures)
    return [one for one in found if one.state != LedgerEntry.State.HOLDS]


def _entries(publications: Collection[int]) -> dict[tuple[int, str], LedgerEntry]:
    rows = LedgerEntry.objects.filter(publication__in=publications).exclude(key="")
    return {(row.publication_id, row.key): row for row in rows}


def _stood(
    text: LiveText,
    broken: Iterable[SentenceReading],
    entries: Mapping[tuple[int, str], LedgerEntry],
) -> dict[str, Withheld]:
    return {
        one.sentence.key: _withheld_then(
            one, entries.get((text.publication_id, one.sentence.key)), text
        )
        for one in broken
    }


def _withheld_then(one: SentenceReading, row: LedgerEntry | None, text: LiveText) -> Withheld:
    url = url_of(one.sentence.source, text.language, text.as_of)
    if row is not None and row.held_seq is not None and row.held_seq <= (text.as_of or 0):
        return Withheld(row.held, flag_of(row, text.language), url)
    return Withheld("", flag_of(LedgerEntry(state=one.state), text.language), url)
