"""What the database knows of the names in a file: asked for by name, each of them once."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Q

from metrics.models import Entity, Indicator, Series, Source

Place = tuple[int, int]  # (entity id, indicator id)

# Lowered on both sides by the database, whose rules may differ from those of Python.
_BY_NAME = """
    SELECT id, name_zh_hans, name_en FROM metrics_entity
    WHERE lower(name_zh_hans) IN (SELECT lower(n) FROM unnest(%(names)s::text[]) n)
        OR lower(name_en) IN (SELECT lower(n) FROM unnest(%(names)s::text[]) n)
    ORDER BY slug
"""
_BY_PLACE = """
    SELECT s.id, s.entity_id, s.indicator_id FROM metrics_series s
    JOIN unnest(%(entities)s::bigint[], %(indicators)s::bigint[]) AS asked (entity, indicator)
        ON s.entity_id = asked.entity AND s.indicator_id = asked.indicator
    WHERE s.frequency = %(frequency)s
"""


class Known:
    """Entities, indicators, sources and series by the names that were asked for so far.

    Each `ask_…` takes any number of names, puts at most one query for those not asked before, and
    fetches only rows of these names. What is not found has no entry.
    """

    def __init__(self, frequency: str) -> None:
        self.frequency = frequency
        self.entities: dict[str, int] = {}  # by slug
        self.names: dict[str, int] = {}  # entities by name, casefolded
        self.indicators: dict[str, int] = {}
        self.sources: dict[str, int] = {}
        self.keys: dict[str, int] = {}  # series by key
        self.series: dict[Place, int] = {}
        self.indicator_of: dict[int, int] = {}
        self.kinds: dict[int, str] = {}  # of the unit, by indicator
        self._asked: set[tuple[str, Any]] = set()

    def ask_entities(self, slugs: Iterable[str]) -> None:
        if wanted := self._new("entity", slugs):
            rows = Entity.objects.filter(slug__any=wanted)
            self.entities.update(rows.values_list("slug", "pk"))

    def ask_names(self, names: Iterable[str]) -> None:
        """Entities by what they are called in either language, upper and lower case alike."""
        if wanted := self._new("name", names):
            for pk, *called in _fetch(_BY_NAME, names=wanted):
                self.names.update((name.casefold(), pk) for name in called)

    def ask_indicators(self, keys: Iterable[str], also: int | None = None) -> None:
        """Indicators by key, and one by id, for the kind of its unit."""
        wanted = self._new("indicator", keys)
        if wanted or (also and also not in self.kinds):
            rows = Indicator.objects.filter(Q(key__any=wanted) | Q(pk=also))
            for key, pk, kind in rows.values_list("key", "pk", "unit__kind"):
                self.indicators[key] = pk
                self.kinds[pk] = kind

    def ask_sources(self, slugs: Iterable[str]) -> None:
        if wanted := self._new("source", slugs):
            self.sources.update(Source.objects.filter(slug__any=wanted).values_list("slug", "pk"))

    def ask_keys(self, keys: Iterable[str]) -> None:
        """Series by key."""
        if wanted := self._new("key", keys):
            rows = Series.objects.filter(key__any=wanted, frequency=self.frequency)
            names = "key", "pk", "entity_id", "indicator_id", "indicator__unit__kind"
            for key, pk, entity, indicator, kind in rows.values_list(*names):
                self.keys[key] = pk
                self.kinds[indicator] = kind
                self._read_series(pk, entity, indicator)

    def ask_series(self, places: Iterable[Place]) -> None:
        """Series by entity and indicator."""
        if wanted := self._new("series", places):
            entities, indicators = (list(ids) for ids in zip(*wanted, strict=True))
            asked = {"entities": entities, "indicators": indicators, "frequency": self.frequency}
            for pk, entity, indicator in _fetch(_BY_PLACE, **asked):
                self._read_series(pk, entity, indicator)

    def _read_series(self, pk: int, entity: int, indicator: int) -> None:
        self.series[entity, indicator] = pk
        self.indicator_of[pk] = indicator

    def _new(self, what: str, names: Iterable[Any]) -> list[Any]:
        new = {name for name in names if name and (what, name) not in self._asked}
        self._asked.update((what, name) for name in new)
        return sorted(new)


def _fetch(query: str, **asked: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        return list(cursor.fetchall())
