"""Entities and series that a file names and we do not have: what they would be."""

from dataclasses import dataclass

from django.utils.text import slugify

from metrics.services.imports.territories import (
    AGGREGATE,
    COUNTRY,
    GROUPS_IN_CHINESE,
    territory,
)

LONGEST_SLUG = 80


@dataclass(frozen=True, slots=True)
class NewEntity:
    """An entity that the file names and we do not have."""

    code: str
    slug: str
    name_zh_hans: str
    name_en: str
    kind: str


@dataclass(frozen=True, slots=True)
class NewSeries:
    """A series to be created under the reserved id; of an entity we have, or of a new one."""

    pk: int
    entity_id: int | None
    new_entity: NewEntity | None
    indicator_id: int
    frequency: str


def new_entity(code: str, name: str, entity_codes: str) -> NewEntity:
    """The entity that a code would become which the file calls by this name (empty: the code).

    By ISO 3166 a country has its names in both languages; anything else is an aggregate. The slug
    is empty where the name has nothing to make one of.
    """
    is_iso = entity_codes == "iso3"
    found = territory(code) if is_iso else None
    if found:
        basis, chinese, english, kind = *found, COUNTRY
    else:
        english = name or code
        chinese = GROUPS_IN_CHINESE.get(code, english) if is_iso else english
        basis, kind = english if is_iso else code, AGGREGATE
    return NewEntity(code, _slug(basis, code), chinese[:200], english[:200], kind)


def usual_slug(code: str) -> str:
    """By which slug an entity is looked for whose code of three letters is given."""
    found = territory(code)
    return _slug(found[0] if found else "", code)


def _slug(basis: str, code: str) -> str:
    return slugify(basis or code)[:LONGEST_SLUG].strip("-")
