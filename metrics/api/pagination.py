"""Keyset pages: `{"next", "previous", "results"}`, stable while rows are added."""

import re
from typing import Any

from django.db import DataError
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from metrics.api.parameters import whole_number
from metrics.api.problems import ParameterError

BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
CURSOR_PARAMETER: dict[str, Any] = {
    "name": "cursor",
    "in": "query",
    "required": False,
    "description": "Where the page starts; taken from the links `next` and `previous`.",
    "schema": {"type": "string", "minLength": 1},
}


def limit_parameter(default: int, maximum: int) -> dict[str, Any]:
    """The OpenAPI parameter `limit` of an endpoint."""
    return {
        "name": "limit",
        "in": "query",
        "required": False,
        "description": "Rows a page.",
        "schema": {"type": "integer", "minimum": 1, "maximum": maximum, "default": default},
    }


def page_schema(rows: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI schema of a page, given that of its `results`."""
    link = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "required": ["next", "previous", "results"],
        "properties": {"next": link, "previous": link, "results": rows},
    }


def bad_cursor() -> ParameterError:
    detail = _("This cursor is none of ours: follow the links “next” and “previous” unchanged.")
    return ParameterError.of("cursor", "invalid_cursor", detail)


class KeysetPagination(CursorPagination):
    """By the view's `ordering`, which ends in a unique column."""

    page_size = 100
    max_page_size = 1000
    page_size_query_param = "limit"
    cursor_query_param = "cursor"

    def get_page_size(self, request: Request) -> int:
        return whole_number(request, "limit", default=self.page_size, maximum=self.max_page_size)

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        ordering: tuple[str, ...] = view.ordering
        return ordering

    def decode_cursor(self, request: Request) -> Cursor | None:
        text = request.query_params.get("cursor")
        if text is not None and not BASE64.fullmatch(text):  # the library skips other characters
            raise bad_cursor()
        try:
            cursor: Cursor | None = super().decode_cursor(request)
        except NotFound as error:
            raise bad_cursor() from error
        if cursor is not None and "\0" in str(cursor.position or ""):
            raise bad_cursor()
        return cursor

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, DataError) as error:  # a position that its column cannot hold
            raise bad_cursor() from error

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [limit_parameter(self.page_size, self.max_page_size), CURSOR_PARAMETER]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return page_schema(schema)
