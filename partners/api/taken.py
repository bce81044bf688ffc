"""What a partner fetched that has changed since."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.utils.urls import replace_query_param

from metrics.api.endpoint import Endpoint
from metrics.api.pagination import bad_cursor, limit_parameter, page_schema
from metrics.api.parameters import whole_number
from metrics.selectors.plain import instant_text
from partners.api.door import key_required
from partners.selectors.taken import MOST_PERIODS, ChangedSeries, changed_since_taken

DEFAULT_LIMIT, MAX_LIMIT = 100, 1_000
LONGEST = 170  # of a series key
_TAKEN: dict[str, Any] = {
    "type": "object",
    "required": ["series", "taken_seq", "taken_at", "changed", "periods", "observations"],
    "properties": {
        "series": {"type": "string"},
        "taken_seq": {"type": "integer", "description": "The change whose values you have."},
        "taken_at": {"type": "string", "format": "date-time"},
        "changed": {"type": "integer", "description": "How many periods changed since."},
        "periods": {
            "type": "array",
            "description": f"The latest first, at most {MOST_PERIODS}.",
            "items": {
                "type": "object",
                "required": ["period", "seq"],
                "properties": {"period": {"type": "string"}, "seq": {"type": "integer"}},
            },
        },
        "observations": {"type": "string", "format": "uri", "description": "Where they are now."},
    },
}


class TakenView(Endpoint):
    """The series that you fetched with a key, of which values changed since.

    By name, or with others in bulk or as an export, once the last byte was sent.

    Fetching one again takes it off the list; all keys of a partner have one list.
    """

    parameters = frozenset({"limit", "cursor"})
    has_tag = False  # for the schema; see etag_of

    @extend_schema(
        operation_id="verify_taken_list",
        parameters=[
            OpenApiParameter("limit", limit_parameter(DEFAULT_LIMIT, MAX_LIMIT)["schema"]),
            OpenApiParameter("cursor", str, description="From the link `next`."),
        ],
        responses={(200, "application/json"): page_schema({"type": "array", "items": _TAKEN})},
    )
    def get(self, request: Request) -> Response:
        if self.admission is None or self.admission.key is None:
            raise key_required(self.told_at_door)
        limit = whole_number(request, "limit", default=DEFAULT_LIMIT, maximum=MAX_LIMIT)
        after = request.query_params.get("cursor", "")
        if len(after) > LONGEST or "\0" in after:
            raise bad_cursor()
        found = changed_since_taken(self.admission.key, after=after, most=limit + 1)
        shown = found[:limit]
        here = request.build_absolute_uri()
        has_more = len(found) > limit
        following = replace_query_param(here, "cursor", shown[-1].key) if has_more else None
        rows = [_document(one, request) for one in shown]
        page = {"next": following, "previous": None, "results": rows}
        return Response(page, headers={"Cache-Control": "private, no-store"})

    def etag_of(self, request: Request, seq: int) -> str:
        """None: the list changes with what its partner fetches, not with the clock."""
        return ""


def _document(one: ChangedSeries, request: Request) -> dict[str, Any]:
    return {
        "series": one.key,
        "taken_seq": one.seq,
        "taken_at": instant_text(one.taken_at),
        "changed": one.count,
        "periods": [{"period": period, "seq": seq} for period, seq in one.periods],
        "observations": reverse("api:series-observations", args=[one.key], request=request),
    }
