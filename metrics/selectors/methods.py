"""The methods page: every statistic, and what each nature of series allows."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, override

from metrics.models import Indicator, NullReason
from metrics.stats.natures import NATURES, GrowthKind
from metrics.stats.reasons import EVERY
from metrics.stats.registry import STATISTICS, Kind, Statistic
from metrics.stats.registry_reasons import REASONS


@dataclass(frozen=True, slots=True)
class Method:
    """A statistic in one language."""

    anchor: str
    key: str
    name: str
    formula: str
    unit: str
    minimum_data: str
    gaps: str
    null_reasons: tuple[str, ...]
    example: str
    source: str
    has_bounds: bool


@dataclass(frozen=True, slots=True)
class MethodGroup:
    """The statistics of one kind."""

    name: str
    methods: tuple[Method, ...]


@dataclass(frozen=True, slots=True)
class NatureLine:
    """What a nature allows."""

    key: str
    name: str
    transforms: str
    aggregations: str
    growth: str
    is_summable: bool


@dataclass(frozen=True, slots=True)
class MethodsPage:
    groups: tuple[MethodGroup, ...]
    natures: tuple[NatureLine, ...]


def methods_page(language: str) -> MethodsPage:
    """The page's rows, from the registry that computes them. No query."""
    with override(language):
        groups = tuple(
            MethodGroup(name, tuple(_method(s, language) for s in STATISTICS if s.kind == kind))
            for kind, name in _kinds().items()
        )
        names = dict(Indicator.NATURES)
        natures = tuple(
            NatureLine(
                key=nature.value,
                name=str(names[nature.value]),
                transforms=", ".join(rules.transforms),
                aggregations=", ".join(rules.aggregations),
                growth=_growths()[rules.growth_kind],
                is_summable=rules.summable,
            )
            for nature, rules in NATURES.items()
        )
    return MethodsPage(tuple(group for group in groups if group.methods), natures)


def transform_names(language: str) -> dict[str, str]:
    """What each transform is called, by its code. No query."""
    return {one.key: one.name[language] for one in STATISTICS if one.kind == Kind.TRANSFORM}


def _kinds() -> Mapping[str, str]:
    return {
        "transform": gettext("Transforms of one series"),
        "aggregation": gettext("Aggregation over time"),
        "rule": gettext("Rules that join series"),
        "summary": gettext("Summaries of a series"),
        "bound": gettext("Bounds"),
    }


def _growths() -> Mapping[GrowthKind, str]:
    return {
        GrowthKind.PERCENT: gettext("percent"),
        GrowthKind.POINTS: gettext("percentage points"),
        GrowthKind.NONE: gettext("not told"),
    }


def _null_reasons(statistic: Statistic) -> tuple[str, ...]:
    """The reasons it can give, in words; of those that it passes on, whatever they are, none."""
    reasons = REASONS.get((statistic.kind, statistic.key), frozenset())
    listed = () if reasons == EVERY else sorted(reasons)
    return tuple(str(NullReason(reason).label) for reason in listed)


def _method(statistic: Statistic, language: str) -> Method:
    inputs = "; ".join(f"{name} {value}" for name, value in statistic.example.inputs.items())
    return Method(
        anchor=f"{statistic.kind}-{statistic.key}",
        key=statistic.key,
        name=statistic.name[language],
        formula=statistic.formula,
        unit=statistic.unit[language],
        minimum_data=statistic.minimum_data[language],
        gaps=statistic.gaps[language],
        null_reasons=_null_reasons(statistic),
        example=f"{inputs} → {statistic.example.output}",
        source=statistic.source[language],
        has_bounds=statistic.has_bounds,
    )
