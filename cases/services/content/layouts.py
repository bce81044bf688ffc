"""Layouts of files of values: how a shipped layout is written down, stored and read back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from cases.markup.document import LANGUAGES
from cases.markup.yaml_reader import Fields
from cases.services.content.lookup import Lookup
from cases.services.content.record import INDICATORS, SOURCES, Data, Record, compact
from cases.services.content.schema import Field, choice, flag, mapping, text, translated
from cases.services.content.tables import write_rows
from metrics.models import ImportLayout, Indicator, NullReason, Series, Source


def _choice(choices: Iterable[str]) -> Callable[..., Any]:
    return choice(list(choices))


def _pairs(fields: Fields, name: str) -> dict[str, str]:
    """A mapping in the order of its keys: the database keeps no other."""
    return dict(sorted(mapping(fields, name).items()))


# name → how it is read and what it is where the file is silent
_CHOICES: Final[dict[str, tuple[Callable[..., Any], str]]] = {
    "file_kind": (_choice(ImportLayout.FileKind.values), "auto"),
    "encoding": (_choice(ImportLayout.Encoding.values), "auto"),
    "delimiter": (_choice(ImportLayout.Delimiter.values), "auto"),
    "shape": (_choice(ImportLayout.Shape.values), "long"),
    "headers": (_choice(ImportLayout.Headers.values), "periods"),
    "frequency": (_choice(Series.Frequency.values), "A"),
    "period_format": (_choice(ImportLayout.PeriodFormat.values), "code"),
    "decimal_mark": (_choice(ImportLayout.DecimalMark.values), "."),
    "thousands_mark": (_choice(ImportLayout.ThousandsMark.values), ""),
    "precision": (_choice(ImportLayout.Precision.values), "printed"),
    "missing": (_choice(ImportLayout.Missing.values), "skip"),
    "missing_reason": (_choice(NullReason.values), "not_reported"),
    "entity_codes": (_choice(ImportLayout.EntityCodes.values), "slug"),
    "unknown_entities": (_choice(ImportLayout.Unknown.values), "refuse"),
    "mode": (_choice(ImportLayout.Mode.values), "record"),
    "sheet": (text(31), ""),
}
_NUMBERS: Final = {"header_row": 1, "scale": 0}
_SCALES: Final = [str(power) for power, _ in ImportLayout.SCALES]

LAYOUT_FIELDS: Final = (
    Field("name", translated(200), required=True),
    Field("columns", _pairs, required=True),
    Field("indicator", text(80), refers_to=INDICATORS),
    Field("source", text(80), refers_to=SOURCES),
    *(Field(name, read, default=default) for name, (read, default) in _CHOICES.items()),
    Field("header_row", choice([str(n) for n in range(1, 101)]), default="1"),
    Field("scale", choice(_SCALES), default="0"),
    Field("entities", _pairs),
    Field("indicators", _pairs),
    Field("complete", flag),
    Field("rival", flag),
)


def write_layouts(records: Iterable[Record]) -> None:
    records = list(records)
    indicators = Lookup(INDICATORS, dict(Indicator.objects.values_list("key", "pk")))
    sources = Lookup(SOURCES, dict(Source.objects.values_list("slug", "pk")))
    wanted = {}
    for record in records:
        data = record.data
        wanted[record.key] = {
            "slug": record.key,
            **{f"name_{code.replace('-', '_')}": data["name"].get(code, "") for code in LANGUAGES},
            "columns": data["columns"],
            "indicator_id": indicators[data["indicator"]] if "indicator" in data else None,
            "source_id": sources[data["source"]] if "source" in data else None,
            **{name: data.get(name, default) for name, (_, default) in _CHOICES.items()},
            **{name: int(data.get(name, default)) for name, default in _NUMBERS.items()},
            "entities": data.get("entities", {}),
            "indicators": data.get("indicators", {}),
            "complete": data.get("complete", False),
            "preferred": not data.get("rival", False),
        }
    write_rows(ImportLayout.objects.all(), lambda row: row.slug, wanted)


def stored_layouts() -> dict[str, Data]:
    rows = ImportLayout.objects.select_related("indicator", "source").order_by("slug")
    return {row.slug: _stored(row) for row in rows}


def _stored(row: ImportLayout) -> Data:
    names = ((code, getattr(row, f"name_{code.replace('-', '_')}")) for code in LANGUAGES)
    told = {name: getattr(row, name) for name in _CHOICES}
    numbers = {name: getattr(row, name) for name in _NUMBERS}
    return compact(
        (
            ("name", compact(names)),
            ("columns", dict(sorted(row.columns.items()))),
            ("indicator", row.indicator.key if row.indicator else ""),
            ("source", row.source.slug if row.source else ""),
            *((name, "" if value == _CHOICES[name][1] else value) for name, value in told.items()),
            *((n, "" if value == _NUMBERS[n] else str(value)) for n, value in numbers.items()),
            ("entities", dict(sorted(row.entities.items()))),
            ("indicators", dict(sorted(row.indicators.items()))),
            ("complete", row.complete),
            ("rival", not row.preferred),
        )
    )
