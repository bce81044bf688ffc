"""The query parameters of observations."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from metrics.api.problems import ParameterError
from metrics.selectors.observation_page import AskedSeries, asked_series
from metrics.selectors.transformed import UNITS_CODES, allowed_transforms

DEFAULT_LIMIT, MAX_LIMIT = 1_000, 10_000
MAX_SERIES = 100


class ObservationParameters(serializers.Serializer[Any]):
    """Of one series; lang, format and the page's parameters come with every list."""

    units = serializers.ChoiceField(
        choices=list(UNITS_CODES),
        default="lin",
        help_text="A transform, by FRED's code; which suit a series depends on its nature.",
    )
    observation_start = serializers.DateField(
        required=False,
        input_formats=["iso-8601"],
        help_text="Only periods that end on or after this day; undated ones are left out.",
    )
    observation_end = serializers.DateField(
        required=False,
        input_formats=["iso-8601"],
        help_text="Only periods that start on or before this day; undated ones are left out.",
    )
    sort_order = serializers.ChoiceField(
        choices=["asc", "desc"], default="asc", help_text="Order of the periods within a series."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        start, end = attrs.get("observation_start"), attrs.get("observation_end")
        if start and end and end < start:
            raise serializers.ValidationError(
                {"observation_end": _("Expected a day on or after observation_start.")},
                code="range_empty",
            )
        return attrs


class ManySeriesParameters(ObservationParameters):
    """Of many series at once."""

    series = serializers.CharField(
        help_text=f"Up to {MAX_SERIES} series keys, separated by commas."
    )


def named_series(text: str) -> list[AskedSeries]:
    """The series of a comma-separated list of keys; raises ParameterError. One query."""
    keys = list(dict.fromkeys(key.strip() for key in text.split(",") if key.strip()))
    if not 1 <= len(keys) <= MAX_SERIES:
        detail = _("Expected 1 to %d series keys, separated by commas.") % MAX_SERIES
        raise ParameterError.of("series", "out_of_range", detail)
    found = asked_series(keys)
    unknown = [key for key in keys if key not in found]
    if unknown:
        detail = _("No such series: %s.") % ", ".join(unknown)
        raise ParameterError.of("series", "unknown_series", detail)
    return list(found.values())


def refuse_unsuitable(code: str, asked: list[AskedSeries]) -> None:
    """Raise ParameterError where the nature of a series refuses the transform."""
    allowed = allowed_transforms({series.nature for series in asked})
    if code in allowed:
        return
    refusing = sorted(one.key for one in asked if code not in allowed_transforms([one.nature]))
    natures = sorted({one.nature for one in asked if one.key in refusing})
    detail = _("The transform “%(code)s” does not suit %(series)s (%(natures)s).") % {
        "code": code,
        "series": ", ".join(refusing),
        "natures": ", ".join(natures),
    }
    raise ParameterError.of("units", "unsuitable_transform", detail, allowed)
