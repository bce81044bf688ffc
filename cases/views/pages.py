"""What every reader page shares: one moment, two languages, snapshots, error pages."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import (
    get_language,
    get_language_from_request,
    gettext,
    override,
)

from cases.only_read import only_read
from cases.selectors.addresses import own_address
from cases.selectors.kept import Served, find_snapshot
from cases.selectors.texts import NotPublishedError
from cases.services.snapshots import page_etag, single_flight, store_snapshot
from cases.views.errors import (
    ElsewhereError,
    ParameterError,
    bad_request,
    not_found,
    not_then,
)
from cases.views.frame import frame
from cases.views.moments import Moment, NotThenError
from metrics.selectors.moment import consistent_read

LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Page:
    """A page to render: template and context, what it depends on, the languages that have it.

    `keep` asks for the snapshot to be kept when it is superseded. A page of the past has its
    `moment`, and may have no present page. `keeps_query`: the page in the other language takes the
    same parameters.
    """

    template: str
    context: dict[str, Any]
    depends_on: Iterable[str] = ()
    keep: bool = False
    languages: tuple[str, ...] = LANGUAGES
    moment: Moment | None = None
    has_present: bool = True
    keeps_query: bool = True

    def full_context(self, request: HttpRequest) -> dict[str, Any]:
        """With what the base template needs."""
        framed = frame(request, self.languages, has_present=self.has_present)
        query = framed["query"] if self.keeps_query else ""
        card = self.context.get("card") or own_address(reverse("cases:card"))
        return self.context | framed | {"card": card} | {"moment": self.moment, "query": query}


Builder = Callable[..., Page]


def reader_page(
    *, snapshot: bool = False, dated: bool = False
) -> Callable[[Builder], Callable[..., HttpResponseBase]]:
    """A view from a function that builds a Page inside one consistent read.

    With `snapshot` the anonymous page without parameters is served from its snapshot where there
    is one, and kept as one where there is none. Only a `dated` page takes `as_of`, and is then
    rendered for each reader; the others show what stands now, and say so rather than let it pass
    for the past.
    """

    def decorate(build: Builder) -> Callable[..., HttpResponseBase]:
        @only_read
        @wraps(build)
        def view(request: HttpRequest, **kwargs: str) -> HttpResponseBase:
            if "as_of" in request.GET and not dated:
                return bad_request(request, _undated(request))
            if snapshot and not request.GET and not _is_staff(request):
                return _through_snapshot(request, build, kwargs)
            return _live(request, build, kwargs)[0]

        return view

    return decorate


def _undated(request: HttpRequest) -> ParameterError:
    with override(get_language_from_request(request, check_path=True)):
        expected = gettext("This page shows what stands now and takes no as_of.")
    return ParameterError("as_of", ", ".join(request.GET.getlist("as_of")), expected=expected)


def language() -> str:
    """The language of the page that is being built."""
    return get_language() or settings.LANGUAGE_CODE


def _is_staff(request: HttpRequest) -> bool:
    """Whether a member of staff reads; the session is looked at only where a cookie names one."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return bool(request.user.is_staff)


def _through_snapshot(request: HttpRequest, build: Builder, kwargs: dict[str, str]) -> HttpResponse:
    served = _find(request)
    if served is not None:
        return answer_kept(request, served)
    with single_flight(request.path):
        served = _find(request)
        if served is not None:
            return answer_kept(request, served)
        response, page, seq = _live(request, build, kwargs)
        if page is not None:
            html = response.content
            etag = page_etag(html)
            store_snapshot(
                request.path, html, etag, seq=seq, depends_on=page.depends_on, keep=page.keep
            )
            response["ETag"] = f'W/"{etag}"'
            cache_publicly(response)
        return response


def _find(request: HttpRequest) -> Served | None:
    return find_snapshot(
        request.path, gzipped=accepts_gzip(request), known_etags=known_etags_of(request)
    )


def known_etags_of(request: HttpRequest) -> list[str]:
    """The entity tags that a reader has, without marks and quotes."""
    tags = parse_etags(request.headers.get("If-None-Match", ""))
    return [tag.removeprefix("W/").strip('"') for tag in tags]


def may_be_kept(request: HttpRequest) -> bool:
    """Whether a kept page could answer: a plain address, asked for by nobody in particular."""
    meta = request.META
    return (
        request.method in ("GET", "HEAD")
        and not meta.get("QUERY_STRING")
        and settings.SESSION_COOKIE_NAME not in meta.get("HTTP_COOKIE", "")
    )


@lru_cache(maxsize=256)
def _takes_gzip(accepted: str) -> bool:
    for item in accepted.split(","):
        name, _, quality = item.partition(";")
        if name.strip() in ("gzip", "*"):
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def accepts_gzip(request: HttpRequest) -> bool:
    return _takes_gzip(request.META.get("HTTP_ACCEPT_ENCODING", ""))


def answer_kept(
    request: HttpRequest, served: Served, headers: dict[str, str] | None = None
) -> HttpResponse:
    """A snapshot as an answer, with `headers` that its address got before; marked as kept."""
    if served.body is None:
        response = HttpResponse(status=304, headers=headers)
        del response["Content-Type"]
    else:
        response = HttpResponse(served.body, headers=headers)
        if accepts_gzip(request):
            response["Content-Encoding"] = "gzip"
    # Weak, because the packed and the plain page share it.
    response["ETag"] = f'W/"{served.etag}"'
    response["Content-Length"] = str(len(response.content))
    if headers is None:
        cache_publicly(response)
        response.is_kept = True  # type: ignore[attr-defined]
    return response


def cache_publicly(response: HttpResponse) -> None:
    """Let whoever stands between keep an answer for a moment."""
    response["Cache-Control"] = "public, s-maxage=5"
    patch_vary_headers(response, ["Accept-Encoding"])


def _live(
    request: HttpRequest, build: Builder, kwargs: dict[str, str]
) -> tuple[HttpResponse, Page | None, int]:
    """The page rendered now, at the seq returned; an error page comes without a Page."""
    try:
        with consistent_read() as seq:
            page = build(request, **kwargs)
            html = render_to_string(page.template, page.full_context(request), request)
    except ParameterError as error:
        return bad_request(request, error), None, 0
    except NotPublishedError as error:
        return not_found(request, languages=error.languages), None, 0
    except NotThenError as error:
        return _not_then(request, error), None, 0
    except Http404:
        return not_found(request), None, 0
    except ElsewhereError as error:
        return HttpResponseRedirect(error.url), None, 0
    return HttpResponse(html), page, seq


def live_page(request: HttpRequest, build: Builder, **kwargs: str) -> HttpResponse:
    """The present page for one reader: neither taken from a snapshot nor kept as one."""
    if "as_of" in request.GET:
        return bad_request(request, _undated(request))
    return _live(request, build, kwargs)[0]


def _not_then(request: HttpRequest, error: NotThenError) -> HttpResponse:
    moment = error.moment
    return not_then(request, moment.words, moment.seq, languages=error.languages, now=error.now)
