"""Answers of the API packed with gzip for clients that take it: a table shrinks to a tenth.

Above everything that makes or remembers an answer, so all of them are packed alike. Their tags are
weak, and hold for the packed answer as well; files that are packed already, or sent in parts, go
out as they are. Nothing in an answer is a secret of the reader's, so its length betrays nothing.
"""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from cases.views.pages import accepts_gzip
from metrics.api.cors import PREFIX

# Below, the headers take more than is saved.
SMALLEST: Final = 1_000
LEVEL: Final = 4  # of the higher ones a table gains little, and takes twice as long
_PACKABLE: Final = ("application/json", "application/problem+json", "application/jsonl",
                    "application/vnd.sdmx.data+csv", "application/vnd.oai.openapi", "text/",
                    "application/yaml")  # fmt: skip


class PackedAnswers:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer: Any = self.get_response(request)
        if not request.path_info.startswith(PREFIX):
            return answer
        # Also of a 304: it says what the whole answer would. None of ours names it yet.
        varies = answer.headers.get("Vary")
        answer.headers["Vary"] = f"{varies}, Accept-Encoding" if varies else "Accept-Encoding"
        if _is_packable(answer) and accepts_gzip(request):
            _pack(answer)
        return answer


def _is_packable(answer: Any) -> bool:
    headers = answer.headers
    if answer.status_code in (204, 206, 304) or "Content-Encoding" in headers:
        return False
    is_small = not answer.streaming and len(answer.content) < SMALLEST
    return not is_small and str(headers.get("Content-Type", "")).startswith(_PACKABLE)


def _pack(answer: Any) -> None:
    if answer.streaming:
        # the stream stays among what is closed with the answer
        answer.streaming_content = _packed(answer.streaming_content)
    elif isinstance(answer, HttpResponse):
        answer.content = gzip.compress(answer.content, LEVEL, mtime=0)
        answer.headers["Content-Length"] = str(len(answer.content))
    answer.headers["Content-Encoding"] = "gzip"


def _packed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Without the end where the chunks break off, so that nobody takes a part for the whole."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    for chunk in chunks:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()
