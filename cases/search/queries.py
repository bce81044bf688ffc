"""What a reader asks for: an expression over lexemes, and passages that have to stand so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cases.search.tokens import TOKEN, composed, fold, lexemes_of, squeezed

MOST_CHARACTERS: Final = 100
MOST_TERMS: Final = 10
# Left out of a query that has other words: nearly every English text has them.
_COMMON: Final = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "had", "has", "have", "in",
    "is", "it", "its", "of", "on", "or", "that", "the", "this", "to", "was", "were", "which", "who",
    "with",
})  # fmt: skip


class QueryError(ValueError):
    """The query is longer than is answered."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query: all of its terms have to be there.

    `expression` is the text of a tsquery; `passages` have to be in the squeezed text, where the
    expression alone would find characters that stand apart. `lexemes` and `runs` are what to mark.
    """

    text: str
    expression: str
    passages: tuple[str, ...]
    lexemes: frozenset[str]
    runs: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing in it can be looked for."""
        return not self.expression


def parse_query(text: str) -> Query:
    """The query of a text; raises QueryError for one of too many characters or terms."""
    text = " ".join(composed(text.replace("\0", " ")).split())
    terms = text.split()
    if len(text) > MOST_CHARACTERS or len(terms) > MOST_TERMS:
        raise QueryError(text[:MOST_CHARACTERS])
    groups = [group for term in terms for group in _groups(fold(term))]
    told = [group for group in groups if not _is_common(group)] or groups
    tokens = [token for group in told for token in group]
    return Query(
        text=text,
        expression=" & ".join(dict.fromkeys(map(_expression, tokens))),
        passages=tuple(dict.fromkeys(_passage(group) for group in told if _is_passage(group))),
        lexemes=frozenset(
            one
            for token in tokens
            if not token["han"]
            for together in lexemes_of(token)
            for one in together
        ),
        runs=tuple(dict.fromkeys(run for group in told for run in _runs(group))),
    )


def _groups(term: str) -> Iterator[list[re.Match[str]]]:
    """The tokens of a term, those together that nothing stands between."""
    group: list[re.Match[str]] = []
    for token in TOKEN.finditer(term):
        if group and group[-1].end() != token.start():
            yield group
            group = []
        group.append(token)
    if group:
        yield group


def _is_common(group: list[re.Match[str]]) -> bool:
    return all(token["word"] in _COMMON for token in group)


def _is_passage(group: list[re.Match[str]]) -> bool:
    """Whether bigrams and words do not say all: 金融科 is more than 金融 and 融科."""
    runs = [token[0] for token in group if token["han"]]
    return bool(runs) and (len(group) > 1 or len(runs[0]) > 2)


def _runs(group: list[re.Match[str]]) -> Iterator[str]:
    """Chinese to mark. In 8.29亿 the number is enough: 亿 alone stands in every second line."""
    for token in group:
        if token["han"] and (len(token[0]) > 1 or len(group) == 1):
            yield token[0]


def _passage(group: list[re.Match[str]]) -> str:
    return squeezed("".join(token[0] for token in group))


def _expression(token: re.Match[str]) -> str:
    """As a tsquery; lexemes are letters, digits and points, so quotes are all they need."""
    if token["han"] and len(token[0]) == 1:
        return f"'{token[0]}':*"
    places = list(lexemes_of(token))
    if token["han"]:
        places.pop()  # the last character alone
    return " & ".join(_either(together) for together in dict.fromkeys(places))


def _either(together: tuple[str, ...]) -> str:
    words = " | ".join(f"'{one}'" for one in together)
    return f"({words})" if len(together) > 1 else words
