"""Settings, addresses and view of the least that Django does: an answer that never changes."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

SECRET_KEY = "only-for-benchmarks"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = __name__
INSTALLED_APPS: list[str] = []
MIDDLEWARE: list[str] = []


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"constant")


urlpatterns = [path("", answer)]
