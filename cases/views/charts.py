"""Charts as documents of their own: SVG and PNG, each with its source, its date and its page."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.markup.exhibits import Chart, Timeline
from cases.markup.pen import Pen
from cases.markup.tokens import ALL_PERIODS, Reference
from cases.only_read import only_read
from cases.selectors.addresses import as_of, own_address, page_url, series_url, text_url
from cases.selectors.data_files import Stand
from cases.selectors.exhibits import Grid, SourceLine, sources_of
from cases.selectors.series_shown import series_drawing
from cases.selectors.text_charts import TextCharts, text_charts
from cases.selectors.texts import NotPublishedError
from cases.templatetags.days import day
from cases.views.asked_question import parameter_error
from cases.views.compare import PARAMETERS as COMPARE_PARAMETERS
from cases.views.compare import asked_comparison, comparison, plot_spec
from cases.views.exhibits import PageResolver, drawn_chart, drawn_timeline
from cases.views.moments import Moment, NotThenError
from cases.views.pages import language
from cases.views.picture_answers import LOOKS_PARAMETERS, asked_looks, png_answer, svg_answer
from cases.views.series import VALUE_PARAMETERS, asked_values
from cases.views.stood import stood_answer
from metrics.charts.document import Looks, Part, chart_document
from metrics.selectors.question_checks import QuestionError


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a document is made of: its drawings, their sources, the path of the page it is on.

    `grid`: the data of a lone drawing. `is_held_back`: sources keep values from other sites.
    `is_of_today`: what it shows of the past has no record but that of today.
    """

    parts: tuple[Part, ...]
    sources: tuple[SourceLine, ...]
    path: str
    grid: Grid | None = None
    is_held_back: bool = False
    is_of_today: bool = False


@only_read
def text(request: HttpRequest, slug: str, kind: str, name: str, form: str) -> HttpResponse:
    """A chart of a text that readers see, by its name."""

    def write(moment: Moment | None, stand: Stand, etag: str) -> HttpResponse:
        return _answer(request, form, stand, etag, _chart_of_text(slug, kind, name, moment))

    return stood_answer(request, ("as_of", *LOOKS_PARAMETERS), write)


@only_read
def series(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """The chart of a series as its page is asked for it."""

    def write(moment: Moment | None, stand: Stand, etag: str) -> HttpResponse:
        return _answer(request, form, stand, etag, chart_of_series(request, key, moment))

    return stood_answer(request, (*VALUE_PARAMETERS, *LOOKS_PARAMETERS), write)


@only_read
def compared(request: HttpRequest, form: str) -> HttpResponse:
    """The drawings of a comparison, one below the other."""

    def write(moment: Moment | None, stand: Stand, etag: str) -> HttpResponse:
        asked = asked_comparison(request, moment.seq if moment else None)
        page = comparison(request, asked, is_offered=True) if asked.keys else None
        plots = [plot for plot in page.plots.drawn if plot.kind] if page else []
        if page is None or not plots:
            raise Http404
        parts = tuple(Part(plot_spec(page, plot), plot.title, plot.subtitle) for plot in plots)
        sources = {source.slug: source for line in page.lines for source in line.sources}
        path = f"{page_url(language(), 'compare')}?{asked.but(seq=None)}"
        drawn = Drawn(parts, tuple(sources.values()), path, is_held_back=page.is_held_back)
        return _answer(request, form, stand, etag, drawn)

    return stood_answer(request, (*COMPARE_PARAMETERS, *LOOKS_PARAMETERS), write)


def charts_of_text(slug: str, kind: str, moment: Moment | None) -> TextCharts:
    """Of a text that readers see, or saw. Raises NotPublishedError and NotThenError."""
    try:
        return text_charts(slug, kind, language(), moment.seq if moment else None)
    except NotPublishedError as error:
        if moment:
            raise NotThenError(moment, error.languages, error.now) from None
        raise


def _chart_of_text(slug: str, kind: str, name: str, moment: Moment | None) -> Drawn:
    """A chart or timeline by its name. Raises Http404 where the text has none of it."""
    made = charts_of_text(slug, kind, moment)
    found = made.drawing(name)
    pen = Pen(language(), PageResolver(made.figures), made.withheld)
    path = text_url(kind, slug, language())
    if isinstance(found, Timeline):
        timeline = drawn_timeline(found, pen, made.figures)
        if timeline.is_drawn:
            part = Part(timeline.spec, timeline.plain_title)
            return Drawn((part,), timeline.sources, path, is_of_today=moment is not None)
    if not isinstance(found, Chart):
        raise Http404
    drawn = drawn_chart(found, pen, made.offered)
    part = Part(drawn.spec, drawn.plain_title, drawn.plain_subtitle)
    return Drawn((part,), drawn.sources, path, is_held_back=made.is_held_back(found))


def chart_of_series(request: HttpRequest, key: str, moment: Moment | None) -> Drawn:
    """The drawing of a series. Raises Http404 where it has no course that could be drawn."""
    try:
        asked = asked_values(request, moment)
        drawing = series_drawing(key, language(), asked)
    except ObjectDoesNotExist:
        raise Http404 from None
    except QuestionError as error:
        raise parameter_error(error, request) from None
    if drawing.chart is None:
        raise Http404
    part = Part(drawing.chart.spec, drawing.chart.spec.title, drawing.subtitle)
    sources = sources_of([Reference(key, ALL_PERIODS)], drawing.figures)
    path = series_url(key, language())
    query = urlencode(asked.computing)
    address = f"{path}?{query}" if query else path
    return Drawn((part,), sources, address, drawing.chart.grid, drawing.is_held_back)


def _answer(request: HttpRequest, form: str, stand: Stand, etag: str, drawn: Drawn) -> HttpResponse:
    looks = asked_looks(request, form)
    # The address of the page as of this change, which stays as it is.
    address = own_address(as_of(drawn.path, stand.seq))
    kept = held_back_note() if drawn.is_held_back else ""
    today = _("Names, units, labels and events are those of today.") if drawn.is_of_today else ""
    notes = (source_note(drawn.sources), kept, _stamp(stand), today, address)

    def draw(looks: Looks) -> str:
        return chart_document(drawn.parts, tuple(note for note in notes if note), looks)

    if form == "svg":
        return svg_answer(looks, draw)
    return png_answer(request, looks, etag, draw)


def held_back_note() -> str:
    """That a drawing for other sites lacks values."""
    return _(
        "Values that a source does not let us pass on are left out here; they are on the page."
    )


def source_note(sources: tuple[SourceLine, ...]) -> str:
    """The sources in one line; "" for none."""
    between = pgettext("between parts", ", ")
    told = [between.join(part for part in (one.title, one.place) if part) for one in sources]
    listed = pgettext("between sources", "; ").join(told)
    return _("Source: %(sources)s") % {"sources": listed} if told else ""


def _stamp(stand: Stand) -> str:
    """Who made it, as of which change and day."""
    told = _("as of change %(seq)d, %(day)s") % {"seq": stand.seq, "day": day(localdate(stand.at))}
    return f"{_('Fintech Cases')} · {told}"
