"""Documents of entities, series and sources: compared with what is defined, by one statement.

Only what reads otherwise is cut into tokens and written, so a file that brings ten thousand series
costs those, and an entity that is renamed its own series.
"""

from typing import Final

from django.db import connection

from cases.services.search_documents import Words, write_documents

KINDS: Final = ("entity", "series", "source")


def _named(column: str, language: str) -> str:
    """A translated column; that of the other language where it is empty."""
    first, second = ("en", "zh_hans") if language == "en" else ("zh_hans", "en")
    return f"coalesce(nullif({column}_{first}, ''), {column}_{second})"


def _defined(language: str) -> str:
    """SELECTs of what readers see of definitions: language, kind, key, title, summary, body."""

    def named(column: str) -> str:
        return _named(column, language)

    return f"""
        SELECT '{language}' AS language, 'entity' AS kind, entity.slug::text AS key,
            {named("entity.name")}::text AS title, {named("entity.description")} AS summary,
            entity.slug::text AS body
        FROM metrics_entity entity
        UNION ALL
        SELECT '{language}', 'series', series.key,
            {named("entity.name")} || ' · ' || {named("indicator.name")},
            {named("indicator.definition")}, {named("unit.name")} || E'\\n' || series.key
        FROM metrics_series series
        JOIN metrics_entity entity ON entity.id = series.entity_id
        JOIN metrics_indicator indicator ON indicator.id = series.indicator_id
        JOIN metrics_unit unit ON unit.id = indicator.unit_id
        UNION ALL
        SELECT '{language}', 'source', source.slug, {named("source.title")},
            {named("source.publisher")}, source.slug
        FROM metrics_source source
    """  # noqa: S608  columns and languages of ours


_DEFINED: Final = f"{_defined('zh-hans')} UNION ALL {_defined('en')}"
_CHANGED: Final = f"""
    SELECT defined.* FROM ({_DEFINED}) defined
    LEFT JOIN cases_searchdocument standing USING (language, kind, key)
    WHERE standing.id IS NULL
        OR (standing.title, standing.summary, standing.body)
            <> (normalize(defined.title), normalize(defined.summary), normalize(defined.body))
    ORDER BY language, kind, key
"""  # noqa: S608
_GONE: Final = f"""
    DELETE FROM cases_searchdocument standing
    WHERE kind = ANY(%s) AND NOT EXISTS (
        SELECT FROM ({_DEFINED}) defined
        WHERE (defined.language, defined.kind, defined.key)
            = (standing.language, standing.kind, standing.key)
    )
"""  # noqa: S608


def defined_words() -> list[Words]:
    """All that is defined, in both languages. One query."""
    return _fetched(_DEFINED)


def index_definitions() -> int:
    """Write the documents of definitions that read otherwise, take out those that are gone.

    How many were written. Two statements and one for each two thousand written.
    """
    with connection.cursor() as cursor:
        cursor.execute(_GONE, [list(KINDS)])
    return write_documents(_fetched(_CHANGED))


def _fetched(statement: str) -> list[Words]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [Words(*row) for row in cursor.fetchall()]
