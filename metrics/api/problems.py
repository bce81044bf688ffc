"""Errors as problem details (RFC 9457): `application/problem+json`, every fault with its field.

Example of a body::

    {"type": "urn:problem:invalid-parameters", "title": "Bad Request", "status": 400,
     "detail": "…", "errors": [{"field": "units", "code": "invalid_choice", "detail": "…",
                                "allowed": ["lin", "chg"]}]}
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

INVALID_PARAMETERS = "urn:problem:invalid-parameters"
# Registered by draft-ietf-httpapi-ratelimit-headers.
QUOTA_EXCEEDED = "https://iana.org/assignments/http-problem-types#quota-exceeded"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request; `allowed` lists what would be right, where it is a list."""

    field: str | None
    code: str
    detail: str
    allowed: tuple[str, ...] | None = None


class ParameterError(APIException):
    """400: parameters that are unknown, malformed or out of bounds."""

    status_code = HTTPStatus.BAD_REQUEST
    default_code = "invalid"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(fault.detail for fault in self.faults))

    @classmethod
    def of(
        cls, field: str, code: str, detail: str, allowed: Sequence[str] | None = None
    ) -> "ParameterError":
        return cls([Fault(field, code, detail, tuple(allowed) if allowed is not None else None)])


class ProblemRenderer(JSONRenderer):
    media_type = "application/problem+json"


def problem(status: HTTPStatus, kind: str, faults: Sequence[Fault]) -> dict[str, Any]:
    """The body: `kind` is the URI of its type."""
    return {
        "type": kind,
        "title": status.phrase,
        "status": int(status),
        "detail": " ".join(fault.detail for fault in faults) or _("The request failed."),
        "errors": [_document(fault) for fault in faults],
    }


class ProblemFormatter(ExceptionFormatter):
    def run(self) -> dict[str, Any]:
        return problem(HTTPStatus(self.exc.status_code), self._type(), self._faults())

    def _type(self) -> str:
        if isinstance(self.exc, ParameterError):
            return INVALID_PARAMETERS
        is_too_many = self.exc.status_code == HTTPStatus.TOO_MANY_REQUESTS
        return QUOTA_EXCEEDED if is_too_many else "about:blank"

    def _faults(self) -> list[Fault]:
        if isinstance(self.exc, ParameterError):
            return list(self.exc.faults)
        return [Fault(error.attr, error.code, error.detail) for error in self.get_errors()]


class ProblemHandler(ExceptionHandler):
    """Answers problem JSON whatever format was asked for: a client sees it by the status."""

    def get_response(self, exc: APIException, data: dict[str, Any]) -> Response:
        request = self.context["request"]
        if request is not None:
            request.accepted_renderer = ProblemRenderer()
            request.accepted_media_type = ProblemRenderer.media_type
        return super().get_response(exc, data)

    def report_exception(self, exc: APIException, response: Response) -> None:
        """An answer that says to come back later is no failure of ours."""
        if response.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
            super().report_exception(exc, response)


def _document(fault: Fault) -> dict[str, Any]:
    document = asdict(fault)
    if fault.allowed is None:
        del document["allowed"]
    return document
