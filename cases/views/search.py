"""The search page: one list of texts, entities, series and sources."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from cases.models import SearchDocument
from cases.search.queries import MOST_CHARACTERS, MOST_TERMS, Query, QueryError, parse_query
from cases.selectors.search import KINDS, MOST_PAGES, SearchPage, search
from cases.selectors.search_hints import Hints, search_hints
from cases.views.errors import ParameterError
from cases.views.pages import Page, language, reader_page
from metrics.selectors.catalogue import Choice

PARAMETERS = ("q", "kind", "page")


@reader_page()
def search_page(request: HttpRequest) -> Page:
    """The form, and with `q` what was found."""
    for name in sorted(set(request.GET) - set(PARAMETERS)):
        expected = _("This page takes only %s.") % ", ".join(PARAMETERS)
        raise ParameterError(name, ", ".join(request.GET.getlist(name)), expected=expected)
    query, kind, number = _query(request), _kind(request), _number(request)
    found = search(query, language(), [kind] if kind else (), number)
    if number > max(found.pages, 1):
        raise Http404
    context = {
        "section": "search",
        "title": _("Search: %(words)s") % {"words": query.text} if query.text else _("Search"),
        "is_unlisted": bool(request.GET),
        "asked": query,
        "results": found,
        "kinds": _choices(found, kind),
        "hints": Hints() if found.counts else search_hints(query, language()),
        "previous": _link(query, kind, number - 1) if number > 1 else "",
        "next": _link(query, kind, number + 1) if number < found.pages else "",
    }
    return Page("search/search.html", context)


def _query(request: HttpRequest) -> Query:
    text = _single(request, "q")
    try:
        return parse_query(text)
    except QueryError as error:
        expected = _("Expected at most %(characters)d characters and %(terms)d words.")
        limits = {"characters": MOST_CHARACTERS, "terms": MOST_TERMS}
        raise ParameterError("q", str(error), expected=expected % limits) from None


def _kind(request: HttpRequest) -> str:
    kind = _single(request, "kind")
    if kind and kind not in KINDS:
        allowed = [(value, str(name)) for value, name in SearchDocument.Kind.choices]
        raise ParameterError("kind", kind, allowed)
    return kind


def _number(request: HttpRequest) -> int:
    text = _single(request, "page") or "1"
    if text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST_PAGES:
        return int(text)
    expected = _("Expected a whole number from 1 to %d.") % MOST_PAGES
    raise ParameterError("page", text, expected=expected)


def _single(request: HttpRequest, name: str) -> str:
    values = request.GET.getlist(name)
    if len(values) > 1:
        raise ParameterError(name, ", ".join(values), expected=_("Expected it once."))
    return values[0] if values else ""


def _choices(found: SearchPage, chosen: str) -> tuple[Choice, ...]:
    """The kinds that were found, with how many."""
    return tuple(
        Choice(kind, f"{name} · {found.counts.get(kind, 0)}", kind == chosen)
        for kind, name in SearchDocument.Kind.choices
        if found.counts.get(kind) or kind == chosen
    )


def _link(query: Query, kind: str, number: int) -> str:
    given = {"q": query.text, "kind": kind, "page": str(number) if number > 1 else ""}
    return "?" + urlencode({name: value for name, value in given.items() if value})
