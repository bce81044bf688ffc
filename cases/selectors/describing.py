"""A drawing in words, for those who cannot see it: made of the very values that are drawn."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from metrics.charts import ChartPoint, ChartSeries, ChartSpec

# So many values are told one by one; of more the ends and the extremes.
MOST_TOLD = 6
SENTENCE_GAPS = {"zh-hans": "", "en": " "}


def described(spec: ChartSpec) -> str:
    """Kind, unit and span of a chart, then each series: its values or their ends and extremes.

    Qualifiers stand in the printed values; what is implied, forecast, missing or measured anew
    is said.
    """
    with override(spec.language):
        told = [*spec.series]
        if spec.totals:
            told.append(ChartSeries("", _("Total (sum of the series shown)"), spec.totals))
        parts = [_kind(spec), *(_series(one, spec) for one in told)]
        return SENTENCE_GAPS[spec.language].join(parts)


def _kind(spec: ChartSpec) -> str:
    kinds = {
        "bar": _("Bar chart"),
        "column": _("Column chart"),
        "grouped": _("Grouped column chart"),
        "stacked": _("Stacked column chart"),
        "line": _("Line chart"),
        "step": _("Step chart"),
        "multiples": _("Small multiples"),
        "slope": _("Slope chart"),
        "dots": _("Dot plot"),
    }
    return _("%(kind)s, %(series)s%(unit)s.") % {
        "kind": kinds[spec.kind],
        "series": ngettext("%(n)d series", "%(n)d series", len(spec.series))
        % {"n": len(spec.series)},
        "unit": _(", unit: %(unit)s") % {"unit": spec.unit_text} if spec.unit_text else "",
    }


def _series(series: ChartSeries, spec: ChartSpec) -> str:
    """One series as a sentence."""
    if not series.points:
        return _("%(name)s: no data.") % {"name": series.label}
    points = series.points
    told = points if len(points) <= MOST_TOLD else _told(points)
    values = pgettext("between values", "; ").join(_value(point, points) for point in told)
    return _("%(name)s: %(values)s.") % {"name": series.label, "values": values}


def _told(points: Sequence[ChartPoint]) -> list[ChartPoint]:
    """The first, the lowest, the highest and the last, and where the definition changes."""
    stated = [point for point in points if point.value is not None]
    if not stated:
        return [points[0], points[-1]]
    chosen = {id(stated[0]), id(stated[-1]), *map(id, _extremes(stated))}
    return [point for point in points if id(point) in chosen or point.is_break]


def _extremes(stated: Sequence[ChartPoint]) -> tuple[ChartPoint, ChartPoint]:
    return min(stated, key=lambda one: one.value or 0), max(stated, key=lambda one: one.value or 0)


def _value(point: ChartPoint, points: Sequence[ChartPoint]) -> str:
    """A value with its period and what its mark tells the eye."""
    about = [point.label, *_notes(point, points)]
    return _("%(value)s (%(about)s)") % {
        "value": point.text or "—",
        "about": pgettext("between parts", ", ").join(about),
    }


def _notes(point: ChartPoint, points: Sequence[ChartPoint]) -> Iterator[str]:
    if point.kind == "implied" and point.value is not None:
        yield pgettext("value", "implied")
    if point.kind == "forecast" and point.value is not None:
        yield pgettext("value", "forecast")
    stated = [one for one in points if one.value is not None]
    if len(points) > MOST_TOLD and point in stated:
        lowest, highest = _extremes(stated)
        if point is lowest:
            yield _("lowest")
        if point is highest:
            yield _("highest")
    if point.is_break:
        yield _("measured by another definition from here on")
