"""A password is half a log-in: until the code is shown, the session is nobody's."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from fintechsite.staff.selectors import needs_second_factor


class HalfLoggedIn:
    """After OTPMiddleware: every door (admin, previews, API) sees an anonymous user instead.

    Who it is stays in `request.half_logged_in`, for the pages that ask for the code. Nothing is
    looked up for requests that ask nobody who they are.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(partial(_whole, request, request.user))  # type: ignore[assignment]
        return self.get_response(request)


def _whole(request: Any, user: Any) -> Any:
    if not needs_second_factor(user):
        return user
    request.half_logged_in = user
    nobody: Any = AnonymousUser()
    nobody.otp_device, nobody.is_verified = None, lambda: False
    return nobody


def half_logged_in(request: Any) -> Any | None:
    """Who gave the password and still owes the code."""
    if request.user.is_authenticated:
        return None
    return getattr(request, "half_logged_in", None)
