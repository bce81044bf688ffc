"""What keeps a text from being published: faults of the markup, figures that do not exist."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.markup.errors import MarkupError
from cases.markup.references import cells_of, charts_of, cited_in, entities_of, pictures_of
from cases.markup.text import Text, problems_in
from cases.markup.tokens import ALL_PERIODS, RELATIVE_PERIODS
from cases.models import Picture
from cases.selectors.chart_fitness import unfit_reason
from metrics.models import Entity, Series, Source
from metrics.selectors.staged_slots import waiting_periods
from metrics.selectors.values import series_values
from metrics.translation import translated


@dataclass(frozen=True, slots=True)
class TextProblem:
    """Where in the form a text is at fault (title, standfirst, body) and what is expected."""

    field: str
    message: str


def text_problems(
    title: str, standfirst: str, body: str, *, waiting: bool = True
) -> list[TextProblem]:
    """Every fault of a text at once; none means that a reader can be shown all of it.

    Malformed tokens and exhibits by line, unknown series and entities, and periods that have no
    value. With `waiting` a value that waits in an open release or a checked file counts: a text may
    be written and approved for the data that it goes live with. Eight queries at most.
    """
    text = Text(title, standfirst, body)
    faults = [
        TextProblem(
            fault.part or "body",
            told_fault(fault),
        )
        for fault in problems_in(text)
    ]
    return faults or [
        *_unknown_figures(text, waiting),
        *_unknown_entities(text),
        *_unknown_sources(text),
        *_unfit_charts(text),
        *_unknown_pictures(text),
    ]


def told_fault(fault: MarkupError) -> str:
    """A fault with its line, in the language in force."""
    message = translated(fault.message)
    return _("Line %(line)d: %(message)s") % {"line": fault.line, "message": message}


def _unknown_figures(text: Text, waiting: bool) -> list[TextProblem]:
    cells = cells_of(text)
    keys = {cell.series for cell in cells}
    known = dict(Series.objects.filter(key__in=keys).values_list("key", "pk"))
    values = series_values(known.values())
    problems = [
        TextProblem("body", _("Unknown series “%(key)s”.") % {"key": key})
        for key in sorted(keys - set(known))
    ]
    missing = []
    for cell in cells:
        if cell.series in known and cell.period not in (*RELATIVE_PERIODS, ALL_PERIODS):
            periods = {period.code for period in values[known[cell.series]]}
            if cell.period not in periods:
                missing.append((cell, periods))
    staged = waiting_periods({known[cell.series] for cell, _have in missing}) if waiting else {}
    problems += [
        _no_value(cell.series, cell.period, have)
        for cell, have in missing
        if cell.period not in staged.get(known[cell.series], ())
    ]
    return problems


def _no_value(key: str, period: str, periods: set[str]) -> TextProblem:
    text = _("“%(key)s” has no value for %(period)s; it has: %(periods)s.")
    have = ", ".join(sorted(periods)) or "—"
    return TextProblem("body", text % {"key": key, "period": period, "periods": have})


def _unknown_entities(text: Text) -> list[TextProblem]:
    slugs = set(entities_of(text))
    known = set(Entity.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    return [
        TextProblem("body", _("Unknown entity “%(slug)s”.") % {"slug": slug})
        for slug in sorted(slugs - known)
    ]


def _unknown_sources(text: Text) -> list[TextProblem]:
    slugs = set(cited_in(text))
    known = set(Source.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    return [
        TextProblem("body", _("Unknown source “%(slug)s”.") % {"slug": slug})
        for slug in sorted(slugs - known)
    ]


def _unfit_charts(text: Text) -> list[TextProblem]:
    """Charts whose series cannot share an axis or be added up. One query where there are charts."""
    charts = charts_of(text)
    keys = {key for chart in charts for key in chart.series}
    known = {one.key: one for one in Series.objects.with_definitions().filter(key__in=keys)}
    problems = []
    for chart in charts:
        reason = unfit_reason(chart, [known[key] for key in chart.series if key in known])
        if reason:
            told = _("Line %(line)d: %(message)s") % {"line": chart.line, "message": reason}
            problems.append(TextProblem("body", told))
    return problems


def _unknown_pictures(text: Text) -> list[TextProblem]:
    slugs = set(pictures_of(text))
    known = set(Picture.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    return [
        TextProblem("body", _("Unknown picture “%(slug)s”.") % {"slug": slug})
        for slug in sorted(slugs - known)
    ]
