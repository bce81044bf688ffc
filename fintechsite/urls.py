"""Every address of the site: reader pages per language, the admin, the API, the health check."""

from importlib.util import find_spec
from typing import Any

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from fintechsite.views import healthz, to_preferred_language

reader_pages: Any = "cases.urls" if find_spec("cases.urls") else ([], "cases")

urlpatterns = [
    path("", to_preferred_language, name="root"),
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("fintechsite.api_urls")),
    *i18n_patterns(path("", include(reader_pages))),
]
