"""Bound wording: words that claim something of stored values, and the condition that they hold.

    [more than doubled]{if="webank.credit-customers-growth@2017 > 100"}

A condition is one comparison or several joined by ``and``, in the grammar of formulas
(``metrics.stats.formula``); its names are cells, ``series@period`` or with ``| transform`` behind.
Operators stand between spaces, since keys hold hyphens and periods hold strokes. A comparison is
true or false where it is so for every value within the bounds, else open (None).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cases.markup.errors import MarkupError, TokenError
from cases.markup.tokens import Reference, parse_reference
from metrics.stats.bounds import Figure
from metrics.stats.formula import Formula, FormulaError, evaluate_predicate, parse_formula
from metrics.stats.formula import names as names_in
from metrics.stats.periods import Period
from metrics.stats.phrases import Phrase

MAX_CONDITION: Final = 400
MAX_COMPARISONS: Final = 8
MARK: Final = re.compile(rf'\{{if="(?P<condition>[^"\n]{{1,{MAX_CONDITION}}})"\}}')
SPAN: Final = re.compile(rf"\[(?P<words>[^\[\]\n]{{1,400}})\]{MARK.pattern}")
CONSTANT: Final = re.compile(r"\[([^\[\]{\n]{1,80})\]\{constant\}")
EXPECTED: Final = Phrase(
    'expected a comparison such as "webank.credit-customers-growth@2017 > 100", '
    "several joined by and"
)
_CELL: Final = re.compile(
    r"[a-z0-9-]+\.[a-z0-9-]+(?:\.[smqwda])?@[^\s()<>=*+,|]+(?:\s*\|\s*[a-z0-9]+)?", re.ASCII
)
_AND: Final = re.compile(r"\s+and\s+")
# Every cell is read at its own period; the grammar of formulas wants one for the whole.
_NOW: Final = Period.parse("2000")


class WordingError(MarkupError):
    """A condition that cannot be read."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as written, and as read: comparisons over cells by name."""

    text: str
    comparisons: tuple[Formula, ...]
    cells: Mapping[str, Reference]

    def holds(self, figure_of: Callable[[Reference], Figure]) -> bool | None:
        """Whether all comparisons hold; False where one fails, None where one is open."""
        inputs = {name: {_NOW: figure_of(cell)} for name, cell in self.cells.items()}
        found = [evaluate_predicate(one, inputs, _NOW) for one in self.comparisons]
        if False in found:
            return False
        return None if None in found else True


@dataclass(frozen=True, slots=True)
class Wording:
    """Bound words at a line (from 1) of a text; ``words`` as written, tokens and all."""

    words: str
    condition: Condition
    line: int


@lru_cache(maxsize=4096)
def parse_condition(text: str) -> Condition:
    """Read a condition; WordingError says at which character and what is expected there."""
    cells: dict[str, Reference] = {}
    parts = _AND.split(text)
    if len(parts) > MAX_COMPARISONS:
        raise WordingError(Phrase("expected at most %(most)s comparisons", most=MAX_COMPARISONS))
    return Condition(text, tuple(_comparison(part, cells) for part in parts), cells)


def _comparison(text: str, cells: dict[str, Reference]) -> Formula:
    names = {cell: name for name, cell in cells.items()}

    def named(match: re.Match[str]) -> str:
        cell = parse_reference(match[0]).cell
        name = names.setdefault(cell, f"cell{len(names) + 1}")
        cells[name] = cell
        return name

    try:
        formula = parse_formula(_CELL.sub(named, text))
    except (TokenError, FormulaError) as error:
        raise WordingError(_refusal(text, error.message)) from None
    unknown = sorted(names_in(formula) - set(cells))
    if not formula.is_predicate or unknown:
        name = repr(unknown[0]) if unknown else ""
        reason = Phrase("unknown name %(name)s", name=name) if name else Phrase("no comparison")
        raise WordingError(_refusal(text, reason))
    return formula


def _refusal(text: str, reason: str) -> Phrase:
    return Phrase(
        "condition %(text)s: %(reason)s; %(expected)s",
        text=repr(text.strip()),
        reason=reason,
        expected=EXPECTED,
    )


def wordings_of_line(text: str) -> Iterator[Wording | WordingError]:
    """The wordings of a plain text (a title, a caption), and what is wrong with them."""
    for span in SPAN.finditer(text):
        try:
            condition = parse_condition(span["condition"])
        except WordingError as error:
            yield error.moved(columns=span.start())
        else:
            yield Wording(span["words"], condition, 1)


def unmarked(text: str) -> str:
    """A plain text with only the words of its wordings and constants."""
    return CONSTANT.sub(r"\1", SPAN.sub(lambda span: span["words"], text))


def cells_of_line(text: str) -> list[Reference]:
    """The cells of the conditions in a plain text; conditions that cannot be read have none."""
    found = [one for one in wordings_of_line(text) if isinstance(one, Wording)]
    return [cell for wording in found for cell in wording.condition.cells.values()]
