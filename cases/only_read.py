"""Views that only read: whatever else is asked of them is not a method of theirs."""

from collections.abc import Callable
from typing import TypeVar

from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def only_read(view: View) -> View:
    """GET and HEAD; a 405 that says so for the rest.

    Exempt from the check of forms, which comes first and would say that the form was forged (403)
    where there is none: a view that changes nothing has nothing to guard.
    """
    return csrf_exempt(require_safe(view))
