"""The list of observations as Django REST framework's tutorial has one."""

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from rest_framework import generics, serializers
from rest_framework.pagination import CursorPagination

from tests.benchmarks.peers.drf_observations.models import Observation


class ObservationSerializer(serializers.ModelSerializer[Observation]):
    series: Any = serializers.CharField(source="series.key")
    unit = serializers.CharField(source="series.indicator.unit.key")
    source: Any = serializers.CharField(source="source.slug")
    valid_from = serializers.DateTimeField(source="change.published_at")

    class Meta:
        model = Observation
        fields = [
            "series", "period", "period_start", "period_end", "value", "stated", "resolution",
            "lower", "upper", "qualifier", "status", "null_reason", "unit", "source", "locator",
            "vintage_on", "valid_from",
        ]  # fmt: skip


class Pages(CursorPagination):
    page_size_query_param = "limit"
    max_page_size = 10_000
    ordering = ("series_id", "period_end", "id")


class Observations(generics.ListAPIView[Observation]):
    serializer_class = ObservationSerializer
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Observation]:
        keys = self.request.query_params["series"].split(",")
        rows = Observation.objects.filter(series__key__in=keys, preferred=True, seq_to=None)
        return rows.select_related("series__indicator__unit", "source", "change")


urlpatterns = [path("observations", Observations.as_view())]
