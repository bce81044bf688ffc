"""The YAML files of the content folder, one schema a file."""

from __future__ import annotations

from typing import Final

from cases.markup.yaml_reader import Fields
from cases.models import Case
from cases.services.content.layouts import LAYOUT_FIELDS
from cases.services.content.pictures import PICTURE_FIELDS
from cases.services.content.record import (
    CASES,
    ENTITIES,
    EVENTS,
    GROUPS,
    INDICATORS,
    LAYOUTS,
    OBSERVATIONS,
    PICTURES,
    RULES,
    SOURCES,
    UNITS,
)
from cases.services.content.redefinitions import read_redefined
from cases.services.content.schema import (
    SLUG,
    WORD,
    Field,
    Schema,
    choice,
    day,
    flag,
    listing,
    mapping,
    number,
    own_words,
    text,
    translated,
)
from metrics.models import Entity, Indicator, Rule, Series, Source, Unit
from metrics.stats.formula_syntax import MAX_LENGTH
from metrics.stats.natures import Nature
from metrics.stats.periods import Period

SUM: Final = "sum"
YEAR_AGO: Final = Indicator.GrowthBasis.YEAR_AGO.value


def period(fields: Fields, name: str) -> str:
    return fields.value(name, lambda value: Period.parse(value).code)


SCHEMAS: Final[dict[str, Schema]] = {
    SOURCES: Schema(
        "source",
        (
            Field("title", translated(300), required=True),
            Field("publisher", translated(200, both=False)),
            Field("kind", choice(Source.Kind.values), required=True),
            Field("published_on", day),
            Field("url", text(500)),
            Field("licence", own_words(200)),
            Field("redistributable", flag),
        ),
    ),
    UNITS: Schema(
        "unit",
        (
            Field("name", translated(80), required=True),
            Field("symbol", translated(20, both=False)),
            Field("kind", choice(Unit.Kind.values), required=True),
            Field("decimals", number),
        ),
        key=WORD,
        key_limit=40,
    ),
    ENTITIES: Schema(
        "entity",
        (
            Field("name", translated(200), required=True),
            Field("kind", choice(Entity.Kind.values), required=True),
            Field("parent", text(80), refers_to=ENTITIES),
            Field("description", translated(5_000, both=False)),
        ),
    ),
    INDICATORS: Schema(
        "indicator",
        (
            Field("name", translated(200), required=True),
            Field("definition", translated(5_000), required=True),
            Field("redefined", read_redefined),
            Field("unit", text(40), required=True, refers_to=UNITS),
            Field("nature", choice([nature.value for nature in Nature]), required=True),
            Field("growth_of", text(80), refers_to=INDICATORS),
            Field("growth_basis", choice(Indicator.GrowthBasis.values), default=YEAR_AGO),
            Field("share_part", text(80), refers_to=INDICATORS),
            Field("share_of", text(80), refers_to=INDICATORS),
        ),
    ),
    GROUPS: Schema(
        "group",
        (
            Field("name", translated(200), required=True),
            Field("members", listing, required=True, refers_to=OBSERVATIONS),
            Field("total", text(170), refers_to=OBSERVATIONS, default=SUM),
            Field("member_indicator", text(80), refers_to=INDICATORS),
            Field("member_kind", choice(Entity.Kind.values)),
            Field("member_frequency", choice(Series.Frequency.values), default="A"),
        ),
    ),
    RULES: Schema(
        "rule",
        (
            Field("name", translated(200), required=True),
            Field(
                "kind",
                choice([kind for kind in Rule.Kind.values if kind != Rule.Kind.IMPLIED_PRIOR]),
                required=True,
            ),
            Field("group", text(80), refers_to=GROUPS),
            Field("output", text(170)),
            Field("inputs", mapping),
            Field("outputs", mapping),
            Field("formula", text(MAX_LENGTH)),
            Field("nonnegative", flag),
        ),
        key_limit=120,
    ),
    EVENTS: Schema(
        "event",
        (
            Field("entity", text(80), required=True, refers_to=ENTITIES),
            Field("slug", text(80, SLUG), required=True),
            Field("period", period, required=True),
            Field("label", translated(300), required=True),
            Field("source", text(80), required=True, refers_to=SOURCES),
            Field("locator", text(200)),
        ),
    ),
    LAYOUTS: Schema("layout", LAYOUT_FIELDS),
    PICTURES: Schema("picture", PICTURE_FIELDS),
    CASES: Schema(
        "case",
        (
            Field("kind", choice(Case.Kind.values), required=True),
            Field("order", number, required=True),
            Field("technologies", listing, refers_to=CASES),
            Field("entities", listing, refers_to=ENTITIES),
        ),
    ),
}
