"""Whether a question suits the series that it asks of; the doors tell it in their own ways."""

from collections.abc import Collection, Iterable, Sequence

from django.utils.translation import gettext as _

from metrics.models import Series
from metrics.selectors.observation_page import AskedSeries
from metrics.selectors.question import Question, allowed_transforms
from metrics.stats.aggregation import AggregationError, aggregate
from metrics.stats.calendars import EVERY_PERIOD
from metrics.stats.natures import NATURES, Nature
from metrics.stats.periods import Frequency, Period
from metrics.stats.transform_bases import base_parts
from metrics.stats.transforms import TransformError

# The parameter that a transform takes, and whether it has to be given.
ARGUMENTS = {"idx": ("index_base", True), "rm": ("window", True), "cagr": ("span_start", False)}
MAX_WINDOW = 1_000


class QuestionError(ValueError):
    """A parameter that does not suit: its name, a stable code, why, and what would (or None)."""

    def __init__(
        self, field: str, code: str, detail: str, allowed: Iterable[str] | None = None
    ) -> None:
        super().__init__(detail)
        self.field, self.code, self.detail = field, code, detail
        self.allowed = None if allowed is None else tuple(allowed)


def check_arguments(units: str, given: Collection[str]) -> None:
    """Every argument with its transform, and no transform without an argument it needs.

    `given` are the names of the parameters given. Raises QuestionError.
    """
    for code, (name, is_required) in ARGUMENTS.items():
        if name in given and units != code:
            raise QuestionError(name, "without_its_units", _("Expected only with units=%s.") % code)
        if is_required and units == code and name not in given:
            raise QuestionError(name, "required", _("Expected with units=%s.") % code)
    if "aggregation_method" in given and "frequency" not in given:
        detail = _("Expected only with frequency.")
        raise QuestionError("aggregation_method", "without_frequency", detail)


def check_question(question: Question, asked: Sequence[AskedSeries]) -> None:
    """Raise QuestionError where the question does not suit its series, or itself."""
    _refuse_combinations(question)
    _refuse_unsuitable(question.units, asked)
    _refuse_aggregation(question, asked)
    _refuse_periods(question, asked)


def usual_aggregation(asked: Sequence[AskedSeries]) -> str:
    """avg, as FRED has it; where the nature of a series refuses that, the first it allows."""
    allowed = [NATURES[Nature(series.nature)].aggregations for series in asked]
    return next((one for one in ("avg", "eop") if all(one in each for each in allowed)), "avg")


def lower_frequencies(series: AskedSeries) -> list[str]:
    """Those that some method of aggregation reaches, from short to long."""
    return [one for one in reversed(Series.Frequency.values) if _methods(series, one)]


def _refuse_combinations(question: Question) -> None:
    """Several statements of a period are neither transformed nor dated by vintages."""
    detail = _("Expected without a transform, an aggregation and real-time parameters.")
    if question.is_computed or question.realtime:
        if question.has_all_sources:
            raise QuestionError("sources", "conflicting_parameters", detail, ["preferred"])
        if question.has_consistency:
            raise QuestionError("include", "conflicting_parameters", detail, [])


def _refuse_unsuitable(code: str, asked: Sequence[AskedSeries]) -> None:
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
    raise QuestionError("units", "unsuitable_transform", detail, allowed)


def _refuse_aggregation(question: Question, asked: Sequence[AskedSeries]) -> None:
    if question.frequency is None:
        return
    for series in asked:
        frequencies = lower_frequencies(series)
        if question.frequency not in frequencies:
            detail = _("%(series)s cannot be aggregated to %(frequency)s.") % {
                "series": series.key,
                "frequency": question.frequency,
            }
            raise QuestionError("frequency", "unsuitable_frequency", detail, frequencies)
        methods = _methods(series, question.frequency)
        if question.aggregation not in methods:
            detail = _("The aggregation “%(method)s” does not suit %(series)s (%(nature)s).") % {
                "method": question.aggregation,
                "series": series.key,
                "nature": series.nature,
            }
            raise QuestionError("aggregation_method", "unsuitable_method", detail, methods)


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


def _refuse_periods(question: Question, asked: Sequence[AskedSeries]) -> None:
    """A start must be a period of the frequency that is transformed; a base may be longer."""
    for series in asked:
        frequency = Frequency(question.frequency or series.frequency)
        if question.span_start is not None and not question.span_start.fits(frequency):
            detail = _("Expected a period of the frequency %s.") % frequency
            raise QuestionError("span_start", "unsuitable_period", detail)
        if question.index_base is not None:
            _refuse_base(question.index_base, frequency, series)


def _refuse_base(base: Period, frequency: Frequency, series: AskedSeries) -> None:
    try:
        parts = base_parts(base, frequency, EVERY_PERIOD)
    except TransformError:
        detail = _("Expected a period of the frequency %s, or a longer one made of such.")
        raise QuestionError("index_base", "unsuitable_period", detail % frequency) from None
    if parts != (base,) and "avg" not in NATURES[Nature(series.nature)].aggregations:
        detail = _("Expected a period of the frequency %(frequency)s: %(series)s is not averaged.")
        told = detail % {"frequency": frequency, "series": series.key}
        raise QuestionError("index_base", "unsuitable_period", told)
