"""What a chart can show of its series: one unit on an axis, and only what adds up in a stack."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from cases.markup.exhibits import Chart
from cases.selectors.compare_guard import WITHOUT_OWN_UNIT
from metrics.models import Series
from metrics.stats.natures import NATURES, Nature


def unfit_reason(chart: Chart, series: Sequence[Series]) -> str:
    """Why the series cannot be drawn so, in the language in force; empty where they can."""
    if chart.type == "stacked" and not adds_up(series):
        refused = [one.key for one in series if not _is_summable(one)]
        if refused:
            return _("Stacked columns add values up, and those of “%s” do not add.") % refused[0]
        return _("Stacked columns add values up, and the series have different units.")
    if chart.units not in WITHOUT_OWN_UNIT and len(_units(series)) > 1:
        return _("The series have different units and cannot share an axis.")
    return ""


def drawn_type(chart: Chart, series: Sequence[Series]) -> str:
    """The type a chart is drawn as.

    A definition may change after a text was published: what no longer adds up is then drawn side
    by side, since a stack of it would show a sum that is none.
    """
    return "grouped" if chart.type == "stacked" and not adds_up(series) else chart.type


def adds_up(series: Sequence[Series]) -> bool:
    """Whether values of one period may be added: of one unit, of natures that allow sums."""
    return len(_units(series)) <= 1 and all(map(_is_summable, series))


def _is_summable(one: Series) -> bool:
    return NATURES[Nature(one.indicator.nature)].summable


def _units(series: Sequence[Series]) -> Collection[int]:
    return {one.indicator.unit_id for one in series}
