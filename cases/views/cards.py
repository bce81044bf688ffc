"""The pictures that stand for pages where they are shared (Open Graph), 1200 by 630."""

from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cases.markup.pen import Pen
from cases.markup.resolver import ResolvedFigure
from cases.models import Case
from cases.only_read import only_read
from cases.selectors.data_files import Stand
from cases.selectors.exhibits import SEPARATORS
from cases.selectors.series_asked import SeriesAsked
from cases.selectors.series_shown import series_drawing
from cases.selectors.text_charts import TextCharts, text_charts
from cases.views.exhibits import PageResolver, drawn_chart
from cases.views.moments import Moment
from cases.views.pages import language
from cases.views.picture_answers import png_answer
from cases.views.stood import stood_answer
from metrics.charts.card import WIDTH, Card, card_document
from metrics.charts.document import Looks


@only_read
def text(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The title of a text with its first key figure, else its first chart."""
    return _answered(request, lambda: text_card(text_charts(slug, kind, language())))


@only_read
def series(request: HttpRequest, key: str) -> HttpResponse:
    """The name of a series with its latest value."""

    def card() -> Card:
        try:
            made = series_drawing(key, language(), SeriesAsked())
        except ObjectDoesNotExist:
            raise Http404 from None
        value, period = _figure_of(made.latest)
        return Card(_("Fintech Cases"), _("Data"), made.name, language(), period, value)

    return _answered(request, card)


@only_read
def site(request: HttpRequest) -> HttpResponse:
    """The card of every other page."""

    def card() -> Card:
        words = _(
            "How technology changes finance, in cases whose every number can be followed back to "
            "its source."
        )
        return Card(_("Fintech Cases"), _("Case studies and data"), words, language())

    return _answered(request, card)


def text_card(made: TextCharts) -> Card:
    """What the card of a text says."""
    pen = Pen(language(), PageResolver(made.figures), made.withheld)
    item, chart = made.key_figure, made.first
    value, period = _figure_of(made.offered.figure(item.value)) if item else ("", "")
    told = item if value else None
    words = [pen.caption_text(told.label), pen.caption_text(told.note) or period] if told else []
    return Card(
        site=_("Fintech Cases"),
        kicker=_kicker(made.text.case.kind),
        title=made.text.title(made.figures),
        language=language(),
        label=SEPARATORS[language()].join(part for part in words if part),
        value=value,
        chart=drawn_chart(chart, pen, made.offered).spec if chart and not value else None,
    )


def _kicker(kind: str) -> str:
    names = {Case.Kind.CASE: _("Case"), Case.Kind.TECHNOLOGY: _("Technology")}
    return names.get(Case.Kind(kind), _("Overview"))


def _figure_of(figure: ResolvedFigure) -> tuple[str, str]:
    """Value and period of a figure, "" where it has no value."""
    return (figure.formatted.text, figure.period_label) if figure.formatted else ("", "")


def _answered(request: HttpRequest, card: Callable[[], Card]) -> HttpResponse:
    def write(moment: Moment | None, stand: Stand, etag: str) -> HttpResponse:
        made = card()
        return png_answer(request, Looks(WIDTH), etag, lambda looks: card_document(made, looks))

    return stood_answer(request, (), write)
