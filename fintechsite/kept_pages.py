"""Kept pages go out before anything else is done for a request: one query, a fixed set of headers.

A page that the whole stack answered from a snapshot is remembered with the headers that the stack
gave it; the next reader of its address gets the snapshot that stands by then, with the same
headers, without sessions, languages, tokens and logs, which a kept page has no part in.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from cases.selectors.kept import Served, find_snapshot
from cases.views.pages import accepts_gzip, answer_kept, known_etags_of, may_be_kept

MOST_ADDRESSES = 20_000
# What belongs to one answer and not to the address.
PAGE = "text/html; charset=utf-8"
OWN = frozenset({"etag", "content-length", "content-encoding"})

Headers = tuple[tuple[str, str], ...]


class KeptPages:
    """The first but for the look for releases that are due."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._headers: dict[str, Headers] = {}
        self._every: dict[Headers, Headers] = {}  # each set of headers once

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not may_be_kept(request) or (settings.SECURE_SSL_REDIRECT and not request.is_secure()):
            return self.get_response(request)
        headers = self._headers.get(request.path)
        if headers is not None:
            served = _found(request)
            if served is not None:
                return answer_kept(request, served, dict(headers))
        response = self.get_response(request)
        if getattr(response, "is_kept", False):
            self._remember(request.path, response)
        return response

    def _remember(self, path: str, response: HttpResponse) -> None:
        if path in self._headers or len(self._headers) >= MOST_ADDRESSES:
            return
        kept = {name: value for name, value in response.items() if name.lower() not in OWN}
        headers = tuple(({"Content-Type": PAGE} | kept).items())  # a 304 says nothing of a type
        self._headers[path] = self._every.setdefault(headers, headers)


def _found(request: HttpRequest) -> Served | None:
    request.get_host()  # refuses a host that is none of ours, as the whole stack does
    known = known_etags_of(request) if "HTTP_IF_NONE_MATCH" in request.META else ()
    return find_snapshot(request.path, gzipped=accepts_gzip(request), known_etags=known)
