"""Addresses of the data's endpoints, without a last slash."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from metrics.api.lineage import SeriesLineageView
from metrics.api.observations import ObservationsView, SeriesObservationsView
from metrics.api.reference import (
    EntityViewSet,
    IndicatorViewSet,
    SeriesViewSet,
    SourceViewSet,
    UnitViewSet,
)
from metrics.api.vintages import SeriesVintagesView
from metrics.models.series import SERIES_KEY

router = SimpleRouter(trailing_slash=False)
router.register("entities", EntityViewSet, basename="entity")
router.register("indicators", IndicatorViewSet, basename="indicator")
router.register("units", UnitViewSet, basename="unit")
router.register("sources", SourceViewSet, basename="source")
router.register("series", SeriesViewSet, basename="series")

urlpatterns = [
    path("observations", ObservationsView.as_view(), name="observations"),
    re_path(
        rf"^series/(?P<key>{SERIES_KEY})/observations$",
        SeriesObservationsView.as_view(),
        name="series-observations",
    ),
    re_path(
        rf"^series/(?P<key>{SERIES_KEY})/lineage$",
        SeriesLineageView.as_view(),
        name="series-lineage",
    ),
    re_path(
        rf"^series/(?P<key>{SERIES_KEY})/vintages$",
        SeriesVintagesView.as_view(),
        name="series-vintages",
    ),
    *router.urls,
]
