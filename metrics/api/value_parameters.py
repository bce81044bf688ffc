"""The query parameters that say how a value is computed, and as of when."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from metrics.api.asked_moments import MomentField, asked_realtime, asked_seq
from metrics.api.problems import ParameterError
from metrics.models import Series
from metrics.selectors.observation_page import AskedSeries
from metrics.selectors.question import UNITS_CODES, Question
from metrics.selectors.question_checks import (
    MAX_WINDOW,
    QuestionError,
    check_arguments,
    check_question,
    usual_aggregation,
)
from metrics.stats.periods import Period, PeriodError
from metrics.translation import translated


class AnyPeriodField(serializers.CharField):
    """A period code: 2018, 2018-Q4, 2007/2018, undated."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return Period.parse(super().to_internal_value(data))
        except PeriodError as error:
            raise serializers.ValidationError(translated(error.message), code="invalid") from error


class PeriodField(AnyPeriodField):
    """A regular period, such as 2018 or 2018-12."""

    def to_internal_value(self, data: Any) -> Any:
        period = super().to_internal_value(data)
        if not period.is_regular:
            detail = _("Expected one period of the series' frequency.")
            raise serializers.ValidationError(detail, code="invalid")
        return period


class ValueParameters(serializers.Serializer[Any]):
    """How a value is computed, and as of when."""

    units = serializers.ChoiceField(
        choices=list(UNITS_CODES),
        default="lin",
        help_text="A transform, by FRED's code; which suit a series depends on its nature.",
    )
    index_base = AnyPeriodField(
        required=False,
        help_text="With units=idx: the period that is 100; of a longer one (2015 of months,"
        " 1982/1984) the average over it.",
    )
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
        try:
            check_arguments(attrs["units"], attrs)
        except QuestionError as error:
            detail = {error.field: error.detail}
            raise serializers.ValidationError(detail, code=error.code) from None
        return attrs


def question_of(given: dict[str, Any], asked: Sequence[AskedSeries]) -> Question:
    """What the parameters ask of the series; raises ParameterError where it does not suit them."""
    question = Question(
        units=given["units"],
        index_base=given.get("index_base"),
        window=given.get("window"),
        span_start=given.get("span_start"),
        frequency=given.get("frequency"),
        aggregation=given.get("aggregation_method") or usual_aggregation(asked),
        seq=asked_seq(given),
        has_all_sources=given.get("sources") == "all",
        has_consistency=given.get("include") == "consistency",
        realtime=asked_realtime(given),
    )
    try:
        check_question(question, asked)
    except QuestionError as error:
        raise ParameterError.of(error.field, error.code, error.detail, error.allowed) from None
    return question
