"""Trying a layout on a file: its first rows as they would be read. Nothing is stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from metrics.models import Entity, ImportLayout, Indicator, Series
from metrics.models.import_row import COLUMN_BITS
from metrics.services.imports.blocks import Texts
from metrics.services.imports.cells import NULL
from metrics.services.imports.layout import freeze_layout, thaw_layout
from metrics.services.imports.limits import refuse_large
from metrics.services.imports.opening import is_workbook, open_rows
from metrics.services.imports.problems import FileRefusedError, Problem, Problems
from metrics.services.imports.reading import Reader
from metrics.services.imports.resolving import Resolver

ROWS = 20
# A wide row has many values.
MOST_VALUES = 200
MOST_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class TriedValue:
    """One value of the file as it would be recorded; what the file leaves unsaid is "".

    `row` counts from 1 as a spreadsheet does; `series` is a key, of a new series the one it gets.
    """

    row: int
    series: str
    is_new: bool
    period: str
    value: str
    stated: str
    qualifier: str
    null_reason: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What the first rows came to. `left_out` counts the rows without a value."""

    headers: tuple[str, ...]
    values: list[TriedValue]
    problems: list[Problem]
    problem_count: int
    left_out: int
    new_entities: int


def try_layout(layout: ImportLayout, file: BinaryIO, name: str, *, size: int) -> Tried:
    """Read the first ROWS rows below the headers as the layout says.

    A file that cannot be read at all is one problem too. Whether rows stand twice and what they
    would change is only told by an import, which reads all of them.
    """
    frozen = thaw_layout(freeze_layout(layout))
    problems, resolver = Problems(MOST_PROBLEMS), Resolver(frozen)
    reader = Reader(0, frozen, resolver, problems)
    lines: list[str] = []
    try:
        refuse_large(size, is_workbook=is_workbook(name, frozen))
        with open_rows(file, name, frozen) as (rows, _total):
            for text in reader.read(islice(rows, frozen.header_row + ROWS)):
                lines += text.removesuffix("\n").split("\n") if text else []
    except FileRefusedError as error:
        problems.extend([error.problem])
    return Tried(
        headers=reader.columns.names,
        values=list(islice(_values(reader, lines, _keys(resolver, lines, reader)), MOST_VALUES)),
        problems=problems.found,
        problem_count=problems.count,
        left_out=problems.skipped,
        new_entities=len(resolver.new_entities),
    )


def _values(reader: Reader, lines: list[str], keys: dict[int, str]) -> Iterator[TriedValue]:
    """In the order of the file: of a wide one, row by row."""
    new = {one.pk for one in reader.resolver.new_series}
    rows = [_by_name(reader, line) for line in lines]
    for row in sorted(rows, key=lambda row: int(row["place"])):
        series = int(row["series_id"])
        yield TriedValue(
            int(row["place"]) >> COLUMN_BITS,
            keys.get(series, ""),
            series in new,
            *(row.get(name, "") for name in _SHOWN),
        )


_SHOWN = ("period", "value", "stated", "qualifier", "null_reason")


def _by_name(reader: Reader, line: str) -> dict[str, str]:
    texts: Texts = ["" if text == NULL else _plain(text) for text in line.split("\t")]
    return dict(zip(reader.copy_columns, texts, strict=True))


def _keys(resolver: Resolver, lines: list[str], reader: Reader) -> dict[int, str]:
    """The keys of the series of these lines, by id."""
    wanted = {int(_by_name(reader, line)["series_id"]) for line in lines}
    keys = dict(Series.objects.filter(pk__in=wanted).values_list("pk", "key"))
    indicators = _indicator_keys(one.indicator_id for one in resolver.new_series)
    entities = _entity_slugs(resolver)
    for one in resolver.new_series:
        slug = one.new_entity.slug if one.new_entity else entities.get(one.entity_id or 0, "")
        keys[one.pk] = f"{slug}.{indicators[one.indicator_id]}"
    return keys


def _indicator_keys(ids: Iterable[int]) -> dict[int, str]:
    return dict(Indicator.objects.filter(pk__in=set(ids)).values_list("pk", "key"))


def _entity_slugs(resolver: Resolver) -> dict[int, str]:
    ids = {one.entity_id for one in resolver.new_series if one.entity_id}
    return dict(Entity.objects.filter(pk__in=ids).values_list("pk", "slug"))


def _plain(text: str) -> str:
    """A text as it was before it was written for COPY."""
    return text.replace("\\\\", "\\") if "\\" in text else text
