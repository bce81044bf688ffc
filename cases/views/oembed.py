"""The oEmbed provider (oembed.com): what another site shows for an address of ours."""

import copy
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import SplitResult, urlsplit
from xml.etree import ElementTree as ET

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _
from django.utils.translation import override

from cases.only_read import only_read
from cases.selectors.addresses import card_url, own_address, page_url
from cases.selectors.texts import NotPublishedError
from cases.views.asked import asked_number, asked_once, refuse_others
from cases.views.embed_code import embed_code
from cases.views.embeds import (
    SERIES_PARAMETERS,
    TEXT_PARAMETERS,
    Frame,
    asked_theme,
    series_frame,
    text_frame,
)
from cases.views.errors import ParameterError
from cases.views.moments import asked_moment
from cases.views.pages import cache_publicly
from metrics.charts.card import HEIGHT, WIDTH
from metrics.charts.svg import writable
from metrics.selectors.moment import consistent_read

PARAMETERS = ("url", "format", "maxwidth", "maxheight")
FORMATS = ("json", "xml")
USUAL_WIDTH, CACHE_SECONDS = 640, 3600
LONGEST_URL = 2000
# Pages that stand for themselves, and frames, which may be asked for more.
KINDS = ("case", "technology", "overview")
PAGES = frozenset(f"cases:{name}" for name in (*KINDS, "series"))
FRAMES = frozenset(
    f"cases:{kind}{of}-embed" for kind in (*KINDS, "series") for of in ("", "-chart")
)


@only_read
def oembed(request: HttpRequest) -> HttpResponse:
    """A frame for the address of a case, a technology, the overview, a series or a frame.

    400 for parameters that cannot be read, 404 for any other address and for what is not
    published, 501 for another format; each says why in plain text.
    """
    try:
        refuse_others(request, PARAMETERS)
        form = asked_once(request, "format") or "json"
        if form not in FORMATS:
            return _refusal(501, _("This provider answers as %s.") % ", ".join(FORMATS))
        room = [_most(request, name) for name in ("maxwidth", "maxheight")]
        address = _address(request)
        answer = _answer(request, address, *room)
    except ParameterError as error:
        return _refusal(400, f"{error.parameter}: {error.expected}")
    except (Http404, NotPublishedError):
        # LocaleMiddleware would redirect to a reader page of this name below a language.
        request.urlconf = "metrics.api.urls"
        return _refusal(404, _("There is nothing to embed at this address."))
    return _written(answer, form, address.path.split("/")[1])


def _refusal(status: int, reason: str) -> HttpResponse:
    return HttpResponse(f"{reason}\n", status=status, content_type="text/plain; charset=utf-8")


def _most(request: HttpRequest, name: str) -> int | None:
    return asked_number(request, name, _("Expected a whole number of pixels from 1."))


def _address(request: HttpRequest) -> SplitResult:
    """The address asked about, one of this site. Raises ParameterError and Http404."""
    expected = _("Expected the address of a page of this site.")
    text = asked_once(request, "url", expected=expected)
    if not text or len(text) > LONGEST_URL:
        raise ParameterError("url", text, expected=expected)
    try:
        found = urlsplit(text)
    except ValueError:
        raise ParameterError("url", text, expected=expected) from None
    hosts = {urlsplit(own_address("")).netloc, request.get_host()}
    is_ours = found.scheme in ("http", "https") and found.netloc in hosts
    if not is_ours and not (text.startswith("/") and not found.netloc):
        raise Http404
    return found


def _answer(
    request: HttpRequest, address: SplitResult, width: int | None, height: int | None
) -> dict[str, Any]:
    language = address.path.split("/")[1] if address.path.startswith("/") else ""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with override(language):
        match = _match(address.path)
        asked = _asked(request, match, address.query)
        with consistent_read():
            frame = _frame(asked, match)
        path, query = _embed_path(match, language), asked.GET.urlencode()
        card = card_url(language, *_shown(match))
        path = f"{path}?{query}" if query else path
        return _rich(path, frame, card, (width, height))


