"""The page that sets up to eight series side by side: its state is its address."""

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cases.markup.tokens import SERIES_KEY
from cases.selectors.addresses import ChartAddresses, page_url
from cases.selectors.compare import ComparePage, UnknownSeriesError, compare_page
from cases.selectors.compare_asked import (
    COMPARED_UNITS,
    LAYOUTS,
    MOST_SERIES,
    SEPARATOR,
    Asked,
)
from cases.selectors.compare_kinds import TYPES
from cases.selectors.compare_plots import MOST_NAMED, Plot
from cases.selectors.drawings import rows_spec
from cases.selectors.exhibits import SEPARATORS
from cases.views.asked import asked_once, refuse_others
from cases.views.asked_question import asked_question, asked_range, parameter_error
from cases.views.errors import ParameterError
from cases.views.moments import asked_moment
from cases.views.pages import Page, language, reader_page
from metrics.charts import ChartSpec, render_both_widths
from metrics.selectors.question_checks import QuestionError

PARAMETERS = ("s", "units", "index_base", "layout", "type", "from", "to", "as_of")


@reader_page(dated=True)
def compare(request: HttpRequest) -> Page:
    """Without series a form that asks for some."""
    refuse_others(request, PARAMETERS)
    moment = asked_moment(request)
    asked = asked_comparison(request, moment.seq if moment else None)
    page = comparison(request, asked) if asked.keys else None
    context = {
        "section": "data",
        "title": _title(page),
        "is_unlisted": bool(request.GET),
        "page": page,
        "asked": asked,
        "most": MOST_SERIES,
        "types": [(code, name, code == asked.type) for code, name in _types()],
        "now": asked.but(seq=None),
        "given": [(name, text) for name, text in asked.given if name != "as_of"],
        "drawings": [(plot, _drawing(page, plot, n)) for n, plot in enumerate(page.plots.drawn)]
        if page
        else [],
        "share": _share(asked) if page and any(plot.kind for plot in page.plots.drawn) else None,
    }
    return Page("compare/compare.html", context, moment=moment)


def _types() -> list[tuple[str, str]]:
    """The types of drawings by their names in the form."""
    names = {
        "line": _("lines"),
        "step": _("steps"),
        "grouped": _("columns side by side"),
        "stacked": _("stacked columns"),
        "multiples": _("small multiples on shared axes"),
        "slope": _("slopes from the first period to the last"),
        "bar": _("bars of one period"),
        "dots": _("dots of one period with their bounds"),
    }
    return [(code, names[code]) for code in TYPES]


def _share(asked: Asked) -> ChartAddresses:
    """The pictures of the comparison, whose state is in their addresses too."""
    svg, png = (
        f"{page_url(language(), f'compare-chart-{form}')}?{asked.query}" for form in ("svg", "png")
    )
    return ChartAddresses(svg, png, embed="")


def comparison(request: HttpRequest, asked: Asked, *, is_offered: bool = False) -> ComparePage:
    """The series asked for, of which there is one at least; `is_offered` to other sites.

    Raises ParameterError.
    """
    try:
        return compare_page(asked, language(), is_offered=is_offered)
    except UnknownSeriesError as error:
        expected = _("No such series: %s.") % ", ".join(error.keys)
        raise ParameterError("s", request.GET["s"], expected=expected) from None
    except QuestionError as error:
        raise parameter_error(_offered(error), request) from None


def _offered(error: QuestionError) -> QuestionError:
    """Of what would suit, what the page offers."""
    if error.field != "units" or error.allowed is None:
        return error
    allowed = [code for code in error.allowed if code in COMPARED_UNITS]
    return QuestionError(error.field, error.code, error.detail, allowed)


def _title(page: ComparePage | None) -> str:
    if page is None:
        return _("Compare series")
    names = [line.name for line in page.lines]
    if len(names) > MOST_NAMED:
        return _("%d series compared") % len(names)
    return _("Compare: %s") % SEPARATORS[language()].join(names)


def _drawing(page: ComparePage, plot: Plot, number: int) -> SafeString:
    if not plot.kind:
        return SafeString()
    drawing = render_both_widths(plot_spec(page, plot), chart_id=f"plot-{number}")
    return mark_safe(drawing)  # noqa: S308  escaped there


def plot_spec(page: ComparePage, plot: Plot) -> ChartSpec:
    """The drawing of a plot that has a kind."""
    return rows_spec(
        plot.rows,
        page.figures,
        plot.labels,
        plot.kind,
        page.asked.units,
        title=plot.title,
        totals=plot.totals,
    )


def asked_comparison(request: HttpRequest, seq: int | None) -> Asked:
    """What the address asks for. Raises ParameterError."""
    _choice(request, "units", COMPARED_UNITS)
    question = asked_question(request)
    first, last = asked_range(request)
    return Asked(
        keys=_keys(request),
        units=question.units,
        index_base=question.index_base,
        layout=_choice(request, "layout", LAYOUTS),
        type=_choice(request, "type", TYPES),
        first=first,
        last=last,
        seq=seq,
    )


def _keys(request: HttpRequest) -> tuple[str, ...]:
    expected = _(
        "Expected 1 to %(most)d keys of series, each once, separated by %(mark)s: "
        "webank.registered-users~alipay.global-users."
    ) % {"most": MOST_SERIES, "mark": SEPARATOR}
    text = asked_once(request, "s", expected=expected)
    keys = tuple(text.strip().split(SEPARATOR)) if text.strip() else ()
    if (
        len(keys) > MOST_SERIES
        or len(set(keys)) < len(keys)
        or not all(map(SERIES_KEY.fullmatch, keys))
    ):
        raise ParameterError("s", text, expected=expected)
    return keys


def _choice(request: HttpRequest, name: str, allowed: tuple[str, ...]) -> str:
    text = asked_once(request, name)
    if text and text not in allowed:
        expected = _("Expected one of %s.") % ", ".join(allowed)
        raise ParameterError(name, text, expected=expected)
    return text
