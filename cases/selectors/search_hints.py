"""What to offer where nothing is found: the other language, a name that is spelled nearly so."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cases.models import SearchDocument
from cases.search.queries import Query, parse_query
from cases.search.spelling import SHORTEST, nearest
from cases.search.tokens import TOKEN, fold
from cases.selectors.search import count_found, other_language
from metrics.models import Indicator

MOST_TITLES: Final = 5000  # whose words are looked through
_LATIN: Final = f"[A-Za-z]{{{SHORTEST}}}"


@dataclass(frozen=True, slots=True)
class Hint:
    """Words that find something in a language, and how many documents."""

    words: str
    language: str
    count: int


@dataclass(frozen=True, slots=True)
class Hints:
    """`elsewhere`: the same words in the other language; `meant`: words that are near them."""

    elsewhere: Hint | None = None
    meant: Hint | None = None


def search_hints(query: Query, language: str) -> Hints:
    """What to offer for a query that finds nothing. At most five queries."""
    if query.is_empty:
        return Hints()
    meant = _meant(query)
    return Hints(
        elsewhere=_finding(query.text, (other_language(language),)),
        meant=_finding(meant, (language, other_language(language))) if meant else None,
    )


def _finding(words: str, languages: Iterable[str]) -> Hint | None:
    """The words in the first language in which they find something."""
    query = parse_query(words)
    for language in languages:
        if count := count_found(query, language):
            return Hint(words, language, count)
    return None


def _meant(query: Query) -> str:
    """The query with near names in the place of unknown words; "" where there are none."""
    known = _known_words()
    terms, is_changed = [], False
    for term in query.text.split():
        near = None if fold(term) in known else nearest(fold(term), known)
        is_changed = is_changed or near is not None
        terms.append(term if near is None else known[near])
    return " ".join(terms) if is_changed else ""


def _known_words() -> dict[str, str]:
    """Latin words of titles and names that readers can see, as they are written. Two queries."""
    titles = SearchDocument.objects.exclude(kind="series").filter(title__regex=_LATIN)
    names = Indicator.objects.filter(series__isnull=False).order_by("pk").distinct()
    found: dict[str, str] = {}
    for text in (
        *titles.order_by("kind", "key").values_list("title", flat=True)[:MOST_TITLES],
        *names.values_list("name_en", flat=True)[:MOST_TITLES],
    ):
        folded = fold(text)
        for match in TOKEN.finditer(folded):
            word = match["word"]
            if word and len(word) >= SHORTEST:
                written = text[match.start("word") : match.end("word")]
                if found.get(word, word) == word:  # a name is written with its capitals
                    found[word] = written
    return found
