"""The page that sets series side by side, now or as they stood at a seq."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.markup.resolver import ResolvedFigure
from cases.markup.tokens import ALL_PERIODS, Reference
from cases.selectors.compare_asked import MOST_SERIES, Asked
from cases.selectors.compare_plots import Plots, compare_plots
from cases.selectors.compare_units import UnitChoice, suits, unit_choices
from cases.selectors.exhibits import SourceLine, sources_of
from cases.selectors.figures import Figures
from metrics.models import RuleVersion, Series
from metrics.selectors.lineage import method_anchor
from metrics.selectors.lineage_steps import asked_of
from metrics.selectors.panel import series_panel
from metrics.selectors.printing import in_language, rule_text, series_name
from metrics.selectors.question_checks import check_question
from metrics.selectors.restricted import is_held_back, offered_panel

MOST_OFFERED, MOST_LOOKED_AT = 40, 200


class UnknownSeriesError(LookupError):
    """Keys that no series has."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(", ".join(keys))
        self.keys = tuple(keys)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule that values come from, and where the methods page explains it."""

    name: str
    anchor: str


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One of the series: what it is, its latest value, where its values come from.

    `without` is the query of the comparison without it.
    """

    name: str
    url: str
    unit_name: str
    frequency: str
    latest: ResolvedFigure
    sources: tuple[SourceLine, ...]
    rules: tuple[RuleLine, ...]
    without: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A series that could be added, by the query that has it."""

    name: str
    query: str


@dataclass(frozen=True, slots=True)
class ComparePage:
    """A comparison: its series, its drawings, and what else could be shown."""

    asked: Asked
    lines: tuple[ComparedLine, ...]
    figures: Figures
    plots: Plots
    units: tuple[UnitChoice, ...]
    offers: tuple[Offer, ...]
    is_held_back: bool

    @property
    def is_full(self) -> bool:
        return len(self.lines) == MOST_SERIES

    @property
    def common_units(self) -> tuple[UnitChoice, ...]:
        """The transforms that let series of different units share an axis."""
        return tuple(one for one in self.units if one.code in ("idx", "pch", "pc1"))


def compare_page(asked: Asked, language: str, *, is_offered: bool = False) -> ComparePage:
    """The series in the order asked for, which has at least one.

    `is_offered`: for other sites, without the values that sources keep from them.
    Raises UnknownSeriesError, and QuestionError where the transform does not suit a series. Seven
    queries, more where definitions changed or, for the past, for each level of rules.
    """
    panel = series_panel(asked.keys, asked.seq)
    unknown = [key for key in asked.keys if key not in panel.series]
    if unknown:
        raise UnknownSeriesError(unknown)
    series = [panel.series[key] for key in asked.keys]
    check_question(asked.question, [asked_of(one) for one in series])
    whole, panel = panel, offered_panel(panel, asked.seq) if is_offered else panel
    figures = Figures(
        panel.based_on(asked.index_base),
        language,
        seq=asked.seq,
        start=asked.first.start if asked.first else None,
        end=asked.last.end if asked.last else None,
    )
    return ComparePage(
        asked=asked,
        lines=tuple(_line(one, asked, figures) for one in series),
        figures=figures,
        plots=compare_plots(asked, figures),
        units=unit_choices(asked, series, panel, language),
        offers=_offers(asked, series, language),
        is_held_back=is_held_back(whole, panel, asked.keys),
    )


def _line(series: Series, asked: Asked, figures: Figures) -> ComparedLine:
    language = figures.language
    return ComparedLine(
        name=series_name(series, language),
        url=figures.url(series.key),
        unit_name=in_language(series.indicator.unit, "name", language),
        frequency=series.get_frequency_display(),
        latest=figures.figure(Reference(series.key, "latest")),
        sources=sources_of([Reference(series.key, ALL_PERIODS)], figures),
        rules=_rules(series, figures),
        without=asked.without(series.key),
    )


def _rules(series: Series, figures: Figures) -> tuple[RuleLine, ...]:
    values = figures.panel.values_of(series.key).values()
    found: dict[int, RuleVersion] = {
        rule.rule_id: rule for value in values if (rule := figures.panel.rule_of(value))
    }
    return tuple(
        RuleLine(rule_text(rule, figures.language), method_anchor(rule)) for rule in found.values()
    )


def _offers(asked: Asked, series: Sequence[Series], language: str) -> tuple[Offer, ...]:
    """Further series of a unit that is there already and whom the transform suits. One query."""
    units = {one.indicator.unit_id for one in series}
    rows = (
        Series.objects.with_definitions()
        .filter(indicator__unit__in=units)
        .exclude(key__in=asked.keys)
        .order_by("entity__slug", "key")[:MOST_LOOKED_AT]
    )
    return tuple(
        Offer(series_name(one, language), asked.with_one_more(one.key))
        for one in [one for one in rows if suits(asked.question, [one])][:MOST_OFFERED]
    )
