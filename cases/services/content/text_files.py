"""Text files to records, and whether what they quote is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cases.markup.document import Document, read_document
from cases.markup.errors import MarkupError
from cases.markup.references import cells_of, cited_in, entities_of, pictures_of
from cases.markup.tokens import ALL_PERIODS, RELATIVE_PERIODS, Reference
from cases.services.content.folder import Folder
from cases.services.content.problems import ContentError, Problem
from cases.services.content.record import (
    CASES,
    ENTITIES,
    OBSERVATIONS,
    PICTURES,
    SOURCES,
    TEXTS,
    Content,
    Data,
    Record,
)
from cases.services.content.series_plan import SeriesPlan


def read_texts(folder: Folder, problems: list[Problem]) -> dict[str, Record]:
    """The texts of a folder by file name; what is wrong is added to `problems`."""
    records: dict[str, Record] = {}
    for name in sorted(folder.files):
        if not name.endswith(".md"):
            continue
        try:
            document = read_document(folder.text(name), filename=name)
        except MarkupError as error:
            problems.append(Problem(name, error.line, error.message))
        except ContentError as error:
            problems.extend(error.problems)
        else:
            problems.extend(Problem(name, e.line, e.message) for e in document.problems)
            places = {
                "title": document.title_line,
                "standfirst": document.standfirst_line,
                "body": document.body_line,
            }
            records[name] = Record(TEXTS, name, text_data(document), name, 1, places)
    return records


def text_data(document: Document) -> dict[str, str]:
    """The words of a text as a record."""
    return {
        "slug": document.slug,
        "language": document.language,
        "title": document.title,
        "standfirst": document.standfirst,
        "body": document.body,
    }


def text_document(data: Data) -> Document:
    return Document(**data)


def text_name(slug: str, language: str) -> str:
    return f"{slug}.{language}.md"


def text_faults(content: Content, plan: SeriesPlan) -> Iterator[Problem]:
    """Texts without a case; tokens and exhibits that quote what is not there."""
    for record in content[TEXTS].values():
        if record.data["slug"] not in content[CASES]:
            message = f"no case {record.data['slug']!r}; expected a file named for one of {CASES}"
            yield Problem(record.file, 0, message)
        document = text_document(record.data)
        for cell in cells_of(document):
            message = _cell_fault(plan, cell)
            if message:
                yield Problem(record.file, _line(record, cell), message)
        for what, slug, kind in _named_in(document):
            if slug not in content[kind]:
                message = f"unknown {what.format(slug)}; expected a key of {kind}"
                yield Problem(record.file, _line_of(record, re.escape(slug)), message)


def _named_in(document: Document) -> Iterator[tuple[str, str, str]]:
    """What exhibits name: how a message calls it, its key, and the kind of record it must be."""
    yield from (("entity {!r} in a timeline", slug, ENTITIES) for slug in entities_of(document))
    yield from (("source {!r} in a quote", slug, SOURCES) for slug in cited_in(document))
    yield from (("picture {!r} in an image", slug, PICTURES) for slug in pictures_of(document))


def _cell_fault(plan: SeriesPlan, cell: Reference) -> str:
    if cell.series not in plan.series:
        return f"unknown series {cell.series!r}; expected one that {OBSERVATIONS} or a rule gives"
    if cell.period in (*RELATIVE_PERIODS, ALL_PERIODS) or plan.has_value(cell.series, cell.period):
        return ""
    periods = sorted(period for key, period in plan.cells if key == cell.series)
    return f"{cell.series} has no value at {cell.period}; expected one of {', '.join(periods)}"


def _line(record: Record, cell: Reference) -> int:
    """The first line that names the cell, else its series."""
    series, period = re.escape(cell.series), re.escape(cell.period)
    found = _line_of(record, rf"{series}\s*@\s*{period}")
    return found or _line_of(record, series)


def _line_of(record: Record, pattern: str) -> int:
    """The line of the file on which the pattern first stands alone; 0 where it does not."""
    shape = re.compile(rf"(?<![\w.-]){pattern}(?![\w-]|\.[a-z0-9])")
    for part in ("title", "standfirst", "body"):
        for number, line in enumerate(record.data[part].split("\n")):
            if shape.search(line):
                return record.line_of(part) + number
    return 0
