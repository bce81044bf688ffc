"""Error pages, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import translate_url
from django.utils.translation import (
    get_language,
    get_language_from_request,
    gettext,
    override,
)
from django.views.decorators.csrf import csrf_exempt

from cases.selectors.addresses import language_tag


class ParameterError(ValueError):
    """A parameter of the address cannot be read; says what is allowed, by a list or in words."""

    def __init__(
        self,
        parameter: str,
        value: str,
        allowed: Iterable[tuple[str, str]] = (),
        *,
        expected: str = "",
    ) -> None:
        super().__init__(parameter)
        self.parameter = parameter
        self.value = value
        self.allowed = tuple(allowed)
        self.expected = expected


class ElsewhereError(Exception):
    """The page asked for has another address, which says in full what is shown."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


@dataclass(frozen=True, slots=True)
class Pointer:
    """A page in another language."""

    language: str
    name: str
    path: str

    @property
    def tag(self) -> str:
        """The language as HTML writes it."""
        return language_tag(self.language)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, saying what is allowed where a parameter is at fault."""
    return _error_page(request, 400, {"error": exception} if exception else {})


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error_page(request, 403, {})


def not_found(
    request: HttpRequest, exception: Exception | None = None, *, languages: Iterable[str] = ()
) -> HttpResponse:
    """404, pointing to the languages that have the page."""
    return _error_page(request, 404, {"pointers": _pointers(request, languages)})


def not_then(
    request: HttpRequest, then: str, seq: int, *, languages: Iterable[str], now: Iterable[str]
) -> HttpResponse:
    """404 of a page as of a seq, in words `then`: who had it then and who has it now."""
    had_it = _pointers(request, languages, f"?as_of={seq}")
    context = {"then": then, "had_it": had_it, "pointers": _pointers(request, now)}
    return _error_page(request, 404, context)


def _pointers(request: HttpRequest, languages: Iterable[str], query: str = "") -> list[Pointer]:
    names = dict(settings.LANGUAGES)
    return [
        Pointer(code, names[code], f"{translate_url(request.path, code)}{query}")
        for code in languages
    ]


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without a query: the database may be what failed."""
    return _error_page(request, 500, {})


def unavailable(
    request: HttpRequest, reason: str, *, retry_after: int | None = None
) -> HttpResponse:
    """503: this server lacks what the answer takes, for so many seconds where it is a matter of
    time; the reason in the reader's language."""
    response = _error_page(request, 503, {"reason": reason})
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


@csrf_exempt
def unknown_address(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """The last address of each language: whatever no other one matched."""
    return not_found(request)


def _error_page(request: HttpRequest, status: int, context: dict[str, Any]) -> HttpResponse:
    with override(get_language_from_request(request, check_path=True)):
        context |= {"status": status, "title": _titles()[status], "is_error": True}
        context["other_language"] = _other_language(request)
        html = render_to_string("errors/error.html", context, request)
    response = HttpResponse(html, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _other_language(request: HttpRequest) -> Pointer | None:
    """The same address in the other language, for addresses that have one."""
    names = dict(settings.LANGUAGES)
    current = get_language()
    if not request.path.startswith(f"/{current}/"):
        return None
    other = next(code for code in names if code != current)
    return Pointer(other, names[other], f"/{other}/{request.path.split('/', 2)[2]}")


def _titles() -> dict[int, str]:
    return {
        400: gettext("This address has a part we cannot read"),
        403: gettext("You may not open this page"),
        404: gettext("There is no page at this address"),
        500: gettext("Something went wrong on our side"),
        503: gettext("This server cannot make it"),
    }
