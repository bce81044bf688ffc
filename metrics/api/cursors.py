"""Cursors of observation pages: a place in the order, a direction and the seq of the first page, as
URL-safe text.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from typing import Any

from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from metrics.api.pagination import bad_cursor
from metrics.selectors.observation_page import Position

FORWARD, BACKWARD = "f", "b"
LONGEST = 1000  # several times what a place takes


_DIRECTION = re.compile(r"([fb])([1-9][0-9]{0,17})?", re.ASCII)


def encoded(position: Position, direction: str, seq: int | None = None) -> str:
    fields = [f"{direction}{seq or ''}", position.series, *map(str, position.place[:3])]
    fields += [position.tail] if position.tail else []
    return urlsafe_b64encode(json.dumps(fields, separators=(",", ":")).encode()).decode()


def decoded(text: str) -> tuple[Position, bool, int | None]:
    """The place, whether the page goes backwards, the seq it is of; raises ParameterError."""
    try:
        if len(text) > LONGEST:
            raise ValueError(len(text))
        fields = json.loads(urlsafe_b64decode(text.encode()))
        "".join(fields).encode()  # nothing but text, and no half of a surrogate pair
        direction, series, end, start, period, *tail = fields
        way = _DIRECTION.fullmatch(direction)
        if way is None or "\0" in series + period or len(tail) > 1:
            raise ValueError(direction)
        days = date.fromisoformat(end), date.fromisoformat(start)
        place = Position(series, *days, period, *map(str, tail))
    except (ValueError, TypeError, RecursionError) as error:
        raise bad_cursor() from error
    return place, way[1] == BACKWARD, int(way[2]) if way[2] else None


def page_links(
    request: Request, page: Any, seq: int, *, is_backward: bool, is_first: bool
) -> tuple[str | None, str | None]:
    """Addresses of the next and the previous page of a page with has_more, first and last, which
    are of the same seq.
    """
    has_next = page.has_more or is_backward
    has_previous = page.has_more if is_backward else not is_first
    return (
        _link(request, page.last, FORWARD, seq) if has_next else None,
        _link(request, page.first, BACKWARD, seq) if has_previous else None,
    )


def _link(request: Request, position: Position | None, direction: str, seq: int) -> str | None:
    if position is None:
        return None
    here = request.build_absolute_uri()
    return str(replace_query_param(here, "cursor", encoded(position, direction, seq)))
