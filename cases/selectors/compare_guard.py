"""Which series may share an axis: of one unit, by periods of one kind."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from cases.selectors.exhibits import Row
from metrics.models import Series
from metrics.selectors.printing import in_language
from metrics.stats.periods import Period

# Transforms whose results can be compared whatever the unit was: percentages and indices.
WITHOUT_OWN_UNIT = frozenset({"pch", "pc1", "pca", "cch", "cca", "idx"})


@dataclass(frozen=True, slots=True)
class Guard:
    """What keeps series from sharing an axis: names of units, of kinds of periods; else empty."""

    units: tuple[str, ...] = ()
    frequencies: tuple[str, ...] = ()

    @property
    def allows_sharing(self) -> bool:
        return not self.units and not self.frequencies


def guard_of(rows: Sequence[Row], units: str, language: str) -> Guard:
    """Of the series as they are shown in a transform; one without values keeps none apart."""
    return Guard(
        units=() if units in WITHOUT_OWN_UNIT else _several_units([s for s, _ in rows], language),
        frequencies=_several_kinds(rows),
    )


def _several_units(series: Sequence[Series], language: str) -> tuple[str, ...]:
    found = {one.indicator.unit_id: one.indicator.unit for one in series}
    names = tuple(in_language(unit, "name", language) for unit in found.values())
    return names if len(found) > 1 else ()


def _several_kinds(rows: Sequence[Row]) -> tuple[str, ...]:
    named = [_kind(row) for row in rows if row[1]]
    found = tuple(dict.fromkeys(named))
    return found if len(found) > 1 else ()


def _kind(row: Row) -> str:
    frequency: str = row[0].get_frequency_display()
    return str(frequency) if is_regular(row) else gettext("spans or undated")


def is_regular(row: Row) -> bool:
    """Whether years, months and the like are shown: spans are only where there is nothing else."""
    return any(Period.parse(reference.period).is_regular for reference in row[1])
