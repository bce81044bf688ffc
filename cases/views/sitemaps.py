"""What search engines read: which pages there are, and where they need not look.

Django's own framework holds all pages in memory to show some of them; there are millions of series.
"""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from cases.only_read import only_read
from cases.selectors.addresses import language_tag, own_address, page_url
from cases.selectors.sitemap import Place, list_places, series_count, series_places, text_places
from cases.views.pages import cache_publicly
from metrics.selectors.moment import consistent_read

# Pages of a moment, of a question or for staff: a search engine has no use for them.
CLOSED = ("/admin/", "/api/", "/*/preview/", "/*/report/", "/*/search/", "/*?as_of=")
SECTIONS = {"texts": text_places, "lists": list_places}
A_PAGE = 10_000  # series; a file may have 50,000 addresses, and each stands in two languages
MOST_PAGES = 50_000  # what one index may name


@only_read
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The parts of the sitemap."""
    paths = [reverse("sitemap-section", args=[section]) for section in SECTIONS]
    pages = -(-series_count() // A_PAGE)
    paths += [reverse("sitemap-series", args=[number]) for number in range(1, pages + 1)]
    return _xml("sitemaps/index.xml", {"addresses": [own_address(path) for path in paths]})


@only_read
def sitemap(request: HttpRequest, section: str) -> HttpResponse:
    """Texts, or lists with what has no numbers of its own."""
    if section not in SECTIONS:
        raise Http404
    with consistent_read():
        return _pages(SECTIONS[section]())


@only_read
def sitemap_of_series(request: HttpRequest, number: int) -> HttpResponse:
    if not 0 < number <= MOST_PAGES:
        raise Http404
    with consistent_read():
        places = series_places((number - 1) * A_PAGE, number * A_PAGE)
    if not places:
        raise Http404
    return _pages(places)


@only_read
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    lines += [f"Sitemap: {own_address(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _pages(places: Iterable[Place]) -> HttpResponse:
    return _xml("sitemaps/pages.xml", {"pages": [_page(place) for place in places]})


def _page(place: Place) -> dict[str, Any]:
    """A page in each of its languages, each of which names the others."""
    return {
        "changed_at": place.changed_at,
        "versions": [
            (language_tag(code), own_address(page_url(code, place.name, *place.args)))
            for code in place.languages
        ],
    }


def _xml(template: str, context: dict[str, Any]) -> HttpResponse:
    response = HttpResponse(
        render_to_string(template, context), content_type="application/xml; charset=utf-8"
    )
    response["X-Robots-Tag"] = "noindex"
    cache_publicly(response)
    return response
