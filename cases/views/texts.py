"""Pages of texts: cases, technologies, the overview."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from cases.markup.render import RenderedText, TocEntry, render_parsed
from cases.models import Case
from cases.only_read import only_read
from cases.selectors.addresses import ChartAddresses, card_url, own_address, text_chart_addresses
from cases.selectors.citation import FORMATS
from cases.selectors.cited import text_citation
from cases.selectors.notes import Record, record_of
from cases.selectors.pages import TextPage, text_page
from cases.selectors.since import text_since
from cases.selectors.structured import article
from cases.selectors.text_charts import drawing_names
from cases.selectors.texts import LiveText, NotPublishedError
from cases.views.asked import refuse_others
from cases.views.errors import ParameterError, bad_request, not_found
from cases.views.exhibits import PageResolver
from cases.views.frame import oembed_address
from cases.views.moments import NotThenError, asked_moment
from cases.views.pages import Page, language, reader_page
from metrics.selectors.moment import consistent_read
from metrics.translation import translated

SECTION_LEVEL, LEAST_SECTIONS = 2, 3
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


@only_read
def citation(request: HttpRequest, slug: str, form: str, kind: str) -> HttpResponse:
    """The citation of a text as a file, BibTeX or RIS."""
    try:
        refuse_others(request, ())
        with consistent_read():
            page = text_page(slug, kind, language())
    except ParameterError as error:
        return bad_request(request, error)
    except NotPublishedError as error:
        return not_found(request, languages=error.languages)
    made = text_citation(page, page.text.title(page.figures), own_address)
    response = HttpResponse(made.written(form), content_type=f"{FORMATS[form]}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-{language()}.{form}"'
    return response


def _contents(rendered: RenderedText) -> list[TocEntry]:
    """The sections of a text that has enough of them to choose from."""
    sections = [entry for entry in rendered.toc if entry.level == SECTION_LEVEL]
    return sections if len(sections) >= LEAST_SECTIONS else []


def _structured(page: TextPage, rendered: RenderedText) -> SafeString:
    """JSON with nothing in it that could end its element (selectors.structured)."""
    return mark_safe(  # noqa: S308
        article(
            page,
            title=rendered.title_text,
            description=rendered.standfirst_text,
            address=own_address,
        )
    )


def _chart_addresses(text: LiveText) -> dict[int, ChartAddresses]:
    """Where each chart and timeline stands alone, by its line; a draft's does nowhere."""
    if not text.publication_id:
        return {}
    kind, slug = text.case.kind, text.case.slug
    return {
        line: text_chart_addresses(kind, slug, text.language, name, text.as_of)
        for line, name in drawing_names(text.parsed).items()
    }


def _notes(page: TextPage, rendered: RenderedText, report: str) -> SafeString:
    records = (record_of(note, page.figures) for note in rendered.notes)
    notes = "".join(_note(record, report, language()) for record in records)
    return mark_safe(notes)  # noqa: S308  each is from its template


# Of the figures of a text few change at a time. By all that a note says, so never another's.
@lru_cache(maxsize=2048)
def _note(record: Record, report: str, language: str) -> str:
    """The record behind a figure; `report`: where an error of the text is told of."""
    with override(language):
        return render_to_string("cases/_note.html", {"record": record, "report": report})


def page_of(page: TextPage, report: str = "", **further: Any) -> Page:
    """The page of a text, its words rendered."""
    rendered = render_parsed(
        page.text.text,
        page.text.parsed,
        language=page.text.language,
        resolver=PageResolver(page.figures, _chart_addresses(page.text)),
        withheld=page.withheld,
        say=translated,
    )
    text = page.text
    is_live = bool(text.publication_id) and text.as_of is None
    context = {
        "structured": _structured(page, rendered) if is_live else "",
        "citation": text_citation(page, rendered.title_text, own_address) if is_live else None,
        "files_base": text.url.partition("?")[0].rstrip("/") if text.publication_id else "",
        "files_query": "" if text.as_of is None else f"as_of={text.as_of}",
        "toc": _contents(rendered),
        "page": page,
        "kind": page.text.case.kind,
        "section": SECTIONS.get(page.text.case.kind, "overview"),
        "title": rendered.title_text,
        "description": rendered.standfirst_text,
        "title_html": mark_safe(rendered.title_html),  # noqa: S308  sanitised by cases.markup
        "standfirst_html": mark_safe(rendered.standfirst_html),  # noqa: S308
        "body_html": mark_safe(rendered.body_html),  # noqa: S308
        "notes_html": _notes(page, rendered, report),
        "report": report,
        "is_article": True,
        "card": own_address(card_url(text.language, text.case.kind, text.case.slug))
        if is_live
        else "",
        "oembed": oembed_address(own_address(text.url)) if is_live else "",
        **further,
    }
    return Page(
        "cases/text.html",
        context,
        depends_on=page.depends_on,
        keep=True,
        languages=page.languages,
    )
