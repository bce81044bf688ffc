"""The two answers that belong to the site itself, not to an app."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request
from django.views.decorators.cache import never_cache

from cases.only_read import only_read


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
