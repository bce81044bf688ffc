"""Pages of texts: cases, technologies, the overview."""

from django.http import HttpRequest
from django.utils.safestring import mark_safe

from cases.markup.render import render_parsed
from cases.models import Case
from cases.selectors.notes import record_of
from cases.selectors.pages import TextPage, text_page
from cases.views.exhibits import PageResolver
from cases.views.pages import Page, language, reader_page

SECTIONS: dict[str, str] = {Case.Kind.CASE: "cases", Case.Kind.TECHNOLOGY: "technologies"}


@reader_page(snapshot=True)
def case(request: HttpRequest, slug: str) -> Page:
    return _page(text_page(slug, Case.Kind.CASE, language()))


@reader_page(snapshot=True)
def technology(request: HttpRequest, slug: str) -> Page:
    return _page(text_page(slug, Case.Kind.TECHNOLOGY, language()))


@reader_page(snapshot=True)
def overview(request: HttpRequest) -> Page:
    return _page(text_page("overview", Case.Kind.OVERVIEW, language()))


def _page(page: TextPage) -> Page:
    rendered = render_parsed(
        page.text.text,
        page.text.parsed,
        language=page.text.language,
        resolver=PageResolver(page.figures),
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
    }
    return Page(
        "cases/text.html",
        context,
        depends_on=page.depends_on,
        keep=True,
        languages=page.languages,
    )
