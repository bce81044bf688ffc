"""The delta feed: everything that changed since a cursor, in the order in which it went live."""

from typing import Any, Final

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.utils.urls import replace_query_param

from cases.selectors.delta import delta
from metrics.api.endpoint import Endpoint
from metrics.api.observation_schema import OBSERVATION
from metrics.api.pagination import limit_parameter, page_schema
from metrics.api.parameters import whole_number
from metrics.api.problems import ParameterError
from metrics.selectors.delta import Item, Place, with_moments
from metrics.selectors.plain import instant_text, plain
from metrics.selectors.restricted import hide_in_rows

DEFAULT_LIMIT, MAX_LIMIT = 1_000, 10_000
LONGEST = 100  # characters of a cursor
MOST_SEQ = 2**62
DEFINITIONS: Final = ("source", "unit", "entity", "indicator", "series")
TEXTS: Final = {"case": "case", "overview": "case", "technology": "technology"}
ACTIONS: Final = ("added", "revised", "withdrawn", "redacted")
_TEXT: dict[str, Any] = {"type": "string"}
_CHANGE: dict[str, Any] = {
    "type": "object",
    "required": ["seq", "published_at", "type", "action"],
    "properties": {
        "seq": {"type": "integer"},
        "published_at": {"type": "string", "format": "date-time"},
        "type": {"type": "string", "enum": ["observation", "derived", *DEFINITIONS, *TEXTS]},
        "action": {"type": "string", "enum": list(ACTIONS)},
        "series": {**_TEXT, "description": "Of values only."},
        "period": {**_TEXT, "description": "Of values only."},
        "observation": {
            "oneOf": [OBSERVATION, {"type": "null"}],
            "description": "Of values only: the row as `observations` lists it; null where a"
            " derived value is gone.",
        },
        "key": {**_TEXT, "description": "Of definitions and texts: what the API knows them by."},
        "language": {**_TEXT, "description": "Of texts only."},
        "url": {"type": "string", "format": "uri", "description": "Of definitions and texts."},
    },
}
_PAGE = page_schema({"type": "array", "items": _CHANGE})
_PAGE = {
    **_PAGE,
    "required": [*_PAGE["required"], "cursor"],
    "properties": {
        **_PAGE["properties"],
        "cursor": {**_TEXT, "description": "What to come back with, as `since`."},
    },
}


class ChangesView(Endpoint):
    """What was added, revised or withdrawn since a cursor: values, definitions, texts.

    Follow `next` while there is one; then keep `cursor` and come back with it as `since`.
    """

    parameters = frozenset({"since", "limit"})

    @extend_schema(
        operation_id="changes_list",
        parameters=[
            OpenApiParameter(
                "since",
                str,
                description="A cursor of this feed, or a seq of which everything is known already;"
                " without it from the beginning.",
            ),
            OpenApiParameter("limit", limit_parameter(DEFAULT_LIMIT, MAX_LIMIT)["schema"]),
        ],
        responses={(200, "application/json"): _PAGE},
    )
    def get(self, request: Request) -> Response:
        limit = whole_number(request, "limit", default=DEFAULT_LIMIT, maximum=MAX_LIMIT)
        place = self._asked(request)
        items = delta(place, limit + 1)
        shown, has_more = items[:limit], len(items) > limit
        # where nothing is left, everything of the moment of this answer is known
        cursor = written(shown[-1].place) if has_more else str(self.seq)
        here = request.build_absolute_uri()
        moments = with_moments(shown)
        hide_in_rows(item.value for item in shown if item.value is not None)
        return Response(
            {
                "next": replace_query_param(here, "since", cursor) if has_more else None,
                "previous": None,
                "results": [_document(item, moments, request) for item in shown],
                "cursor": cursor,
            }
        )

    def _asked(self, request: Request) -> Place:
        text = request.query_params.get("since")
        if text is None:
            return Place.after(0)
        place = read(text)
        if place.seq - (place.rank < 0) > self.seq:
            detail = _("Nothing of this seq was published yet. Start anew without a cursor.")
            raise ParameterError.of("since", "beyond_the_end", detail)
        return place


def written(place: Place) -> str:
    return f"{place.seq}.{place.rank}.{place.first}.{place.second}"


def read(text: str) -> Place:
    """The place of a cursor; raises ParameterError."""
    seq, *rest = text.split(".", 3) if len(text) <= LONGEST else [""]
    numbers = [seq, *rest[:2]]
    is_whole = all(one.isascii() and one.isdigit() and len(one) < 20 for one in numbers)
    if is_whole and len(rest) in (0, 3) and all(int(one) <= MOST_SEQ for one in numbers):
        if not rest:
            return Place.after(int(seq))
        if "\0" not in rest[2]:
            return Place(int(seq), int(rest[0]), int(rest[1]), rest[2])
    detail = _("Expected a cursor of this feed, or the number of a change.")
    raise ParameterError.of("since", "invalid_cursor", detail)


def _document(item: Item, moments: dict[int, Any], request: Request) -> dict[str, Any]:
    told = {
        "seq": item.place.seq,
        "published_at": instant_text(moments[item.place.seq]),
        "type": item.kind,
        "action": item.action,
    }
    if item.kind in ("observation", "derived"):
        return {
            **told,
            "series": item.key,
            "period": item.period,
            "observation": _row(item, moments),
        }
    if item.kind in TEXTS:
        told["language"] = item.language
    name = f"api:{TEXTS.get(item.kind, item.kind)}-detail"
    return {**told, "key": item.key, "url": reverse(name, args=[item.key], request=request)}


def _row(item: Item, moments: dict[int, Any]) -> dict[str, Any] | None:
    if item.value is None:
        return None
    row = {name: plain(value) for name, value in item.value.items()}
    for name in ("valid_from", "valid_to"):
        row[name] = instant_text(moments[row[name]]) if row[name] is not None else None
    if row.get("rule", "") is None:
        del row["rule"]
    return row