def _match(path: str) -> ResolverMatch:
    try:
        match = resolve(path)
    except Resolver404:
        raise Http404 from None
    if match.view_name not in PAGES | FRAMES:
        raise Http404
    return match


def _asked(request: HttpRequest, match: ResolverMatch, query: str) -> HttpRequest:
    """The request for the frame of an address; of a page's own parameters the frame takes some."""
    known = SERIES_PARAMETERS if "key" in match.kwargs else TEXT_PARAMETERS
    asked = copy.copy(request)
    given = QueryDict(query, mutable=True)
    if match.view_name in PAGES:
        for name in set(given) - set(known):
            del given[name]
    asked.GET = given  # type: ignore[assignment]  # typed as the immutable one
    try:
        refuse_others(asked, known)
        asked_theme(asked)
    except ParameterError:
        raise Http404 from None
    return asked


def _frame(asked: HttpRequest, match: ResolverMatch) -> Frame:
    try:
        moment = asked_moment(asked)
        if "key" in match.kwargs:
            return series_frame(asked, match.kwargs["key"], moment)
        slug, kind = _text_of(match)
        return text_frame(slug, kind, match.kwargs.get("name", ""), moment)
    except ParameterError:
        raise Http404 from None


def _text_of(match: ResolverMatch) -> tuple[str, str]:
    """Slug and kind of the text that an address is about."""
    kind = match.view_name.removeprefix("cases:").partition("-")[0]
    return match.kwargs.get("slug", "overview"), kind


def _shown(match: ResolverMatch) -> tuple[str, str]:
    """Kind and key of what an address is about: a text or a series."""
    if "key" in match.kwargs:
        return "series", match.kwargs["key"]
    slug, kind = _text_of(match)
    return kind, slug


def _embed_path(match: ResolverMatch, language: str) -> str:
    if "key" in match.kwargs:
        return page_url(language, "series-chart-embed", match.kwargs["key"])
    slug, kind = _text_of(match)
    name = match.kwargs.get("name", "")
    args = [part for part in ("" if kind == "overview" else slug, name) if part]
    return page_url(language, f"{kind}-chart-embed" if name else f"{kind}-embed", *args)


def _rich(
    path: str,
    frame: Frame,
    card: str,
    most: tuple[int | None, int | None],
) -> dict[str, Any]:
    """The answer, no larger than the consumer has room for."""
    title = frame.title
    width = min(USUAL_WIDTH, most[0] or USUAL_WIDTH)
    height = min(frame.height, most[1] or frame.height)
    answer: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": _("Fintech Cases"),
        "provider_url": own_address("/"),
        "cache_age": CACHE_SECONDS,
        "width": width,
        "height": height,
        "html": embed_code(own_address(path), title, width=str(width), height=height),
    }
    if (most[0] or WIDTH) >= WIDTH and (most[1] or HEIGHT) >= HEIGHT:
        answer |= {
            "thumbnail_url": own_address(card),
            "thumbnail_width": WIDTH,
            "thumbnail_height": HEIGHT,
        }
    return answer


def _written(answer: dict[str, Any], form: str, language: str) -> HttpResponse:
    if form == "json":
        response = HttpResponse(
            json.dumps(answer, ensure_ascii=False), content_type="application/json"
        )
    else:
        response = HttpResponse(_xml(answer.items()), content_type="text/xml; charset=utf-8")
    response["Content-Language"] = language
    # For consumers that ask from a page of theirs; there is nothing private in an answer.
    response["Access-Control-Allow-Origin"] = "*"
    cache_publicly(response)
    return response


def _xml(pairs: Iterable[tuple[str, Any]]) -> bytes:
    root = ET.Element("oembed")
    for name, value in pairs:
        ET.SubElement(root, name).text = writable(str(value))
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
