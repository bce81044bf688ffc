"""Lists of texts: home, cases with filters, technologies."""

from django.http import HttpRequest

from cases.models import Case
from cases.selectors.cards import applied_technologies, shelf
from cases.selectors.counts import counts
from cases.selectors.filters import case_filters
from cases.views.errors import ParameterError
from cases.views.pages import Page, language, reader_page


@reader_page(snapshot=True)
def home(request: HttpRequest) -> Page:
    texts = shelf(language())
    cases = texts.of_kind(Case.Kind.CASE)
    context = {
        "section": "home",
        "lead": cases[0] if cases else None,
        "cases": cases[1:],
        "technologies": texts.of_kind(Case.Kind.TECHNOLOGY),
        "overview": next(iter(texts.of_kind(Case.Kind.OVERVIEW)), None),
        "counts": counts(),
    }
    # "values": the counts change with any value
    return Page("cases/home.html", context, depends_on=texts.depends_on | {"values"})


@reader_page()
def cases(request: HttpRequest) -> Page:
    texts = shelf(language())
    found = case_filters(texts, language(), _asked(request))
    if found.refused is not None:
        raise ParameterError(*found.refused)
    context = {
        "section": "cases",
        "cases": found.cards,
        "technology_choices": found.technologies,
        "entity_choices": found.entities,
        "is_filtered": found.is_filtered,
    }
    return Page("cases/cases.html", context, depends_on=texts.depends_on)


@reader_page()
def technologies(request: HttpRequest) -> Page:
    texts = shelf(language())
    context = {"section": "technologies", "technologies": applied_technologies(texts)}
    return Page("cases/technologies.html", context, depends_on=texts.depends_on)


def _asked(request: HttpRequest) -> dict[str, list[str]]:
    return {name: request.GET.getlist(name) for name in ("technology", "entity")}
