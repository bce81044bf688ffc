"""The headers of answers in OpenAPI: each described once, and named by the answers that have it."""

from collections.abc import Iterator
from typing import Any, Final

_TEXT: Final = {"type": "string"}
_NUMBER: Final = {"type": "integer", "minimum": 0}
HEADERS: Final[dict[str, dict[str, Any]]] = {
    "ETag": {
        "description": "Of the change and the representation: send it as If-None-Match.",
        "schema": _TEXT,
    },
    "Cache-Control": {"description": "Private with a key.", "schema": _TEXT},
    "Vary": {"description": "What chose this answer besides its address.", "schema": _TEXT},
    "Content-Language": {"description": "The languages of labels and texts.", "schema": _TEXT},
    "Link": {"description": "Of tables, the further pages: next and prev.", "schema": _TEXT},
    "Content-Disposition": {"description": "A name for the file.", "schema": _TEXT},
    "RateLimit-Policy": {
        "description": "The quota (q) and its window in seconds (w).",
        "schema": _TEXT,
    },
    "RateLimit": {
        "description": "What remains (r), and seconds to the next window (t).",
        "schema": _TEXT,
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": _NUMBER},
    "WWW-Authenticate": {"description": "How to send a key.", "schema": _TEXT},
    "Accept-Ranges": {"description": "bytes", "schema": _TEXT},
    "Content-Range": {"description": "Which bytes, of how many.", "schema": _TEXT},
    "Repr-Digest": {"description": "The SHA-256 of the whole file.", "schema": _TEXT},
    "Last-Modified": {"description": "When the change of the file was published.", "schema": _TEXT},
}
_EVERYWHERE: Final = ("Vary", "RateLimit-Policy", "RateLimit")
_OF_STATUS: Final = {
    "200": ("Cache-Control", "Content-Language"),
    "206": ("Cache-Control",),
    "304": ("Cache-Control", "Content-Language"),
    "401": ("WWW-Authenticate",),
    "403": ("WWW-Authenticate",),
    "416": ("Content-Range",),
    "429": ("Retry-After",),
    "503": ("Retry-After",),
}
_OF_FILES: Final = ("Accept-Ranges", "Content-Disposition", "Repr-Digest", "Last-Modified")


def add_headers(result: dict[str, Any], **_given: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: every answer names the headers that it comes with."""
    result["components"]["headers"] = HEADERS
    for path, operations in result["paths"].items():
        for operation in operations.values():
            has_tag = "304" in operation["responses"]
            for status, answer in operation["responses"].items():
                names = sorted(_names(path, status, has_tag=has_tag))
                refs = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
                answer["headers"] = refs | answer.get("headers", {})
    return result


def _names(path: str, status: str, *, has_tag: bool) -> Iterator[str]:
    yield from _EVERYWHERE
    yield from _OF_STATUS.get(status, ())
    is_success = status in ("200", "206")
    if has_tag and (is_success or status == "304"):
        yield "ETag"
    if is_success and path.endswith("/observations"):
        yield from ("Link", "Content-Disposition")
    if is_success and path.endswith(".zip"):
        yield from _OF_FILES
    if status == "206":
        yield "Content-Range"
