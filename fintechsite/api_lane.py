"""Requests to the API take only the middleware that has a part in them.

Nobody logs in there: sessions, users, tokens of forms, messages and history have nothing to do,
and cost as much as a small answer. The explorer is a page, and takes the whole stack.
"""

from collections.abc import Callable
from typing import Any, Final

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string

from metrics.api.cors import PREFIX

PAGES: Final = f"{PREFIX}docs"
POLICY: Final = "Content-Security-Policy"
TAKES_PART: Final = frozenset(
    {
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "django_structlog.middlewares.RequestMiddleware",
    }
)

Answerer = Callable[[HttpRequest], HttpResponseBase]


class ApiLane:
    """Where the API leaves the stack that pages take."""

    def __init__(self, get_response: Answerer) -> None:
        self.get_response = get_response
        self._answer = _Lane().answerer()
        # One for every answer: to put it together each time takes longer than any other layer.
        plain: Any = CSPMiddleware(_nothing)(HttpRequest())
        self._policy = plain[POLICY]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not path.startswith(PREFIX) or path.startswith(PAGES):
            return self.get_response(request)
        answer = self._answer(request)
        answer[POLICY] = self._policy
        return answer


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class _Lane(BaseHandler):
    """Finds and calls views as Django does, within fewer layers, in the order of the settings."""

    def answerer(self) -> Answerer:
        handler: Any = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        for path in reversed([one for one in settings.MIDDLEWARE if one in TAKES_PART]):
            layer = import_string(path)(handler)
            if hasattr(layer, "process_view"):
                self._view_middleware.insert(0, layer.process_view)
            if hasattr(layer, "process_template_response"):
                self._template_response_middleware.append(layer.process_template_response)
            if hasattr(layer, "process_exception"):
                self._exception_middleware.append(layer.process_exception)
            handler = convert_exception_to_response(layer)
        return handler
