"""What the codes of a file stand for: series, by entity and indicator, and sources."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.utils.text import slugify

from metrics.models import Entity, Indicator, Series, Source
from metrics.services.imports.cells import CellError, refuse_formula
from metrics.services.imports.layout import FrozenLayout
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


class Resolver:
    """Finds series and sources by the texts of a file; each text is looked at once.

    Everything known is read at the start, in four queries. `new_entities` and `new_series`
    collect what the layout lets be created. All methods raise CellError.
    """

    def __init__(self, layout: FrozenLayout) -> None:
        self.layout = layout
        self.new_entities: dict[str, NewEntity] = {}
        self.new_series: list[NewSeries] = []
        self._slugs: dict[str, int] = {}
        self._names: dict[str, int] = {}
        entities = Entity.objects.values_list("pk", "slug", "name_zh_hans", "name_en")
        for pk, slug, *names in entities:
            self._slugs[slug] = pk
            self._names |= dict.fromkeys((name.casefold() for name in names), pk)
        self._indicators: dict[str, int] = {}
        self._kinds: dict[int, str] = {}
        for pk, key, kind in Indicator.objects.values_list("pk", "key", "unit__kind"):
            self._indicators[key] = pk
            self._kinds[pk] = kind
        self._sources = dict(Source.objects.values_list("slug", "pk"))
        self._series: dict[tuple[int | NewEntity, int], int] = {}
        self._keys: dict[str, int] = {}
        self._indicator_of: dict[int, int] = {}
        rows = Series.objects.filter(frequency=layout.frequency)
        for pk, key, entity, indicator in rows.values_list(
            "pk", "key", "entity_id", "indicator_id"
        ):
            self._series[entity, indicator] = pk
            self._keys[key] = pk
            self._indicator_of[pk] = indicator
        self._reserved: list[int] = []
        self._lot = 250

    def series(self, key: str) -> int:
        """The id of the series of that key, of the frequency of the layout."""
        key = self.layout.indicators.get(key, key).strip()
        if key in self._keys:
            return self._keys[key]
        entity, _, indicator = key.partition(".")
        if entity not in self._slugs or indicator not in self._indicators:
            raise CellError("unknown_series", frequency=self.layout.frequency)
        return self._of(self._slugs[entity], self._indicators[indicator])

    def of_entity(self, entity: str, indicator: str, name: Callable[[], str]) -> int:
        """The id of the series of an entity and an indicator (empty: that of the layout).

        `name` gives what the file calls the entity, asked for where it is new.
        """
        return self._of(self._entity(entity, name), self.indicator(indicator))

    def indicator(self, code: str) -> int:
        if not code and self.layout.indicator_id:
            return self.layout.indicator_id
        key = self.layout.indicators.get(code, code).strip()
        if key not in self._indicators:
            raise CellError("unknown_indicator")
        return self._indicators[key]

    def source(self, slug: str) -> int:
        if slug.strip() not in self._sources:
            raise CellError("unknown_source")
        return self._sources[slug.strip()]

    def unit_kind(self, series_id: int) -> str:
        """The kind of unit of a series that this resolver found."""
        return self._kinds[self._indicator_of[series_id]]

    # -- entities ------------------------------------------------------------------------------
    def _entity(self, code: str, name: Callable[[], str]) -> int | NewEntity:
        code = code.strip()
        if not code:
            raise CellError("no_entity")
        known = self._known(code)
        if known is not None:
            return known
        if not self.layout.creates:
            raise CellError("unknown_entity")
        if code not in self.new_entities:
            self.new_entities[code] = self._proposed(code, name().strip())
        return self.new_entities[code]

    def _known(self, code: str) -> int | None:
        if code in self.layout.entities:
            slug = self.layout.entities[code]
            if slug not in self._slugs:
                raise CellError("unknown_entity", mapped=slug)
            return self._slugs[slug]
        if self.layout.entity_codes == "name":
            return self._names.get(code.casefold())
        if self.layout.entity_codes == "slug":
            return self._slugs.get(code)
        return self._slugs.get(usual_slug(code))

    def _proposed(self, code: str, name: str) -> NewEntity:
        refuse_formula(name)
        form = self.layout.entity_codes
        found = territory(code) if form == "iso3" else None
        if found:
            basis, chinese, english, kind = *found, COUNTRY
        else:
            english = name or code
            chinese = GROUPS_IN_CHINESE.get(code, english) if form == "iso3" else english
            basis, kind = english if form == "iso3" else code, AGGREGATE
        slug = _slug(basis, code)
        taken = {new.slug for new in self.new_entities.values()}
        if not slug or slug in taken or slug in self._slugs:
            raise CellError("no_slug", slug=slug)
        return NewEntity(code, slug, chinese[:200], english[:200], kind)

    # -- series --------------------------------------------------------------------------------
    def _of(self, entity: int | NewEntity, indicator: int) -> int:
        place = entity, indicator
        if place not in self._series:
            if not self.layout.creates:
                raise CellError("no_series", frequency=self.layout.frequency)
            self._series[place] = self._reserve()
            self._indicator_of[self._series[place]] = indicator
            known, new = (entity, None) if isinstance(entity, int) else (None, entity)
            self.new_series.append(
                NewSeries(self._series[place], known, new, indicator, self.layout.frequency)
            )
        return self._series[place]

    def _reserve(self) -> int:
        """An id of the sequence, taken in ever larger lots.

        On a connection of its own: rows are being copied on the other one, which cannot be asked.
        """
        if not self._reserved:
            self._lot *= 2
            own = connection.copy()
            try:
                with own.cursor() as cursor:
                    cursor.execute(
                        "SELECT nextval(pg_get_serial_sequence('metrics_series', 'id'))"
                        " FROM generate_series(1, %s)",
                        [self._lot],
                    )
                    self._reserved = [pk for (pk,) in reversed(cursor.fetchall())]
            finally:
                own.close()
        return self._reserved.pop()


def usual_slug(code: str) -> str:
    """By which slug an entity is looked for whose code of three letters is given."""
    found = territory(code)
    return _slug(found[0] if found else "", code)


def _slug(basis: str, code: str) -> str:
    return slugify(basis or code)[:LONGEST_SLUG].strip("-")
