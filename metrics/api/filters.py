"""Filters of the lists; a value that no row can have is refused, not answered with nothing."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from metrics.models import Entity, Indicator, Observation, Series, Source, Unit
from metrics.stats.natures import Nature

NATURES = [(nature.value, nature.value) for nature in Nature]


class SearchFilter(filters.CharFilter):
    """Rows that have the text in any of the columns, whatever its case."""

    def __init__(self, *columns: str) -> None:
        super().__init__(max_length=100, label="Text in the key or a name, in either language.")
        self.columns = columns

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        matches = Q()
        for column in self.columns:
            matches |= Q(**{f"{column}__icontains": value})
        return qs.filter(matches) if value else qs


@extend_schema_field(OpenApiTypes.STR)
class KeyFilter(filters.ModelChoiceFilter):
    """A row of another table by its key, as the API prints it."""

    def __init__(self, **options: Any) -> None:
        messages = {"invalid_choice": _("Nothing here has the key “%(value)s”.")}
        super().__init__(error_messages=messages, **options)


def _one_of(model: Any, column: str, **options: Any) -> KeyFilter:
    return KeyFilter(queryset=model.objects.all(), to_field_name=column, **options)


class SourceFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=Source.Kind.choices)
    q = SearchFilter("slug", "title_zh_hans", "title_en", "publisher_zh_hans", "publisher_en")


class UnitFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=Unit.Kind.choices)


class EntityFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=Entity.Kind.choices)
    parent = _one_of(Entity, "slug")
    q = SearchFilter("slug", "name_zh_hans", "name_en")


class IndicatorFilter(filters.FilterSet):
    nature = filters.ChoiceFilter(choices=NATURES)
    unit = _one_of(Unit, "key")
    q = SearchFilter("key", "name_zh_hans", "name_en")


class SeriesFilter(filters.FilterSet):
    entity = _one_of(Entity, "slug")
    indicator = _one_of(Indicator, "key")
    frequency = filters.ChoiceFilter(choices=Series.Frequency.choices)
    unit = _one_of(Unit, "key", field_name="indicator__unit")
    source = _one_of(Source, "slug", method="with_source", label="A source of current values.")
    q = SearchFilter(
        "key",
        "entity__name_zh_hans",
        "entity__name_en",
        "indicator__name_zh_hans",
        "indicator__name_en",
    )

    def with_source(self, rows: QuerySet[Series], name: str, source: Source) -> QuerySet[Series]:
        stated = Observation.objects.current().filter(series=OuterRef("pk"), source=source)
        return rows.filter(Exists(stated))
