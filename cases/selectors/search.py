"""One ranked list of all that readers can open and that has what they ask for."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import connection

from cases.models import SearchDocument
from cases.search.queries import Query
from cases.search.snippets import Part, marked, marks, snippet
from cases.selectors.addresses import page_url, text_url

PAGE_SIZE: Final = 20
MOST_PAGES: Final = 50
# So many of the best by title and summary are ordered anew by all of their words: vectors of texts
# are long, and reading those of thousands would take longer than anybody waits.
_LOOKED_INTO: Final = 200
DEFINED: Final = ("entity", "series", "source")
KINDS: Final = tuple(SearchDocument.Kind.values)
# What a reader looks for first, where names are alike.
_FACTORS: Final = {
    "case": 2.0, "technology": 2.0, "overview": 1.5, "entity": 2.2, "series": 1.0, "source": 0.9,
}  # fmt: skip
_FACTOR: Final = " ".join(f"WHEN '{kind}' THEN {by}" for kind, by in _FACTORS.items())
_FOUND: Final = """
    FROM cases_searchdocument document
    WHERE language = %(language)s AND vector @@ %(expression)s::tsquery
        AND (SELECT coalesce(bool_and(strpos(document.squeezed, passage) > 0), true)
            FROM unnest(%(passages)s::text[]) passage)
"""
_WITHOUT_PASSAGES: Final = """
    FROM cases_searchdocument document
    WHERE language = %(language)s AND vector @@ %(expression)s::tsquery
"""
_PAGE: Final = """
    WITH found AS MATERIALIZED (
        SELECT id, kind, key, CASE kind {factor} END AS factor,
            ts_rank(headings, %(expression)s::tsquery) AS rank
        {found}
    ), best AS MATERIALIZED (
        SELECT id, factor, row_number() OVER (ORDER BY rank * factor DESC, kind, key) AS place
        FROM found WHERE kind = ANY(%(kinds)s)
        ORDER BY rank * factor DESC, kind, key LIMIT %(most)s
    ), page AS (
        SELECT best.id, row_number() OVER (
            ORDER BY place > %(looked_into)s, CASE WHEN place <= %(looked_into)s
                THEN ts_rank(vector, %(expression)s::tsquery) * factor END DESC, place
        ) AS place
        FROM best JOIN cases_searchdocument USING (id)
    ), counts AS (
        SELECT jsonb_object_agg(kind, count) AS counts
        FROM (SELECT kind, count(*) FROM found GROUP BY kind) counted
    )
    SELECT counts, shown.* FROM counts LEFT JOIN (
        SELECT page.place, kind, key, title, summary, body
        FROM page JOIN cases_searchdocument USING (id)
        WHERE page.place > %(after)s AND page.place <= %(until)s
    ) shown ON true ORDER BY shown.place
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A page that was found; words are plain text, not escaped, the terms in them marked."""

    kind: str
    kind_name: str
    key: str
    url: str
    title: tuple[Part, ...]
    snippet: tuple[Part, ...]

    @property
    def name(self) -> str:
        """The title as one text."""
        return "".join(part.text for part in self.title)

    @property
    def excerpt(self) -> str:
        """The snippet as one text."""
        return "".join(part.text for part in self.snippet)


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of what was found. `counts` are of all kinds, whatever kinds were asked for.

    `count` is of the kinds that were asked for; more than can be paged to is still counted.
    """

    found: tuple[Found, ...]
    count: int
    counts: Mapping[str, int]
    page: int
    pages: int


def search(
    query: Query,
    language: str,
    kinds: Collection[str] = (),
    page: int = 1,
    *,
    page_size: int = PAGE_SIZE,
) -> SearchPage:
    """What has all terms of a query, the best first; `kinds` empty: of every kind. One query.

    At most `MOST_PAGES` × `PAGE_SIZE` can be paged to.
    """
    if query.is_empty:
        return SearchPage((), 0, {}, page, 0)
    asked = list(kinds) or list(KINDS)
    parameters = _parameters(query, language) | {
        "kinds": asked,
        "most": PAGE_SIZE * MOST_PAGES,
        "looked_into": _LOOKED_INTO,
        "after": (page - 1) * page_size,
        "until": page * page_size,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PAGE.format(factor=_FACTOR, found=_conditions(query)), parameters)
        rows = cursor.fetchall()
    counts: dict[str, int] = json.loads(rows[0][0] or "{}")
    count = sum(counts.get(kind, 0) for kind in asked)
    pages = -(-min(count, PAGE_SIZE * MOST_PAGES) // page_size)
    found = tuple(_found(row[2:], query, language) for row in rows if row[1] is not None)
    return SearchPage(found, count, counts, page, pages)


def count_found(query: Query, language: str) -> int:
    """How many documents of a language have all terms of a query. One query."""
    if query.is_empty:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_conditions(query)}", _parameters(query, language))
        return int(cursor.fetchone()[0])


def other_language(language: str) -> str:
    return next(code for code, _name in settings.LANGUAGES if code != language)


def _conditions(query: Query) -> str:
    return _FOUND if query.passages else _WITHOUT_PASSAGES


def _parameters(query: Query, language: str) -> dict[str, Any]:
    return {
        "language": language,
        "expression": query.expression,
        "passages": list(query.passages),
    }


def _found(row: tuple[str, ...], query: Query, language: str) -> Found:
    kind, key, title, summary, body = row
    return Found(
        kind=kind,
        kind_name=str(SearchDocument.Kind(kind).label),
        key=key,
        url=_url(kind, key, language),
        title=marked(title, query),
        snippet=snippet(_telling(kind, summary, body, query), query, language),
    )


def _telling(kind: str, summary: str, body: str, query: Query) -> str:
    """What a snippet is taken from: of texts the body where only that has a term.

    The body of a definition is its key and unit: nothing to read.
    """
    if kind in DEFINED or any(marks(summary, query)) or not any(marks(body, query)):
        return summary
    return body


def _url(kind: str, key: str, language: str) -> str:
    if kind in DEFINED:
        return page_url(language, kind, key)
    return text_url(kind, key, language)
