"""Pages of other sites may read the API: it has no cookies, so there is nothing to lend them.

A middleware and no part of the endpoints: a browser asks before it sends a key (preflight), and
that costs no query and counts for no quota.
"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

PREFIX: Final = "/api/v1/"
DAY_SECONDS: Final = 86_400
# What a script may read of an answer, beyond what browsers show to any.
EXPOSED: Final = (
    "Accept-Ranges, Age, Content-Disposition, Content-Range, Deprecation, ETag, Link, RateLimit, "
    "RateLimit-Policy, Repr-Digest, Retry-After, Sunset, WWW-Authenticate"
)
# `verify` asks by POST, and changes nothing either.
METHODS: Final = "GET, HEAD, OPTIONS, POST"
HEADERS: Final = (
    "Accept, Authorization, Content-Type, If-Modified-Since, If-None-Match, If-Range, Range"
)


class CrossOriginReading:
    """Before whatever looks at the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            answer: HttpResponseBase = _preflight()
        else:
            answer = self.get_response(request)
            answer["Access-Control-Expose-Headers"] = EXPOSED
        answer["Access-Control-Allow-Origin"] = "*"
        return answer


def _preflight() -> HttpResponse:
    answer = HttpResponse(status=204)
    answer["Access-Control-Allow-Methods"] = METHODS
    answer["Access-Control-Allow-Headers"] = HEADERS
    answer["Access-Control-Max-Age"] = str(DAY_SECONDS)
    return answer
