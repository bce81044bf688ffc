"""Drawn documents as answers: SVG as it is, PNG by the fonts of this machine."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cases.services.snapshots import single_flight
from cases.views.asked import asked_once
from cases.views.errors import ParameterError, unavailable
from metrics.charts.document import Looks
from metrics.charts.palette import PALETTES
from metrics.raster import MOST_WIDTH, NoFontError, TooLargeError, png_of, raster_faces

LOOKS_PARAMETERS = ("width", "theme")
LEAST_WIDTH, USUAL_WIDTH = 200, {"svg": 908, "png": 1200}
KEPT_SECONDS = 3600

RETRY_AFTER_SECONDS = 2

Draw = Callable[[Looks], str]
# Anybody may ask for any width: drawing takes a core for as long as it lasts.
_places = BoundedSemaphore(settings.PICTURES_AT_ONCE)


class BusyError(RuntimeError):
    """As many pictures are being drawn as may be at once in a process."""


def asked_looks(request: HttpRequest, form: str) -> Looks:
    """How a picture is asked to look, its faces those of readers. Raises ParameterError."""
    themes = tuple(PALETTES)
    theme = asked_once(request, "theme")
    if theme and theme not in themes:
        expected = _("Expected one of %s.") % ", ".join(themes)
        raise ParameterError("theme", theme, expected=expected)
    return Looks(_width(request, form), "dark" if theme == "dark" else "light")


def _width(request: HttpRequest, form: str) -> int:
    expected = _expected_width(MOST_WIDTH)
    text = asked_once(request, "width", expected=expected)
    if not text:
        return USUAL_WIDTH[form]
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_WIDTH))
    if not is_number or not LEAST_WIDTH <= int(text) <= MOST_WIDTH:
        raise ParameterError("width", text, expected=expected)
    return int(text)


def _expected_width(most: int) -> str:
    return _("Expected a whole number of pixels from %(least)d to %(most)d.") % {
        "least": LEAST_WIDTH,
        "most": most,
    }


def svg_answer(looks: Looks, draw: Draw) -> HttpResponse:
    """The document; a policy of its own, because it has its styles in itself and needs no more."""
    response = HttpResponse(draw(looks), content_type="image/svg+xml; charset=utf-8")
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
    )
    return response


def png_answer(request: HttpRequest, looks: Looks, etag: str, draw: Draw) -> HttpResponse:
    """The same document as a picture, drawn once for an entity tag.

    503 with the reason where this machine has no font for Chinese, and for a moment where as many
    pictures are being drawn as may be at once. Raises ParameterError for a width at which so high a
    picture would have too many pixels.
    """
    try:
        sans, serif = raster_faces()
    except NoFontError:
        return unavailable(
            request,
            _(
                "Pictures are drawn with the font Noto Sans CJK, which this server does not have. "
                "The same chart is there as SVG."
            ),
        )
    faces = Looks(looks.width, looks.theme, f"'{sans}'", f"'{serif}'")
    try:
        return HttpResponse(_kept(etag, faces, draw), content_type="image/png")
    except TooLargeError as error:
        expected = _expected_width(error.most)
        raise ParameterError("width", str(looks.width), expected=expected) from None
    except BusyError:
        reason = _("Other pictures are being drawn. Please try again in a moment.")
        return unavailable(request, reason, retry_after=RETRY_AFTER_SECONDS)


def _kept(etag: str, looks: Looks, draw: Draw) -> bytes:
    """Raises BusyError."""
    key = f"png:{etag}"
    found: bytes | None = cache.get(key)
    if found is None:
        with single_flight(key):
            found = cache.get(key)
            if found is None:
                with drawing_place():
                    found = png_of(draw(looks), width=looks.width)
                cache.set(key, found, KEPT_SECONDS)
    return found


@contextmanager
def drawing_place() -> Iterator[None]:
    """One of the places to draw in; nobody waits for one, who would hold a thread. BusyError."""
    if not _places.acquire(blocking=False):
        raise BusyError
    try:
        yield
    finally:
        _places.release()
