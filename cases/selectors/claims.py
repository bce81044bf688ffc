"""How the claims of a text stand against the values: sentence by sentence, number by number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from cases.markup.claims import ClaimingSentence, TypedNumber, claiming_sentences, typed_numbers
from cases.markup.pen import Pen
from cases.markup.text import ParsedText, Text
from cases.markup.tokens import Reference
from cases.models import LedgerEntry, Revision
from cases.selectors.figures import Figures, text_figures
from cases.selectors.texts import parsed
from metrics.stats.bounds import Figure

_State: Final = LedgerEntry.State
# The worst that one claim of a sentence is, the sentence is.
_WORST_FIRST: Final = (_State.FALSE, _State.MISSING, _State.OPEN)


@dataclass(frozen=True, slots=True)
class ClaimReading:
    """One claim of a sentence: a figure or bound words, how it is bound, and how it stands."""

    words: str
    bound_to: str
    state: str

    @property
    def label(self) -> str:
        return str(LedgerEntry.State(self.state).label)


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """A sentence with the values of a moment: its words, its claims, and how it stands."""

    sentence: ClaimingSentence
    printed: str
    claims: tuple[ClaimReading, ...]

    @property
    def state(self) -> str:
        states = {claim.state for claim in self.claims}
        return next((state for state in _WORST_FIRST if state in states), _State.HOLDS)


@dataclass(frozen=True, slots=True)
class Claims:
    """Everything that a text claims."""

    sentences: tuple[SentenceReading, ...]
    numbers: tuple[TypedNumber, ...]

    @property
    def broken(self) -> tuple[SentenceReading, ...]:
        return tuple(one for one in self.sentences if one.state != _State.HOLDS)

    @property
    def unbound(self) -> tuple[TypedNumber, ...]:
        return tuple(number for number in self.numbers if number.exempt is None)

    @property
    def count(self) -> int:
        return sum(len(one.claims) for one in self.sentences)


def claims_of(revision: Revision, language: str, seq: int | None = None) -> Claims:
    """The claims of a revision with the values as of a seq (None: now).

    As many queries as its figures take.
    """
    text = text_of(revision)
    figures = text_figures([parsed(text)], language, seq)
    return Claims(tuple(readings(text, parsed(text), figures)), typed_numbers(text))


def readings(text: Text, read: ParsedText, figures: Figures) -> Iterator[SentenceReading]:
    """The sentences of a text that quote values, in order; asks no database."""
    pen = Pen(figures.language, figures)
    for sentence in claiming_sentences(text, read):
        claims = tuple(_claims(sentence, pen, figures))
        yield SentenceReading(sentence, sentence.printed(pen), claims)


def text_of(revision: Revision) -> Text:
    return Text(revision.title, revision.standfirst, revision.body)


def _claims(sentence: ClaimingSentence, pen: Pen, figures: Figures) -> Iterable[ClaimReading]:
    for reference in sentence.figures:
        is_missing = figures.figure(reference).value is None
        state = _State.MISSING if is_missing else _State.HOLDS
        yield ClaimReading(pen.figure_text(reference), reference.text, state)

    def figure_of(cell: Reference) -> Figure:
        return figures.cell(cell)[1]

    for wording in sentence.wordings:
        holds = wording.condition.holds(figure_of)
        state = {True: _State.HOLDS, False: _State.FALSE, None: _State.OPEN}[holds]
        yield ClaimReading(wording.words, wording.condition.text, state)
