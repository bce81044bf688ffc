"""Addresses of the endpoints of texts."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from cases.api.changes import ChangesView
from cases.api.exports import ExportFileView, ExportViewSet
from cases.api.releases import ReleaseViewSet
from cases.api.search import SearchView
from cases.api.texts import CaseViewSet, TechnologyViewSet
from cases.api.verify import VerifyView

router = SimpleRouter(trailing_slash=False)
router.register("cases", CaseViewSet, basename="case")
router.register("technologies", TechnologyViewSet, basename="technology")
router.register("exports", ExportViewSet, basename="export")
router.register("releases", ReleaseViewSet, basename="release")

urlpatterns = [
    path("changes", ChangesView.as_view(), name="changes"),
    path("search", SearchView.as_view(), name="search"),
    path("verify", VerifyView.as_view(), name="verify"),
    re_path(r"^exports/(?P<seq>[0-9]{1,18})\.zip$", ExportFileView.as_view(), name="export-file"),
    *router.urls,
]
