"""Writing what readers may find: rows of the search index, many by one statement."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from django.db import connection

from cases.search.tokens import composed, squeezed, vector_texts

BATCH: Final = 2000
_WRITE: Final = """
    INSERT INTO cases_searchdocument
        (language, kind, key, title, summary, body, squeezed, headings, vector)
    SELECT language, kind, key, title, summary, body, squeezed, headings::tsvector, vector::tsvector
    FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
        %s::text[], %s::text[])
        AS made (language, kind, key, title, summary, body, squeezed, headings, vector)
    ON CONFLICT (language, kind, key) DO UPDATE SET title = excluded.title,
        summary = excluded.summary, body = excluded.body, squeezed = excluded.squeezed,
        headings = excluded.headings, vector = excluded.vector
"""
_REMOVE: Final = """
    DELETE FROM cases_searchdocument USING unnest(%s::text[], %s::text[], %s::text[])
        AS gone (language, kind, key)
    WHERE (cases_searchdocument.language, cases_searchdocument.kind, cases_searchdocument.key)
        = (gone.language, gone.kind, gone.key)
"""


_OTHER: Final = """
    SELECT language, kind, key
    FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
        %s::text[], %s::text[])
        AS made (language, kind, key, title, summary, body, squeezed, headings, vector)
    LEFT JOIN cases_searchdocument standing USING (language, kind, key)
    WHERE standing.id IS NULL
        OR (standing.title, standing.summary, standing.body, standing.squeezed) <>
            (made.title, made.summary, made.body, made.squeezed)
        OR standing.headings <> made.headings::tsvector OR standing.vector <> made.vector::tsvector
"""


class Place(NamedTuple):
    """What names a document."""

    language: str
    kind: str
    key: str


class Words(NamedTuple):
    """A document as plain text."""

    language: str
    kind: str
    key: str
    title: str
    summary: str
    body: str

    @property
    def place(self) -> Place:
        return Place(self.language, self.kind, self.key)


def write_documents(documents: Sequence[Words]) -> int:
    """Put documents in the place of those of the same names; how many. One statement a batch."""
    for columns in _batches(documents):
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, columns)
    return len(documents)


def other_documents(documents: Sequence[Words]) -> list[Place]:
    """Those of some documents that are missing or stored otherwise. One statement a batch."""
    found: list[Place] = []
    for columns in _batches(documents):
        with connection.cursor() as cursor:
            cursor.execute(_OTHER, columns)
            found += [Place(*row) for row in cursor.fetchall()]
    return found


def remove_documents(places: Iterable[Place]) -> int:
    """Take documents out; how many there were. One statement."""
    columns = [list(column) for column in zip(*places, strict=True)]
    if not columns:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_REMOVE, columns)
        return int(cursor.rowcount)


def _batches(documents: Sequence[Words]) -> Iterator[list[list[str]]]:
    for at in range(0, len(documents), BATCH):
        rows = [_row(one) for one in documents[at : at + BATCH]]
        yield [list(column) for column in zip(*rows, strict=True)]


def _row(words: Words) -> tuple[str, ...]:
    title, summary, body = map(composed, words[3:])
    whole = squeezed(f"{title}\n{summary}\n{body}")
    return (*words[:3], title, summary, body, whole, *vector_texts(title, summary, body))
