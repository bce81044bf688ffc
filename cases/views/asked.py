"""Reading the parameters of an address: each once, none that the page does not know."""

from collections.abc import Collection

from django.http import HttpRequest
from django.utils.translation import gettext as _

from cases.views.errors import ParameterError

LONGEST_NUMBER = 9  # digits


def asked_once(request: HttpRequest, name: str, *, expected: str = "") -> str:
    """A parameter that may be given once; "" without it. Raises ParameterError."""
    values = request.GET.getlist(name)
    if len(values) > 1:
        raise ParameterError(name, ", ".join(values), expected=expected or _("Expected it once."))
    return values[0] if values else ""


def asked_number(request: HttpRequest, name: str, expected: str) -> int | None:
    """A whole number from 1; None without it. Raises ParameterError."""
    text = asked_once(request, name, expected=expected)
    if not text:
        return None
    is_number = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    if not is_number or int(text) < 1:
        raise ParameterError(name, text, expected=expected)
    return int(text)


def refuse_others(request: HttpRequest, known: Collection[str]) -> None:
    """Raises ParameterError for a parameter that the page does not know."""
    for name in sorted(set(request.GET) - set(known)):
        given = ", ".join(request.GET.getlist(name))
        if not known:
            raise ParameterError(name, given, expected=_("This page takes no parameters."))
        expected = _("This page takes only %s.") % ", ".join(sorted(known))
        raise ParameterError(name, given, expected=expected)
