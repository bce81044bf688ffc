"""Parameters that name moments and days: `as_of`, `realtime_*`, `vintage_dates`."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from metrics.api.problems import ParameterError
from metrics.models import Change
from metrics.selectors.moment import MomentError, moment_of
from metrics.selectors.question import Realtime

MAX_VINTAGES = 100


@extend_schema_field({"type": "string", "examples": ["2027-03-01", "2027-03-01T08:30:00Z"]})
class MomentField(serializers.CharField):
    """A day (its end in UTC) or an instant with its offset."""

    default_error_messages = {
        "moment": gettext_lazy("Expected 2027-03-01 or 2027-03-01T08:30:00Z.")
    }

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        try:
            return moment_of(text)
        except MomentError:
            self.fail("moment")


@extend_schema_field({"type": "string", "examples": ["2018-04-30,2019-04-20"]})
class DaysField(serializers.CharField):
    """Days, separated by commas."""

    def to_internal_value(self, data: Any) -> Any:
        texts = super().to_internal_value(data).split(",")
        try:
            days = {date.fromisoformat(text.strip()) for text in texts}
        except ValueError:
            days = set()
        if not 1 <= len(days) <= MAX_VINTAGES:
            detail = _("Expected up to %d days such as 2019-04-20, separated by commas.")
            raise serializers.ValidationError(detail % MAX_VINTAGES, code="days")
        return tuple(sorted(days))


def asked_seq(given: dict[str, Any]) -> int | None:
    """The seq that `as_of` means, None without it. Up to two queries; raises ParameterError."""
    instant = given.get("as_of")
    if instant is None:
        return None
    if not Change.objects.is_settled(instant, timezone.now()):
        detail = _("Expected a moment that is past: what is published then may still change.")
        raise ParameterError.of("as_of", "not_past", detail)
    return Change.objects.seq_as_of(instant)


def asked_realtime(given: dict[str, Any]) -> Realtime | None:
    """The real time that is asked for, None where no parameter of it is given."""
    names = ("realtime_start", "realtime_end", "vintage_dates", "output_type")
    if all(given.get(name) is None for name in names):
        return None
    days = given.get("vintage_dates") or ()
    start, end = given.get("realtime_start"), given.get("realtime_end")
    if days and (start or end):
        detail = _("Expected vintage_dates, or realtime_start and realtime_end, not both.")
        raise ParameterError.of("vintage_dates", "conflicting_parameters", detail)
    if start and end and end < start:
        detail = _("Expected a day on or after realtime_start.")
        raise ParameterError.of("realtime_end", "range_empty", detail)
    kind = int(given.get("output_type") or 1)
    return Realtime(start or date.min, end or date.max, days, kind)
