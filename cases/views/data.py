"""Pages of data: entities, the catalogue of series, sources, methods."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest

from cases.selectors.data import (
    catalogue_page,
    entity_lines,
    entity_page,
    source_page,
)
from cases.views.errors import ParameterError
from cases.views.pages import Page, language, reader_page
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
    is_one = len(asked) == 1 and "\0" not in asked[0]  # which the database does not take
    page = catalogue_page(language(), asked[0] if is_one else "")
    allowed = tuple((choice.value, choice.name) for choice in page.entities)
    if asked and asked != [""] and (not is_one or page.chosen not in dict(allowed)):
        raise ParameterError("entity", ", ".join(asked), allowed)
    return Page("data/catalogue.html", {"page": page, "section": "data"})


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
