"""Endpoints of sources, units, entities, indicators and series."""

from django.db.models import Prefetch

from metrics.api import filters, serializers
from metrics.api.endpoint import ResourceViewSet
from metrics.models import Entity, Indicator, Redefinition, Series, Source, Unit
from metrics.models.series import SERIES_KEY

SLUG = "[A-Za-z0-9_-]+"


class SourceViewSet(ResourceViewSet):
    """Documents and publishers that state figures."""

    queryset = Source.objects.order_by("slug")
    serializer_class = serializers.SourceSerializer
    filterset_class = filters.SourceFilter
    ordering = ("slug",)
    lookup_field = "slug"
    lookup_value_regex = SLUG


class UnitViewSet(ResourceViewSet):
    """What numbers count."""

    queryset = Unit.objects.order_by("key")
    serializer_class = serializers.UnitSerializer
    filterset_class = filters.UnitFilter
    ordering = ("key",)
    lookup_field = "key"
    lookup_value_regex = SLUG


class EntityViewSet(ResourceViewSet):
    """Institutions, products, websites and markets that are measured."""

    queryset = Entity.objects.select_related("parent").order_by("slug")
    serializer_class = serializers.EntitySerializer
    filterset_class = filters.EntityFilter
    ordering = ("slug",)
    lookup_field = "slug"
    lookup_value_regex = SLUG


class IndicatorViewSet(ResourceViewSet):
    """What is measured: definition, unit and nature."""

    queryset = (
        Indicator.objects.select_related("unit", "growth_of", "share_part", "share_of")
        .prefetch_related(
            Prefetch("redefinitions", Redefinition.objects.current(), "standing_redefinitions")
        )
        .order_by("key")
    )
    serializer_class = serializers.IndicatorSerializer
    filterset_class = filters.IndicatorFilter
    ordering = ("key",)
    lookup_field = "key"
    lookup_value_regex = SLUG


class SeriesViewSet(ResourceViewSet):
    """Entity × indicator × frequency; a detail has the summary as well."""

    queryset = Series.objects.with_summary().order_by("key")
    serializer_class = serializers.SeriesSerializer
    detail_serializer_class = serializers.SeriesDetailSerializer
    filterset_class = filters.SeriesFilter
    ordering = ("key",)
    lookup_field = "key"
    lookup_value_regex = SERIES_KEY
