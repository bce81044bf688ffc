"""Charts in frames of other sites: live, or as of a change for ever."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from cases.markup.exhibits import Timeline
from cases.markup.pen import Pen
from cases.only_read import only_read
from cases.selectors.addresses import as_of, own_address, text_url
from cases.selectors.data_files import Stand
from cases.selectors.exhibits import Grid, SourceLine
from cases.views.asked import asked_once
from cases.views.charts import chart_of_series, charts_of_text, held_back_note
from cases.views.embed_code import frame_height
from cases.views.errors import ParameterError
from cases.views.exhibits import DrawnTimeline, PageResolver, drawn_chart, drawn_timeline
from cases.views.frame import oembed_address
from cases.views.moments import Moment
from cases.views.pages import language
from cases.views.series import VALUE_PARAMETERS
from cases.views.stood import stood_answer
from metrics.charts import Spec, render_both_widths
from metrics.charts.palette import PALETTES

TEXT_PARAMETERS = ("as_of", "theme")
SERIES_PARAMETERS = (*VALUE_PARAMETERS, "theme")
View = Callable[..., HttpResponse]


def framed(view: View) -> Callable[..., HttpResponseBase]:
    """A page that any site may show in a frame; every other page refuses it."""

    @only_read
    @xframe_options_exempt
    @csp_replace({"frame-ancestors": ["*"]})
    @wraps(view)
    def answer(request: HttpRequest, **kwargs: str) -> HttpResponse:
        response = view(request, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    return answer


@framed
def text(request: HttpRequest, slug: str, kind: str, name: str = "") -> HttpResponse:
    """A chart of a text by its name; without one the text itself, with its first chart."""
    return _answered(request, TEXT_PARAMETERS, lambda moment: text_frame(slug, kind, name, moment))


@framed
def series(request: HttpRequest, key: str) -> HttpResponse:
    """The chart of a series as its page is asked for it."""
    return _answered(request, SERIES_PARAMETERS, lambda moment: series_frame(request, key, moment))


@dataclass(frozen=True, slots=True)
class Frame:
    """What a frame shows: the path and title of a page, and of it a chart, or the text in short.

    `held_back` says that values are kept from other sites, where any are.
    """

    path: str
    page_title: str
    title: str
    chart_title: str = ""
    standfirst: str = ""
    subtitle: str = ""
    drawing: SafeString = SafeString()  # noqa: RUF009  it never changes
    grid: Grid | None = None
    timeline: DrawnTimeline | None = None
    sources: tuple[SourceLine, ...] = ()
    held_back: str = ""

    @property
    def height(self) -> int:
        """Pixels that it needs."""
        return frame_height(self.drawing)


def text_frame(slug: str, kind: str, name: str, moment: Moment | None) -> Frame:
    """Raises NotPublishedError, NotThenError, and Http404 where there is no such chart."""
    made = charts_of_text(slug, kind, moment)
    chart = made.drawing(name) if name else made.first
    if name and chart is None:
        raise Http404
    title = made.text.title(made.figures)
    frame = Frame(
        path=text_url(kind, slug, language(), moment.seq if moment else None),
        page_title=title,
        title=title,
        standfirst="" if name else made.text.standfirst(made.figures),
    )
    if chart is None:
        return frame
    pen = Pen(language(), PageResolver(made.figures), made.withheld)
    if isinstance(chart, Timeline):
        return _timeline_frame(frame, drawn_timeline(chart, pen, made.figures))
    drawn = drawn_chart(chart, pen, made.offered)
    return replace(
        frame,
        title=drawn.plain_title if name else title,
        chart_title="" if name else drawn.plain_title,
        subtitle=drawn.plain_subtitle,
        drawing=_drawing(drawn.spec),
        grid=drawn.grid,
        sources=drawn.sources,
        held_back=held_back_note() if made.is_held_back(chart) else "",
    )


def _timeline_frame(frame: Frame, drawn: DrawnTimeline) -> Frame:
    """Raises Http404 where the events cannot be drawn."""
    if not drawn.is_drawn:
        raise Http404
    return replace(
        frame,
        title=drawn.plain_title,
        drawing=_drawing(drawn.spec),
        timeline=drawn,
        sources=drawn.sources,
    )


def series_frame(request: HttpRequest, key: str, moment: Moment | None) -> Frame:
    """By the parameters of the request. Raises ParameterError, and Http404 without a chart."""
    drawn = chart_of_series(request, key, moment)
    (part,) = drawn.parts
    return Frame(
        path=as_of(drawn.path, moment.seq if moment else None),
        page_title=part.title,
        title=part.title,
        subtitle=part.subtitle,
        drawing=_drawing(part.spec),
        grid=drawn.grid,
        sources=drawn.sources,
        held_back=held_back_note() if drawn.is_held_back else "",
    )


def _drawing(spec: Spec) -> SafeString:
    return mark_safe(render_both_widths(spec, chart_id="chart"))  # noqa: S308  escaped there


def asked_theme(request: HttpRequest) -> str:
    """The colours asked for; "" for those of the reader. Raises ParameterError."""
    theme = asked_once(request, "theme")
    if theme and theme not in PALETTES:
        expected = _("Expected one of %s.") % ", ".join(PALETTES)
        raise ParameterError("theme", theme, expected=expected)
    return theme


def _answered(
    request: HttpRequest, known: tuple[str, ...], build: Callable[[Moment | None], Frame]
) -> HttpResponse:
    def write(moment: Moment | None, stand: Stand, etag: str) -> HttpResponse:
        frame = build(moment)
        context = {
            "frame": frame,
            "theme": asked_theme(request),
            "moment": moment,
            "on": localdate(stand.at),
            "seq": stand.seq,
            "canonical": own_address(frame.path.partition("?")[0]),
            "oembed": oembed_address(own_address(request.get_full_path())),
        }
        return HttpResponse(render_to_string("embed/embed.html", context, request))

    return stood_answer(request, known, write)
