"""Pages of data: entities, series, sources, methods."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from cases.selectors.addresses import series_url
from cases.selectors.data import (
    catalogue_page,
    entity_lines,
    entity_page,
    source_page,
)
from cases.selectors.drawings import chart_spec
from cases.selectors.series import SeriesPage, series_page
from cases.selectors.since import series_since
from cases.selectors.structured import dataset
from cases.views.errors import ParameterError
from cases.views.frame import own_address
from cases.views.moments import NotThenError, asked_moment
from cases.views.pages import Page, language, reader_page
from metrics.charts import render_both_widths
from metrics.selectors.methods import methods_page


@reader_page(snapshot=True)
def entity(request: HttpRequest, slug: str) -> Page:
    try:
        page = entity_page(slug, language())
    except ObjectDoesNotExist:
        raise Http404 from None
    context = {
        "page": page,
        "section": "data",
        "title": page.name,
        "description": page.description,
        "has_entities": False,
    }
    return Page("data/entity.html", context, depends_on=page.depends_on)


@reader_page()
def entities(request: HttpRequest) -> Page:
    context = {"section": "data", "entities": entity_lines(language())}
    return Page("data/entities.html", context)


@reader_page()
def series_list(request: HttpRequest) -> Page:
    asked = request.GET.getlist("entity")
    page = catalogue_page(language(), asked[0] if len(asked) == 1 else "")
    allowed = tuple((choice.value, choice.name) for choice in page.entities)
    if len(asked) > 1 or (page.chosen and page.chosen not in dict(allowed)):
        raise ParameterError("entity", ", ".join(asked), allowed)
    return Page("data/catalogue.html", {"page": page, "section": "data"})


@reader_page(snapshot=True, dated=True)
def series(request: HttpRequest, key: str) -> Page:
    moment = asked_moment(request)
    try:
        page = series_page(key, language(), seq=moment.seq if moment else None)
    except ObjectDoesNotExist:
        raise Http404 from None
    if moment and not page.record.rows:
        raise NotThenError(moment, now=[language()])
    context = {
        "page": page,
        "record": page.record,
        "section": "data",
        "title": page.record.name,
        "description": page.definition,
        "since": series_since(page) if moment else None,
        "structured": "" if moment else _structured(page),
        "drawing": mark_safe(_drawing(page)),  # noqa: S308  SVG of ours, escaped there
    }
    return Page("data/series.html", context, depends_on=page.depends_on, moment=moment)


def _structured(page: SeriesPage) -> SafeString:
    """JSON with nothing in it that could end its element (selectors.structured)."""
    key = page.record.series.key
    return mark_safe(  # noqa: S308
        dataset(
            page,
            url=series_url(key, language()),
            download=reverse("api:series-observations", args=[key]),
            address=own_address,
        )
    )


def _drawing(page: SeriesPage) -> str:
    if page.chart is None or page.grid is None:
        return ""
    spec = chart_spec(
        page.chart,
        page.figures,
        page.labels,
        title=page.record.name,
    )
    return render_both_widths(spec, chart_id="course")


@reader_page(snapshot=True)
def source(request: HttpRequest, slug: str) -> Page:
    try:
        page = source_page(slug, language())
    except ObjectDoesNotExist:
        raise Http404 from None
    context = {"page": page, "section": "data", "title": page.title}
    return Page("data/source.html", context, depends_on=page.depends_on)


@reader_page()
def methods(request: HttpRequest) -> Page:
    return Page("data/methods.html", {"page": methods_page(language()), "section": "methods"})
