"""Answers that a client has already: told before anything else is done, by the door's one query.

A 304 follows from the address, the headers that choose the representation, and the seq: what it
says was said by the whole stack once, and is remembered by all of these. Whether somebody may ask,
and what remains to them, the door says each time. Whatever it does not let in, whatever has
changed, and whatever was not told before, takes the whole stack, counted once all the same. As
with kept pages the log has no line of these; quotas and days of keys count them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, ResponseHeaders

from metrics.api.admission import Admission, NotAdmitted, door
from metrics.api.cors import PREFIX
from metrics.api.endpoint import KnownAs, etag_at, is_among

MOST_ADDRESSES: Final = 20_000
LONGEST_ADDRESS: Final = 2_000
# What the door says of one request, and the seq: no part of what is remembered.
_OWN: Final = frozenset({"ratelimit", "ratelimit-policy", "etag"})
# All of a request that its 304 depends on, besides method, path and scheme.
_CHOOSING: Final = ("QUERY_STRING", "HTTP_ACCEPT", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT")

Address = tuple[str | bool | None, ...]


class _CheckedHeaders(ResponseHeaders):
    """A copy of headers that were looked at letter by letter when they were remembered."""

    def __init__(self, checked: ResponseHeaders) -> None:
        self._store = dict(checked._store)


@dataclass(frozen=True, slots=True)
class _Remembered:
    known_as: KnownAs
    headers: ResponseHeaders


class KnownAnswers:
    """Below the header of CORS and the look for releases that are due."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._remembered: dict[Address, _Remembered] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _may_be_known(request):
            return self.get_response(request)
        address = _address(request)
        remembered = self._remembered.get(address)
        if remembered is not None:
            known = _told_again(request, remembered)
            if known is not None:
                return known
        answer = self.get_response(request)
        known_as = getattr(answer, "known_as", None)
        if known_as is not None and remembered is None:
            self._remember(address, known_as, answer)
        return answer

    def _remember(self, address: Address, known_as: KnownAs, answer: HttpResponseBase) -> None:
        if sum(len(part) for part in address if isinstance(part, str)) > LONGEST_ADDRESS:
            return
        if len(self._remembered) >= MOST_ADDRESSES:
            self._remembered.clear()
        headers = {name: text for name, text in answer.items() if name.lower() not in _OWN}
        self._remembered[address] = _Remembered(known_as, ResponseHeaders(headers))


def _may_be_known(request: HttpRequest) -> bool:
    """A question about a tag, by who has no cookies: parts of the stack would look at those."""
    meta = request.META
    return (
        "HTTP_IF_NONE_MATCH" in meta
        and request.method in ("GET", "HEAD")
        and request.path_info.startswith(PREFIX)
        and not meta.get("HTTP_COOKIE")
    )


def _address(request: HttpRequest) -> Address:
    is_keyed = "HTTP_AUTHORIZATION" in request.META
    chosen = map(request.META.get, _CHOOSING)
    return (request.method, request.path, request.path_info, request.scheme, is_keyed, *chosen)


def _told_again(request: HttpRequest, remembered: _Remembered) -> HttpResponse | None:
    """None where the whole stack has to answer."""
    standing = door()
    if standing is None:
        return None
    try:
        admission = standing.admit(request, remembered.known_as.scope)
    except NotAdmitted:
        return None
    etag = etag_at(admission.seq, remembered.known_as.digest)
    if not is_among(etag, request.META["HTTP_IF_NONE_MATCH"]):
        return None
    return _not_modified(remembered, admission, etag)


def _not_modified(remembered: _Remembered, admission: Admission, etag: str) -> HttpResponse:
    answer = HttpResponse(status=304)
    answer.headers = _CheckedHeaders(remembered.headers)
    for name, text in admission.headers.items():
        answer[name] = text
    answer["ETag"] = etag
    return answer
