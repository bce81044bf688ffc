"""How a page is asked for a computed value: by the parameters that the API has for it."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from cases.views.asked import asked_once
from cases.views.errors import ParameterError
from metrics.models import Series
from metrics.selectors.question import UNITS_CODES, Question
from metrics.selectors.question_checks import (
    ARGUMENTS,
    MAX_WINDOW,
    QuestionError,
    check_arguments,
)
from metrics.stats.aggregation import Aggregation
from metrics.stats.periods import Period, PeriodError

CHOICES = {
    "units": UNITS_CODES,
    "frequency": tuple(Series.Frequency.values),
    "aggregation_method": tuple(Aggregation),
}
PERIODS = ("index_base", "span_start")
QUESTION_PARAMETERS = (*CHOICES, *PERIODS, "window")


def asked_question(request: HttpRequest, *, is_form: bool = False) -> Question:
    """The question of the address; an empty aggregation is the usual one.

    A form sends all of its fields: of `is_form` those that do not go with the chosen transform are
    left out, and those it lacks are completed later. Raises ParameterError. Whether it suits the
    series is seen later: see `parameter_error`.
    """
    given = {name: text for name in QUESTION_PARAMETERS if (text := asked_once(request, name))}
    if is_form:
        given = _fitting(given)
    else:
        _check(request, given)
    for name, allowed in CHOICES.items():
        if given.get(name, allowed[0]) not in allowed:
            expected = _("Expected one of %s.") % ", ".join(allowed)
            raise ParameterError(name, given[name], expected=expected)
    return Question(
        units=given.get("units", "lin"),
        frequency=given.get("frequency"),
        aggregation=given.get("aggregation_method", ""),
        index_base=_period("index_base", given),
        span_start=_period("span_start", given),
        window=_window(given),
    )


def parameter_error(error: QuestionError, request: HttpRequest) -> ParameterError:
    """What does not suit, as the page of a wrong address tells it."""
    expected = error.detail
    if error.allowed:
        expected += " " + _("Expected one of %s.") % ", ".join(error.allowed)
    return ParameterError(error.field, request.GET.get(error.field, ""), expected=expected)


def asked_period(request: HttpRequest, name: str, *, is_regular: bool = True) -> Period | None:
    """One period of the address, of a frequency or of any kind. Raises ParameterError."""
    expected = _("Expected one period, such as 2018, 2018-Q4 or 2018-12.")
    text = asked_once(request, name, expected=expected)
    try:
        period = Period.parse(text) if text else None
    except PeriodError:
        raise ParameterError(name, text, expected=expected) from None
    if period and is_regular and not period.is_regular:
        raise ParameterError(name, text, expected=expected)
    return period


def asked_range(request: HttpRequest) -> tuple[Period | None, Period | None]:
    """The periods of "from" and "to", in order. Raises ParameterError."""
    first, last = asked_period(request, "from"), asked_period(request, "to")
    if first and last and first.start and last.end and first.start > last.end:
        expected = _("Expected a period that does not end before the one of “from”.")
        raise ParameterError("to", last.code, expected=expected)
    return first, last


def _check(request: HttpRequest, given: dict[str, str]) -> None:
    try:
        check_arguments(given.get("units", "lin"), given)
    except QuestionError as error:
        raise parameter_error(error, request) from None


def _fitting(given: dict[str, str]) -> dict[str, str]:
    """Without arguments of other transforms, and without a method where nothing is aggregated."""
    own, _is_required = ARGUMENTS.get(given.get("units", "lin"), ("", False))
    others = {name for name, _is_required in ARGUMENTS.values()} - {own}
    if "frequency" not in given:
        others.add("aggregation_method")
    return {name: text for name, text in given.items() if name not in others}


def _period(name: str, given: dict[str, str]) -> Period | None:
    try:
        return Period.parse(given[name]) if name in given else None
    except PeriodError:
        expected = _("Expected one period, such as 2018, 2018-Q4 or 2018-12.")
        raise ParameterError(name, given[name], expected=expected) from None


def _window(given: dict[str, str]) -> int | None:
    text = given.get("window")
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MAX_WINDOW:
        return int(text)
    expected = _("Expected a whole number from 1 to %d.") % MAX_WINDOW
    raise ParameterError("window", text, expected=expected)
