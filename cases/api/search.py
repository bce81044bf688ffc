"""The endpoint of the site search: texts and data in one ranked list."""

import re
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from cases.search.queries import MOST_CHARACTERS, MOST_TERMS, Query, QueryError, parse_query
from cases.selectors.search import KINDS, MOST_PAGES, PAGE_SIZE, Found, search
from metrics.api.endpoint import Endpoint
from metrics.api.pagination import CURSOR_PARAMETER, bad_cursor, limit_parameter, page_schema
from metrics.api.parameters import LANGUAGES, whole_number
from metrics.api.problems import ParameterError

MOST = 100  # of a page
_CURSOR = re.compile(r"([1-9]\d{0,3})-([1-9]\d{0,2})", re.ASCII)
_TEXT: dict[str, Any] = {"type": "string"}
_RESULT: dict[str, Any] = {
    "type": "object",
    "required": ["kind", "key", "title", "snippet", "url"],
    "properties": {
        "kind": {"type": "string", "enum": list(KINDS)},
        "key": {**_TEXT, "description": "The slug, of a series its key."},
        "title": _TEXT,
        "snippet": {**_TEXT, "description": "A passage with the terms, as plain text."},
        "url": {"type": "string", "format": "uri", "description": "The reader's page."},
    },
}


class SearchView(Endpoint):
    """What has all terms of `q` in the language `lang`, the best first; up to 1,000 of them."""

    parameters = frozenset({"q", "kind", "limit", "cursor"})

    @extend_schema(
        operation_id="search",
        parameters=[
            OpenApiParameter(
                "q",
                str,
                required=True,
                description=f"Up to {MOST_CHARACTERS} characters and {MOST_TERMS} words.",
            ),
            OpenApiParameter("kind", str, enum=list(KINDS)),
            OpenApiParameter("limit", limit_parameter(PAGE_SIZE, MOST)["schema"]),
            OpenApiParameter("cursor", str, description=CURSOR_PARAMETER["description"]),
        ],
        responses={(200, "application/json"): page_schema({"type": "array", "items": _RESULT})},
    )
    def get(self, request: Request) -> Response:
        query, kind = _query(request), _kind(request)
        limit = whole_number(request, "limit", default=PAGE_SIZE, maximum=MOST)
        number = _number(request, limit)
        found = search(query, self._asked(), [kind] if kind else (), number, page_size=limit)
        return Response(
            {
                "next": _link(request, number + 1, limit) if number < found.pages else None,
                "previous": _link(request, number - 1, limit) if number > 1 else None,
                "results": [_document(one, request) for one in found.found],
            }
        )

    def _asked(self) -> str:
        if self.language is None:
            detail = _("Say in which language to search.")
            raise ParameterError.of("lang", "required", detail, LANGUAGES)
        return self.language


def _query(request: Request) -> Query:
    text = request.query_params.get("q")
    if text is None:
        raise ParameterError.of("q", "required", _("Say what to search for."))
    try:
        return parse_query(text)
    except QueryError:
        expected = _("Expected at most %(characters)d characters and %(terms)d words.")
        limits = {"characters": MOST_CHARACTERS, "terms": MOST_TERMS}
        raise ParameterError.of("q", "too_long", expected % limits) from None


def _kind(request: Request) -> str:
    kind: str = request.query_params.get("kind", "")
    if "kind" in request.query_params and kind not in KINDS:
        raise ParameterError.of("kind", "invalid_choice", _("No such kind."), KINDS)
    return kind


def _number(request: Request, limit: int) -> int:
    """The page that the cursor names: it holds for pages of one size."""
    text = request.query_params.get("cursor")
    if text is None:
        return 1
    match = _CURSOR.fullmatch(text)
    last = -(-MOST_PAGES * PAGE_SIZE // limit)
    if match is None or int(match[2]) != limit or int(match[1]) > last:
        raise bad_cursor()
    return int(match[1])


def _link(request: Request, number: int, limit: int) -> str:
    here = request.build_absolute_uri()
    return str(replace_query_param(here, "cursor", f"{number}-{limit}"))


def _document(one: Found, request: Request) -> dict[str, str]:
    return {
        "kind": one.kind,
        "key": one.key,
        "title": one.name,
        "snippet": " ".join(one.excerpt.split()),
        "url": request.build_absolute_uri(one.url),
    }
