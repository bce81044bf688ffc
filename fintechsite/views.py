"""The answers that belong to the site itself, not to an app."""

from http import HTTPStatus

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request
from django.views.decorators.cache import never_cache

from cases.only_read import only_read
from cases.views import errors
from metrics.api.cors import PREFIX
from metrics.api.outside import problem_outside


@only_read
def to_preferred_language(request: HttpRequest) -> HttpResponse:
    """Send the reader to the language the browser asks for, Chinese where it names neither."""
    response = HttpResponseRedirect(f"/{get_language_from_request(request)}/")
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@never_cache
@only_read
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the database answers, 503 otherwise: for proxies and for `make run`."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "database unavailable"}, status=503)
    return JsonResponse({"status": "ok"})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path_info.startswith(PREFIX):
        return problem_outside(request, HTTPStatus.BAD_REQUEST)
    return errors.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path_info.startswith(PREFIX):
        return problem_outside(request, HTTPStatus.FORBIDDEN)
    return errors.permission_denied(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path_info.startswith(PREFIX):
        return problem_outside(request, HTTPStatus.INTERNAL_SERVER_ERROR)
    return errors.server_error(request)
