"""The query parameters of observations."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from metrics.api.asked_moments import DaysField, MomentField, asked_realtime, asked_seq
from metrics.api.problems import ParameterError
from metrics.models import Series
from metrics.selectors.observation_page import AskedSeries, asked_series
from metrics.selectors.question import UNITS_CODES, Question, allowed_transforms
from metrics.stats.aggregation import AggregationError, aggregate
from metrics.stats.natures import NATURES, Nature
from metrics.stats.periods import Frequency, Period, PeriodError

DEFAULT_LIMIT, MAX_LIMIT = 1_000, 10_000
MAX_SERIES = 100
MAX_WINDOW = 1_000
# The parameter that a transform takes, and whether it has to be given.
ARGUMENTS = {"idx": ("index_base", True), "rm": ("window", True), "cagr": ("span_start", False)}


class PeriodField(serializers.CharField):
    """A regular period, such as 2018 or 2018-12."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            period = Period.parse(super().to_internal_value(data))
        except PeriodError as error:
            raise serializers.ValidationError(str(error), code="invalid") from error
        if not period.is_regular:
            detail = _("Expected one period of the series' frequency.")
            raise serializers.ValidationError(detail, code="invalid")
        return period


def _day(help_text: str) -> serializers.DateField:
    return serializers.DateField(required=False, input_formats=["iso-8601"], help_text=help_text)


class ValueParameters(serializers.Serializer[Any]):
    """How a value is computed, and as of when."""

    units = serializers.ChoiceField(
        choices=list(UNITS_CODES),
        default="lin",
        help_text="A transform, by FRED's code; which suit a series depends on its nature.",
    )
    index_base = PeriodField(required=False, help_text="With units=idx: the period that is 100.")
    window = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=MAX_WINDOW,
        help_text="With units=rm: how many periods the rolling mean takes.",
    )
    span_start = PeriodField(
        required=False,
        help_text="With units=cagr: the first period; without it the first that has a value.",
    )
    frequency = serializers.ChoiceField(
        choices=Series.Frequency.values,
        required=False,
        help_text="Aggregate to this lower frequency, before units are applied.",
    )
    aggregation_method = serializers.ChoiceField(
        choices=["avg", "sum", "eop"],
        required=False,
        help_text="With frequency: average, sum or end of period; avg, or what the nature allows.",
    )
    as_of = MomentField(
        required=False,
        help_text="What readers saw at the end of a day (UTC) or at an instant, now past.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        _check_arguments(attrs)
        return attrs


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
        return super().validate(attrs)


class ManySeriesParameters(ObservationParameters):
    """Of many series at once."""

    series = serializers.CharField(
        help_text=f"Up to {MAX_SERIES} series keys, separated by commas."
    )


def _check_arguments(attrs: dict[str, Any]) -> None:
    """Every argument with its transform, and no transform without an argument it needs."""
    for code, (name, is_required) in ARGUMENTS.items():
        if name in attrs and attrs["units"] != code:
            detail = _("Expected only with units=%s.") % code
            raise serializers.ValidationError({name: detail}, code="without_its_units")
        if is_required and attrs["units"] == code and name not in attrs:
            detail = _("Expected with units=%s.") % code
            raise serializers.ValidationError({name: detail}, code="required")
    if "aggregation_method" in attrs and "frequency" not in attrs:
        detail = _("Expected only with frequency.")
        raise serializers.ValidationError({"aggregation_method": detail}, code="without_frequency")


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


def question_of(given: dict[str, Any], asked: list[AskedSeries]) -> Question:
    """What the parameters ask of the series; raises ParameterError where it does not suit them."""
    question = Question(
        units=given["units"],
        index_base=given.get("index_base"),
        window=given.get("window"),
        span_start=given.get("span_start"),
        frequency=given.get("frequency"),
        aggregation=given.get("aggregation_method") or _usual_method(asked),
        seq=asked_seq(given),
        has_all_sources=given.get("sources") == "all",
        has_consistency=given.get("include") == "consistency",
        realtime=asked_realtime(given),
    )
    _refuse_combinations(question)
    refuse_unsuitable(question.units, asked)
    _refuse_aggregation(question, asked)
    _refuse_periods(question, asked)
    return question


def _usual_method(asked: list[AskedSeries]) -> str:
    """avg, as FRED has it; where the nature of a series refuses that, the first it allows."""
    allowed = [NATURES[Nature(series.nature)].aggregations for series in asked]
    return next((one for one in ("avg", "eop") if all(one in each for each in allowed)), "avg")


def _refuse_combinations(question: Question) -> None:
    """Several statements of a period are neither transformed nor dated by vintages."""
    detail = _("Expected without a transform, an aggregation and real-time parameters.")
    if question.is_computed or question.realtime:
        if question.has_all_sources:
            raise ParameterError.of("sources", "conflicting_parameters", detail, ["preferred"])
        if question.has_consistency:
            raise ParameterError.of("include", "conflicting_parameters", detail, [])


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


def _refuse_aggregation(question: Question, asked: list[AskedSeries]) -> None:
    if question.frequency is None:
        return
    for series in asked:
        frequencies = _lower_frequencies(series)
        if question.frequency not in frequencies:
            detail = _("%(series)s cannot be aggregated to %(frequency)s.") % {
                "series": series.key,
                "frequency": question.frequency,
            }
            raise ParameterError.of("frequency", "unsuitable_frequency", detail, frequencies)
        methods = _methods(series, question.frequency)
        if question.aggregation not in methods:
            detail = _("The aggregation “%(method)s” does not suit %(series)s (%(nature)s).") % {
                "method": question.aggregation,
                "series": series.key,
                "nature": series.nature,
            }
            raise ParameterError.of("aggregation_method", "unsuitable_method", detail, methods)


def _lower_frequencies(series: AskedSeries) -> list[str]:
    """Those that some method of aggregation reaches, from short to long."""
    return [one for one in reversed(Series.Frequency.values) if _methods(series, one)]


def _methods(series: AskedSeries, frequency: str) -> list[str]:
    """What the arithmetic itself allows."""
    found = []
    for method in NATURES[Nature(series.nature)].aggregations:
        try:
            aggregate(
                {},
                source=series.frequency,
                target=frequency,
                method=method,
                nature=series.nature,
            )
        except AggregationError:
            continue
        found.append(method)
    return found


def _refuse_periods(question: Question, asked: list[AskedSeries]) -> None:
    """A base or start must be a period of the frequency that is transformed."""
    for name in ("index_base", "span_start"):
        period: Period | None = getattr(question, name)
        if period is None:
            continue
        for series in asked:
            frequency = Frequency(question.frequency or series.frequency)
            if not period.fits(frequency):
                detail = _("Expected a period of the frequency %s.") % frequency
                raise ParameterError.of(name, "unsuitable_period", detail)
