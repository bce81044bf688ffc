"""How a comparison is drawn: the type asked for where the series allow it, else the usual one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.markup.chart_fields import ADDITIVE_UNITS
from cases.markup.exhibits import Chart
from cases.selectors.chart_fitness import unfit_reason
from cases.selectors.compare_guard import is_regular
from cases.selectors.exhibits import Row

# As many columns as a lone series gets, and as many groups of them as can be told apart.
MOST_COLUMNS, MOST_GROUPS = 8, 24
TYPES = ("line", "step", "grouped", "stacked", "multiples", "slope", "bar", "dots")
# Those in which a series keeps its colour from the list.
TONED = frozenset({"line", "step", "grouped", "stacked", "multiples", "slope"})
_OF_ONE_PERIOD, _COURSES = ("bar", "dots"), ("line", "step", "multiples")
_COLUMNS, _TOGETHER = ("grouped", "stacked"), ("grouped", "stacked", "multiples", "slope")


@dataclass(frozen=True, slots=True)
class Kind:
    """The type of a drawing, and why it is not the one asked for; "" where it is."""

    type: str
    reason: str = ""


def drawn_kind(asked: str, rows: Sequence[Row], units: str, *, is_shared: bool) -> Kind:
    """The type of a drawing of some series; "" of ranks, whose up is down."""
    if any(one.indicator.nature == "rank" for one, _ in rows):
        return Kind("")
    usual = _usual(rows)
    if not asked or asked == usual:
        return Kind(usual)
    reason = _unfit(asked, rows, units, is_shared=is_shared)
    if reason:
        return Kind(usual, reason)
    return Kind("column" if asked == "grouped" and len(rows) == 1 else asked)


def shown_periods(rows: Sequence[Row]) -> set[str]:
    return {reference.period for _, shown in rows for reference in shown}


def _usual(rows: Sequence[Row]) -> str:
    """A lone series is drawn as on its own page; several by lines, of one moment by bars."""
    periods = shown_periods(rows)
    if len(periods) == 1 or not any(map(is_regular, rows)):
        return "bar"
    return "line" if len(rows) > 1 or len(periods) > MOST_COLUMNS else "column"


def _unfit(asked: str, rows: Sequence[Row], units: str, *, is_shared: bool) -> str:
    """Why series cannot be drawn so, in the language in force; "" where they can."""
    periods = shown_periods(rows)
    if asked in _TOGETHER and asked != "grouped" and not (is_shared and len(rows) > 1):
        return _("It takes several series that share an axis.")
    if asked in _OF_ONE_PERIOD and len(periods) != 1:
        return _("It shows one period: choose the same first and last one.")
    if asked not in _OF_ONE_PERIOD and not any(map(is_regular, rows)):
        return _("It takes regular periods, such as years.")
    if asked in (*_COURSES, "slope") and len(periods) < 2:
        return _("It takes two periods or more.")
    if asked in _COLUMNS and len(periods) > MOST_GROUPS:
        return _("It shows at most %d periods: choose a first and a last one.") % MOST_GROUPS
    return _unsummable(rows, units) if asked == "stacked" else ""


def _unsummable(rows: Sequence[Row], units: str) -> str:
    if units not in ADDITIVE_UNITS:
        return _("Growth rates, indices and logarithms do not add up.")
    return unfit_reason(Chart("stacked", "", ()), [one for one, _ in rows])
