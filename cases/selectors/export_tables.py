"""All tables of an export, read as they are written."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from cases.selectors.addresses import own_address, page_url, series_url
from cases.selectors.catalogue import listed_cases, words_of
from metrics.files.columns import DATA_COLUMNS, SERIES_COLUMNS, SOURCE_COLUMNS, Column
from metrics.files.whole import WholeTable
from metrics.models import Entity, Indicator, Redefinition, Series, Source, Unit
from metrics.selectors.definitions import definition_versions
from metrics.selectors.observation_page import COLUMNS, PageRequest
from metrics.selectors.observation_stream import row_batches, series_of
from metrics.selectors.question import Question

LANGUAGES: Final = tuple(code for code, _name in settings.LANGUAGES)
_AT_ONCE: Final = 1_000
_REQUIRED: Final = {"required": True}
_UNIQUE: Final = {"required": True, "unique": True}
# What is current has no end yet.
_SHOWN: Final = tuple(name for name in COLUMNS if name != "valid_to")
_OBSERVATIONS: Final = [
    next(column for column in DATA_COLUMNS if column.name == name) for name in _SHOWN
]
_KNOWN: Final = {column.name: column for column in (*SERIES_COLUMNS, *SOURCE_COLUMNS)}


def export_tables() -> list[WholeTable]:
    """The tables, whose rows are read one by one, in the transaction in which they are written."""
    return [
        WholeTable(
            "observations", _OBSERVATIONS, ("series", "period"), _observations(),
            {"series": ("series", "series"), "unit": ("units", "unit"),
             "source": ("sources", "source")},
        ),
        WholeTable(
            "series", _columns("series entity indicator frequency nature unit url"), ("series",),
            _series(),
            {"entity": ("entities", "entity"), "indicator": ("indicators", "indicator"),
             "unit": ("units", "unit")},
        ),
        WholeTable(
            "entities", _entity_columns(), ("entity",), _entities(),
            {"parent": ("entities", "entity")},
        ),
        WholeTable(
            "indicators", _indicator_columns(), ("indicator",), _indicators(),
            {"unit": ("units", "unit")},
        ),
        WholeTable("units", _unit_columns(), ("unit",), _units()),
        WholeTable("sources", _source_columns(), ("source",), _sources()),
        WholeTable("cases", _case_columns(), ("case", "kind", "language"), _cases()),
    ]  # fmt: skip


def licences() -> Iterator[tuple[str, str, str]]:
    """Title, licence and address of each source. One query."""
    for source in Source.objects.order_by("slug").iterator(_AT_ONCE):
        yield source.title_en or source.title_zh_hans, _licence(source), source.url


def _licence(source: Source) -> str:
    return source.licence_en or source.licence_zh_hans


def _observations() -> Iterator[Sequence[Any]]:
    places = [COLUMNS.index(name) for name in _SHOWN]
    for rows in row_batches(series_of(), Question(), PageRequest(limit=1)):
        for row in rows:
            yield [row[place] for place in places]


def _series() -> Iterator[Sequence[Any]]:
    for series in _read(Series.objects.with_definitions().order_by("key")):
        indicator = series.indicator
        url = own_address(series_url(series.key, "en"))
        yield (series.key, series.entity.slug, indicator.key, series.frequency, indicator.nature,
               indicator.unit.key, url)  # fmt: skip


def _entities() -> Iterator[Sequence[Any]]:
    for row in _read(Entity.objects.select_related("parent").order_by("slug")):
        parent = row.parent.slug if row.parent else None
        yield (row.slug, row.kind, parent, *_both(row, "name"), *_both(row, "description"))


def _indicators() -> Iterator[Sequence[Any]]:
    told = Prefetch("redefinitions", Redefinition.objects.current(), "standing_redefinitions")
    rows = Indicator.objects.select_related("unit", "growth_of", "share_part", "share_of")
    for row in _read(rows.prefetch_related(told).order_by("key")):
        version = definition_versions(row, row.standing_redefinitions)[-1]
        definition = [version.definition[language] or None for language in LANGUAGES]
        others = [one.key if one else None for one in (row.growth_of, row.share_part, row.share_of)]
        yield (row.key, *_both(row, "name"), *definition, version.number, row.nature, row.unit.key,
               *others)  # fmt: skip


def _units() -> Iterator[Sequence[Any]]:
    for row in _read(Unit.objects.order_by("key")):
        yield (row.key, row.kind, row.decimals, *_both(row, "name"), *_both(row, "symbol"))


def _sources() -> Iterator[Sequence[Any]]:
    for row in _read(Source.objects.order_by("slug")):
        yield (row.slug, *_both(row, "title"), *_both(row, "publisher"), row.kind,
               row.published_on, _licence(row) or None, row.redistributable,
               row.url or own_address(page_url("en", "source", row.slug)))  # fmt: skip


def _cases() -> Iterator[Sequence[Any]]:
    """What everybody can read, in each language."""
    visitor = AnonymousUser()
    cases = list(listed_cases(visitor, *Case.Kind.values))
    words = words_of(cases, LANGUAGES, visitor, with_bodies=False)
    for case in sorted(cases, key=lambda case: (case.kind, case.slug)):
        for language, told in words[case.pk].items():
            yield (case.slug, case.kind, language, told.title, told.standfirst,
                   own_address(told.url), told.published_at)  # fmt: skip


def _read(rows: QuerySet[Any]) -> Iterable[Any]:
    return rows.iterator(_AT_ONCE)


def _both(row: Any, name: str) -> list[str | None]:
    return [getattr(row, f"{name}_{language.replace('-', '_')}") or None for language in LANGUAGES]


# -- columns --------------------------------------------------------------------------------------
def _columns(names: str) -> list[Column]:
    return [_KNOWN[name] for name in names.split()]


def _in_both(name: str, about: Any) -> list[Column]:
    return [Column(f"{name}_{lang.replace('-', '_')}", "string", about) for lang in LANGUAGES]


def _entity_columns() -> list[Column]:
    return [
        Column("entity", "string", _("Key of the entity"), _UNIQUE),
        Column("kind", "string", _("Kind"), _REQUIRED),
        Column("parent", "string", _("Key of the entity that it belongs to")),
        *_in_both("name", _("Name")),
        *_in_both("description", _("Description")),
    ]


def _indicator_columns() -> list[Column]:
    return [
        Column("indicator", "string", _("Key of the indicator"), _UNIQUE),
        *_in_both("name", _("Name")),
        *_in_both("definition", _("What is measured")),
        *_columns("definition_version nature unit"),
        Column("growth_of", "string", _("Key of the indicator whose growth it is")),
        Column("share_part", "string", _("Key of the indicator whose share it is")),
        Column("share_of", "string", _("Key of the indicator that it is a share of")),
    ]


def _unit_columns() -> list[Column]:
    return [
        Column("unit", "string", _("Key of the unit"), _UNIQUE),
        Column("kind", "string", _("Kind"), _REQUIRED),
        Column("decimals", "integer", _("Decimals that are shown")),
        *_in_both("name", _("Name")),
        *_in_both("symbol", _("Symbol")),
    ]


def _source_columns() -> list[Column]:
    return [
        Column("source", "string", _("Key of the source"), _UNIQUE),
        *_in_both("title", _("Title of the source")),
        *_in_both("publisher", _("Publisher")),
        *_columns("kind published_on licence redistributable url"),
    ]


def _case_columns() -> list[Column]:
    return [
        Column("case", "string", _("Key of the text"), _REQUIRED),
        Column("kind", "string", _("Kind: case, technology, overview"), _REQUIRED),
        Column("language", "string", _("Language"), _REQUIRED),
        Column("title", "string", _("Title"), _REQUIRED),
        Column("standfirst", "string", _("Standfirst, figures put in")),
        Column("url", "string", _("Address of the page"), _REQUIRED),
        Column("published_at", "datetime", _("When this text went live"), _REQUIRED),
    ]
