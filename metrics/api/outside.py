"""Errors that no view of the API answered: something broke on the way to it or from it."""

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import override
from rest_framework.renderers import JSONRenderer

from metrics.api.admission import door
from metrics.api.parameters import LANGUAGES
from metrics.api.problems import Fault, ProblemRenderer, problem

_CODES: Final = {HTTPStatus.BAD_REQUEST: "bad_request", HTTPStatus.FORBIDDEN: "permission_denied"}


def problem_outside(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    """Problem details, with what the door said where it was asked already. No query."""
    language = request.GET.get("lang")
    with override(language if language in LANGUAGES else "en"):
        is_ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        detail = _("Something went wrong on our side") if is_ours else _("The request failed.")
        fault = Fault(None, _CODES.get(status, "error"), detail)
        body = JSONRenderer().render(problem(status, "about:blank", [fault]))
    standing = door()
    answer = HttpResponse(body, status=status, content_type=ProblemRenderer.media_type)
    for name, text in (standing.told(request) if standing else {}).items():
        answer[name] = text
    answer["Content-Language"] = language if language in LANGUAGES else ", ".join(LANGUAGES)
    patch_vary_headers(answer, ["Accept", *(["Authorization"] if standing else [])])
    return answer
