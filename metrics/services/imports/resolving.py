"""What the codes of a file stand for: series, by entity and indicator, and sources."""

from collections.abc import Callable, Iterable

from metrics.services.imports.cells import CellError, refuse_formula
from metrics.services.imports.known import Known
from metrics.services.imports.layout import FrozenLayout
from metrics.services.imports.proposed import NewEntity, NewSeries, new_entity, usual_slug
from metrics.services.imports.reserving import ReservedIds

# What a file says of an entity: its code, what it is called, the indicator ("" for the layout's).
Named = tuple[str, str, str]


class Resolver:
    """Finds series and sources by the texts of a file; each text is looked at once.

    `learn` asks the database for what some texts name, before they are found one by one; what it
    was not told of is unknown. `new_entities` and `new_series` collect what the layout lets be
    created. All other methods raise CellError.
    """

    def __init__(self, layout: FrozenLayout) -> None:
        self.layout = layout
        self.new_entities: dict[str, NewEntity] = {}
        self.new_series: list[NewSeries] = []
        self._taken: set[str] = set()
        self._known = Known(layout.frequency)
        self._series: dict[tuple[int | NewEntity, int], int] = {}
        self._reserved = ReservedIds()

    def learn(
        self,
        *,
        series: Iterable[str] = (),
        entities: Iterable[Named] = (),
        sources: Iterable[str] = (),
    ) -> None:
        """Ask for what these texts name, in six queries at most, whatever their number."""
        known = self._known
        known.ask_sources(map(str.strip, sources))
        keys = {self._key(text) for text in series}
        known.ask_keys(keys)
        parts = {_parts(key) for key in keys if key not in known.keys}
        named = {(code.strip(), name.strip(), self._key(text)) for code, name, text in entities}
        indicators = {key for _, key in parts} | {key for _, _, key in named}
        known.ask_indicators(indicators, also=self.layout.indicator_id)
        known.ask_entities({slug for slug, _ in parts} | self._slugs(named))
        if self.layout.entity_codes == "name":
            known.ask_names(code for code, _, _ in named)
        places = {(known.entities.get(slug), known.indicators.get(key)) for slug, key in parts}
        places |= {(self._find_entity(code), self._find_indicator(key)) for code, _, key in named}
        known.ask_series((one, other) for one, other in places if one and other)

    def series(self, key: str) -> int:
        """The id of the series of that key, of the frequency of the layout."""
        key = self._key(key)
        if key in self._known.keys:
            return self._known.keys[key]
        entity, indicator = _parts(key)
        if entity not in self._known.entities or indicator not in self._known.indicators:
            raise CellError("unknown_series", frequency=self.layout.frequency)
        return self._of(self._known.entities[entity], self._known.indicators[indicator])

    def of_entity(self, entity: str, indicator: str, name: Callable[[], str]) -> int:
        """The id of the series of an entity and an indicator (empty: that of the layout).

        `name` gives what the file calls the entity, asked for where it is new.
        """
        return self._of(self._entity(entity, name), self.indicator(indicator))

    def indicator(self, code: str) -> int:
        found = self._find_indicator(self._key(code))
        if found is None:
            raise CellError("unknown_indicator")
        return found

    def source(self, slug: str) -> int:
        if slug.strip() not in self._known.sources:
            raise CellError("unknown_source")
        return self._known.sources[slug.strip()]

    def unit_kind(self, series_id: int) -> str:
        """The kind of unit of a series that this resolver found."""
        return self._known.kinds[self._known.indicator_of[series_id]]

    def _find_indicator(self, key: str) -> int | None:
        return self._known.indicators.get(key) if key else self.layout.indicator_id

    def _key(self, text: str) -> str:
        """The key of a series or an indicator that a text of the file stands for."""
        return self.layout.indicators.get(text, text).strip()

    # -- entities ------------------------------------------------------------------------------
    def _entity(self, code: str, name: Callable[[], str]) -> int | NewEntity:
        code = code.strip()
        if not code:
            raise CellError("no_entity")
        known = self._find_entity(code)
        if known is not None:
            return known
        if code in self.layout.entities:
            raise CellError("unknown_entity", mapped=self.layout.entities[code])
        if not self.layout.creates:
            raise CellError("unknown_entity")
        if code not in self.new_entities:
            self.new_entities[code] = self._proposed(code, name().strip())
        return self.new_entities[code]

    def _find_entity(self, code: str) -> int | None:
        if self.layout.entity_codes == "name" and code not in self.layout.entities:
            return self._known.names.get(code.casefold())
        return self._known.entities.get(self._slug_of(code))

    def _slug_of(self, code: str) -> str:
        """The slug by which an entity is looked for."""
        if code in self.layout.entities:
            return self.layout.entities[code]
        return usual_slug(code) if self.layout.entity_codes == "iso3" else code

    def _slugs(self, named: Iterable[Named]) -> set[str]:
        """Slugs of entities looked for, and those that would be proposed, which must be free."""
        slugs = set()
        for code, name, _ in named:
            slugs.add(self._slug_of(code))
            if self.layout.creates:
                slugs.add(new_entity(code, name, self.layout.entity_codes).slug)
        return slugs

    def _proposed(self, code: str, name: str) -> NewEntity:
        refuse_formula(name)
        new = new_entity(code, name, self.layout.entity_codes)
        if not new.slug or new.slug in self._taken or new.slug in self._known.entities:
            raise CellError("no_slug", slug=new.slug)
        self._taken.add(new.slug)
        return new

    # -- series --------------------------------------------------------------------------------
    def _of(self, entity: int | NewEntity, indicator: int) -> int:
        place = entity, indicator
        if isinstance(entity, int) and (entity, indicator) in self._known.series:
            return self._known.series[entity, indicator]
        if place not in self._series:
            if not self.layout.creates:
                raise CellError("no_series", frequency=self.layout.frequency)
            self._series[place] = pk = self._reserved.take()
            self._known.indicator_of[pk] = indicator
            known, new = (entity, None) if isinstance(entity, int) else (None, entity)
            self.new_series.append(NewSeries(pk, known, new, indicator, self.layout.frequency))
        return self._series[place]


def _parts(key: str) -> tuple[str, str]:
    """The slug of the entity and the key of the indicator in the key of a series."""
    entity, _, indicator = key.partition(".")
    return entity, indicator
