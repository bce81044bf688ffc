"""Files in parts (RFC 9110, section 14): what was interrupted goes on where it ended."""

import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any, Final

from django.utils.http import parse_http_date_safe
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from metrics.api.streams import note_sent

CHUNK: Final = 64 * 1024
_RANGE: Final = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


class RangeError(APIException):
    """416: the part that is asked for is none of the file."""

    status_code = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    default_code = "range_not_satisfiable"

    def __init__(self, size: int) -> None:
        self.size = size
        super().__init__(_("The file has %d bytes.") % size)


def asked_part(request: Request, size: int, etag: str, modified: float) -> tuple[int, int] | None:
    """The first byte and the one after the last; None for the whole file. Raises RangeError.

    Several ranges, other units and what is no range are answered with the whole, as the RFC allows;
    so is a range of a file that is another by now (`If-Range`).
    """
    match = _RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or match.group(1) == match.group(2) == "":
        return None
    if not _is_the_same(request.headers.get("If-Range"), etag, modified):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= size or start >= end:
        raise RangeError(size)
    return start, end


def _is_the_same(condition: str | None, etag: str, modified: float) -> bool:
    """Only a strong tag or the very date may continue a file."""
    return (
        condition is None or condition == etag or (parse_http_date_safe(condition) == int(modified))
    )


class FilePart:
    """The chunks of a part of an open file, which is closed with it; `when_sent` is called once
    the last was taken.
    """

    def __init__(
        self, file: Any, start: int, end: int, when_sent: Callable[[], None] | None = None
    ) -> None:
        self._file, self._start, self._left = file, start, end - start
        self._when_sent = when_sent

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(self._start)
        while self._left and (chunk := self._file.read(min(CHUNK, self._left))):
            self._left -= len(chunk)
            yield chunk
        if not self._left:
            note_sent(self._when_sent)

    def close(self) -> None:
        self._file.close()
