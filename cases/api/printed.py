"""The figures of a request to verify, read from its body."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from metrics.api.asked_moments import MomentField, asked_seq
from metrics.api.problems import Fault, ParameterError
from metrics.api.value_parameters import AnyPeriodField
from metrics.selectors.observation_page import AskedSeries
from metrics.selectors.printed_claims import Printed
from metrics.stats.matching import LONGEST, printed_number

MOST_FIGURES: Final = 500
MOST_BYTES: Final = 200_000
MOST_MOMENTS: Final = 10
MOST_FAULTS: Final = 20


class FigureSerializer(serializers.Serializer[Any]):
    """One figure as printed."""

    series = serializers.CharField(max_length=170)
    period = AnyPeriodField()
    value = serializers.CharField(max_length=LONGEST)
    as_of = MomentField(required=False)

    def validate_value(self, text: str) -> Decimal:
        try:
            return printed_number(text)
        except ValueError:
            detail = _("Expected a number such as 829000000 or -8.29.")
            raise serializers.ValidationError(detail, code="not_a_number") from None

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, dict) else []
        if unknown:
            detail = _("Unknown field “%s”.") % unknown[0]
            raise serializers.ValidationError({unknown[0]: [detail]}, code="unknown_field")
        return super().to_internal_value(data)


def given_figures(request: Request) -> list[dict[str, Any]]:
    """The figures as they were sent, each checked by itself; raises ParameterError."""
    _check_length(request)
    data = _parsed(request)
    if not isinstance(data, list) or not 1 <= len(data) <= MOST_FIGURES:
        detail = _("Expected a list of 1 to %d figures.") % MOST_FIGURES
        raise ParameterError.of("body", "not_a_list", detail)
    given, faults = [], list[Fault]()
    for number, raw in enumerate(data):
        serializer = FigureSerializer(data=raw)
        if serializer.is_valid():
            given.append({**serializer.validated_data, "raw": raw})
        else:
            faults += _faults(number, serializer.errors)
    if faults:
        raise ParameterError(faults[:MOST_FAULTS])
    return given


def _check_length(request: Request) -> None:
    """What comes in chunks does not say how long it is, and reaches no WSGI application."""
    length = request.META.get("CONTENT_LENGTH")
    if not length and "HTTP_TRANSFER_ENCODING" in request.META:
        detail = _("Expected the header Content-Length: send the list as a whole.")
        raise ParameterError.of("body", "length_required", detail)
    if int(length or 0) > MOST_BYTES:
        detail = _("Expected at most %d bytes.") % MOST_BYTES
        raise ParameterError.of("body", "too_long", detail)


def _parsed(request: Request) -> Any:
    """The body; a number keeps the digits that it was sent with."""
    if request.content_type.partition(";")[0].strip().lower() != "application/json":
        detail = _("Expected application/json.")
        raise ParameterError.of("body", "not_json", detail)
    try:
        return json.loads(request._request.body, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        raise ParameterError.of("body", "not_json", _("Expected JSON.")) from None


def _faults(number: int, errors: Any) -> list[Fault]:
    if not isinstance(errors, dict):
        errors = {"": errors}
    return [
        Fault(f"{number}.{name}" if name != "non_field_errors" else str(number), one.code, str(one))
        for name, found in errors.items()
        for one in found
    ]


def printed_figures(
    given: Sequence[dict[str, Any]], known: dict[str, AskedSeries]
) -> list[Printed]:
    """Raises ParameterError for series that are not known and for too many moments."""
    faults = [
        Fault(f"{number}.series", "unknown_series", _("No such series: %s.") % one["series"])
        for number, one in enumerate(given)
        if one["series"] not in known
    ]
    moments = {one["as_of"] for one in given if "as_of" in one}
    if len(moments) > MOST_MOMENTS:
        detail = _("Expected at most %d different moments.") % MOST_MOMENTS
        faults.append(Fault("as_of", "too_many_moments", detail))
    if faults:
        raise ParameterError(faults[:MOST_FAULTS])
    seqs = _asked_seqs(given)
    return [
        Printed(known[one["series"]], one["period"], one["value"], seqs.get(one.get("as_of")))
        for one in given
    ]


def _asked_seqs(given: Sequence[dict[str, Any]]) -> dict[Any, int | None]:
    """What each moment means. Raises ParameterError by the figures of a moment that is not past."""
    numbers: dict[Any, list[int]] = defaultdict(list)
    for number, one in enumerate(given):
        if "as_of" in one:
            numbers[one["as_of"]].append(number)
    seqs, faults = {}, list[Fault]()
    for moment, asking in numbers.items():
        try:
            seqs[moment] = asked_seq({"as_of": moment})
        except ParameterError as error:
            told = error.faults[0]
            faults += [replace(told, field=f"{number}.as_of") for number in asking]
    if faults:
        raise ParameterError(faults[:MOST_FAULTS])
    return seqs
