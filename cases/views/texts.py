"""Pages of texts: cases, technologies, the overview."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import mark_safe

from cases.markup.render import render_parsed
from cases.models import Case
from cases.selectors.notes import record_of
from cases.selectors.pages import TextPage, text_page
from cases.selectors.since import text_since
from cases.selectors.texts import NotPublishedError
from cases.views.exhibits import PageResolver
from cases.views.moments import NotThenError, asked_moment
from cases.views.pages import Page, language, reader_page
from metrics.translation import translated

SECTIONS: dict[str, str] = {Case.Kind.CASE: "cases", Case.Kind.TECHNOLOGY: "technologies"}


@reader_page(snapshot=True, dated=True)
def case(request: HttpRequest, slug: str) -> Page:
    return _asked(request, slug, Case.Kind.CASE)


@reader_page(snapshot=True, dated=True)
def technology(request: HttpRequest, slug: str) -> Page:
    return _asked(request, slug, Case.Kind.TECHNOLOGY)


@reader_page(snapshot=True, dated=True)
def overview(request: HttpRequest) -> Page:
    return _asked(request, "overview", Case.Kind.OVERVIEW)


def _asked(request: HttpRequest, slug: str, kind: str) -> Page:
    """The present page, or with `as_of` that of the past and what changed since."""
    moment = asked_moment(request)
    if moment is None:
        return page_of(
            text_page(slug, kind, language()), report=f"{reverse('cases:report')}?text={slug}"
        )
    try:
        page = text_page(slug, kind, language(), seq=moment.seq)
    except NotPublishedError as error:
        raise NotThenError(moment, error.languages, error.now) from None
    since = text_since(page.text, page.figures)
    made = page_of(page, since=since)
    return replace(made, moment=moment, has_present=not since.is_withdrawn)


def page_of(page: TextPage, **further: Any) -> Page:
    """The page of a text, its words rendered."""
    rendered = render_parsed(
        page.text.text,
        page.text.parsed,
        language=page.text.language,
        resolver=PageResolver(page.figures),
        withheld=page.withheld,
        say=translated,
    )
    context = {
        "page": page,
        "kind": page.text.case.kind,
        "section": SECTIONS.get(page.text.case.kind, "overview"),
        "title": rendered.title_text,
        "description": rendered.standfirst_text,
        "title_html": mark_safe(rendered.title_html),  # noqa: S308  sanitised by cases.markup
        "standfirst_html": mark_safe(rendered.standfirst_html),  # noqa: S308
        "body_html": mark_safe(rendered.body_html),  # noqa: S308
        "records": [record_of(note, page.figures) for note in rendered.notes],
        "is_article": True,
        **further,
    }
    return Page(
        "cases/text.html",
        context,
        depends_on=page.depends_on,
        keep=True,
        languages=page.languages,
    )
