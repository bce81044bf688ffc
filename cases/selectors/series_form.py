"""The form of a series' page: what may be asked of it, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from cases.selectors.series_asked import SeriesAsked
from metrics.models import Series
from metrics.selectors.computed_record import first_base
from metrics.selectors.lineage_lines import STEPS
from metrics.selectors.lineage_steps import asked_of
from metrics.selectors.methods import transform_names
from metrics.selectors.panel import Panel
from metrics.selectors.question import Question, allowed_transforms
from metrics.selectors.question_checks import ARGUMENTS, lower_frequencies
from metrics.stats.natures import NATURES, Nature

EXAMPLE = "2018"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values of a parameter."""

    value: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SeriesForm:
    """What the form offers: only what the nature and the frequency of the series allow.

    `argument` is the parameter of the chosen transform, empty where it takes none. `frequencies`
    begin with the series' own; alone, that is no choice. `example` is a period of the series.
    """

    transforms: tuple[Choice, ...]
    frequencies: tuple[Choice, ...]
    methods: tuple[Choice, ...]
    argument: str
    argument_value: str
    example: str


def series_form(asked: SeriesAsked, series: Series, panel: Panel, language: str) -> SeriesForm:
    """No query. An index is offered where some period can be its base."""
    question = asked.question
    names = transform_names(language)
    latest = panel.latest(series.key)
    has_base = first_base(panel.figures_of(series.key)) is not None
    codes = allowed_transforms([series.indicator.nature])
    argument, _ = ARGUMENTS.get(question.units, ("", False))
    lower = [one for one in lower_frequencies(asked_of(series)) if one != series.frequency]
    labels = dict(Series.Frequency.choices)
    own = gettext("%(frequency)s, as stated") % {"frequency": labels[series.frequency]}
    frequencies = {"": own, **{one: str(labels[one]) for one in lower}}
    methods = NATURES[Nature(series.indicator.nature)].aggregations
    return SeriesForm(
        transforms=_choices(
            {code: names[code] for code in codes if has_base or code != "idx"}, question.units
        ),
        frequencies=_choices(frequencies, question.frequency or ""),
        methods=_choices({m: method_name(m, language) for m in methods}, question.aggregation),
        argument=argument,
        argument_value=dict(asked.computing).get(argument, ""),
        example=latest.code if latest else EXAMPLE,
    )


def question_words(question: Question, language: str) -> tuple[str, ...]:
    """What is asked, step by step in the order of computing: annual averages, then their growth."""
    steps = []
    if question.frequency:
        frequency = Series.Frequency(question.frequency).label
        steps.append(f"{frequency} · {method_name(question.aggregation, language)}")
    if question.index_base is not None:
        base = question.index_base.label(language) or question.index_base.code
        steps.append(gettext("Index, %(period)s = 100") % {"period": base})
    elif question.units != "lin":
        steps.append(transform_names(language)[question.units] + _argument(question, language))
    return tuple(str(step) for step in steps)


def method_name(method: str, language: str) -> str:
    """What a method of aggregation is called in the registry."""
    return STEPS[f"aggregation:{method}"].name[language]


def _argument(question: Question, language: str) -> str:
    """The window or the start of a transform, behind its name."""
    if question.window is not None:
        return " " + gettext("of %d periods") % question.window
    if question.span_start is not None:
        start = question.span_start.label(language) or question.span_start.code
        return " " + gettext("since %(period)s") % {"period": start}
    return ""


def _choices(
    names: Mapping[str, str] | Iterable[tuple[str, str]], chosen: str
) -> tuple[Choice, ...]:
    return tuple(Choice(value, name, value == chosen) for value, name in dict(names).items())
