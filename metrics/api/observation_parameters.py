"""The query parameters of lists of observations."""

from collections.abc import Container, Sequence
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from metrics.api.asked_moments import DaysField, MomentField
from metrics.api.problems import ParameterError
from metrics.api.value_parameters import ValueParameters
from metrics.models import Change

DEFAULT_LIMIT, MAX_LIMIT = 1_000, 10_000
MAX_SERIES = 100
_PLAIN = ("lin", "preferred")
_OF_PLAIN_PAGES = frozenset(
    {"series", "units", "sources", "sort_order", "observation_start", "observation_end"}
) | {"updated_after"}
BULK_FILTERS = ("entity", "indicator", "source")


def _day(help_text: str) -> serializers.DateField:
    return serializers.DateField(required=False, input_formats=["iso-8601"], help_text=help_text)


class ObservationParameters(ValueParameters):
    """Of one series; lang, format and the page's parameters come with every list."""

    observation_start = _day(
        "Only periods that end on or after this day; undated ones are left out."
    )
    observation_end = _day(
        "Only periods that start on or before this day; undated ones are left out."
    )
    realtime_start = _day("By the sources' own dates: what was known on or after this day.")
    realtime_end = _day("By the sources' own dates: what was known on or before this day.")
    vintage_dates = DaysField(
        required=False, help_text="What was known on these days, instead of a real-time range."
    )
    output_type = serializers.ChoiceField(
        choices=["1", "2", "3", "4"],
        required=False,
        help_text="1 by real-time period, 2 all by vintage date, 3 new and revised by vintage"
        " date, 4 first releases.",
    )
    sources = serializers.ChoiceField(
        choices=["preferred", "all"],
        default="preferred",
        help_text="Also what sources say that are not preferred.",
    )
    include = serializers.ChoiceField(
        choices=["consistency"],
        required=False,
        help_text="Whether stated figures agree with what independent levels imply.",
    )
    updated_after = MomentField(
        required=False,
        help_text="Only current values that went live after the end of a day (UTC) or an instant,"
        " by `valid_from`; what is gone only `changes` tells.",
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
        plain = {name: value for name, value in attrs.items() if name not in BULK_FILTERS}
        if "updated_after" in attrs and not is_plain(plain):
            detail = _("Expected only of current values, neither computed nor of all sources.")
            raise serializers.ValidationError(
                {"updated_after": detail}, code="conflicting_parameters"
            )
        return super().validate(attrs)


class ManySeriesParameters(ObservationParameters):
    """Of many series at once."""

    series = serializers.CharField(
        required=False,
        help_text=f"Up to {MAX_SERIES} series keys, separated by commas. Without it all series, or"
        " those of an entity, an indicator, a source: as csv or jsonl only, in one answer.",
    )
    entity = serializers.CharField(required=False, help_text="In bulk: series of this entity.")
    indicator = serializers.CharField(
        required=False, help_text="In bulk: series of this indicator."
    )
    source = serializers.CharField(  # type: ignore[assignment]
        required=False, help_text="In bulk: series of which this source states a current value."
    )


def is_plain(given: dict[str, Any]) -> bool:
    """Whether nothing but a page of current values is asked for, as Question.is_plain has it."""
    return given.keys() <= _OF_PLAIN_PAGES and (given["units"], given["sources"]) == _PLAIN


def asked_after_seq(given: dict[str, Any]) -> int | None:
    """The seq that `updated_after` means, None without it. Up to one query."""
    instant = given.get("updated_after")
    return None if instant is None else Change.objects.seq_as_of(instant)


def named_keys(text: str) -> list[str]:
    """The keys of a comma-separated list; raises ParameterError."""
    keys = list(dict.fromkeys(key.strip() for key in text.split(",") if key.strip()))
    if not 1 <= len(keys) <= MAX_SERIES:
        detail = _("Expected 1 to %d series keys, separated by commas.") % MAX_SERIES
        raise ParameterError.of("series", "out_of_range", detail)
    return keys


def refuse_unknown_series(keys: Sequence[str], found: Container[str]) -> None:
    """Raise ParameterError for keys that are not among the found ones."""
    unknown = [key for key in keys if key not in found]
    if unknown:
        detail = _("No such series: %s.") % ", ".join(unknown)
        raise ParameterError.of("series", "unknown_series", detail)
