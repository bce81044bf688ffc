"""Every address of the site: reader pages per language, the admin, the API, the health check."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path

from cases.views.oembed import oembed
from cases.views.pictures import picture
from cases.views.sitemaps import robots, sitemap, sitemap_index, sitemap_of_series
from fintechsite.views import healthz, to_preferred_language

urlpatterns = [
    path("api/v1/", include("fintechsite.api_urls")),  # first: most is asked of it
    path("", to_preferred_language, name="root"),
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    re_path(
        r"^pictures/(?P<slug>[a-z0-9-]+)\.(?P<tag>[0-9a-f]{16})\.(?P<extension>png|jpg|webp)$",
        picture,
        name="picture",
    ),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap_index, name="sitemap"),
    path("sitemap-series-<int:number>.xml", sitemap_of_series, name="sitemap-series"),
    path("sitemap-<slug:section>.xml", sitemap, name="sitemap-section"),
    path("oembed", oembed, name="oembed"),
    path("i18n/", include("django.conf.urls.i18n")),
    *i18n_patterns(path("", include("cases.urls"))),
]

handler400 = "fintechsite.views.bad_request"
handler403 = "fintechsite.views.permission_denied"
handler404 = "cases.views.errors.not_found"
handler500 = "fintechsite.views.server_error"
