"""Exhibits as HTML: the resolver of pages, with a template for each kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from cases.markup.cells import cells_of_exhibit
from cases.markup.exhibits import (
    Callout,
    Chart,
    Exhibit,
    Image,
    KeyFigures,
    Quote,
    Table,
    Timeline,
)
from cases.markup.pen import Pen
from cases.markup.resolver import ResolvedFigure
from cases.markup.tokens import Reference
from cases.selectors.addresses import ChartAddresses, own_address, picture_url
from cases.selectors.drawings import chart_spec
from cases.selectors.exhibits import (
    Grid,
    SourceLine,
    chart_rows,
    rows_grid,
    series_labels,
    shown_events,
    source_of_quote,
    sources_of,
    subtitle,
    table_grid,
)
from cases.selectors.figures import Figures
from cases.selectors.timelines import event_sources, timeline_spec
from cases.selectors.totals import with_totals
from cases.views.embed_code import embed_code, frame_height
from metrics.charts import ChartSpec, TimelineSpec, render_both_widths
from metrics.charts.timeline import can_be_drawn
from metrics.selectors.printing import in_language
from metrics.selectors.timeline import TimelineEvent


@dataclass(frozen=True, slots=True)
class PageResolver:
    """The figures of a text, and its exhibits as HTML.

    `charts`: where each chart stands alone, by its line; those of a draft do nowhere.
    """

    figures: Figures
    charts: Mapping[int, ChartAddresses] = field(default_factory=dict)

    def figure(self, reference: Reference, /) -> ResolvedFigure:
        return self.figures.figure(reference)

    def exhibit(self, exhibit: Exhibit, pen: Pen, /) -> str:
        match exhibit:
            case Chart():
                return self._chart(exhibit, pen)
            case Table():
                return self._table(exhibit, pen)
            case KeyFigures():
                return self._key_figures(exhibit, pen)
            case Timeline():
                return self._timeline(exhibit, pen)
            case Callout():
                return self._callout(exhibit, pen)
            case Quote():
                return self._quote(exhibit, pen)
            case Image():
                return self._image(exhibit, pen)
        return ""

    def _chart(self, chart: Chart, pen: Pen) -> str:
        return self._drawing("chart", chart.line, drawn_chart(chart, pen, self.figures))

    def _drawing(self, kind: str, line: int, drawn: "DrawnChart | DrawnTimeline") -> str:
        addresses = self.charts.get(line) if drawn.is_drawn else None
        embedded = own_address(addresses.embed) if addresses else ""
        return _drawing_html(kind, line, drawn, addresses, embedded, get_language())

    def _table(self, table: Table, pen: Pen) -> str:
        series = [
            self.figures.panel.series[key]
            for key in table.series
            if key in self.figures.panel.series
        ]
        given = {key: pen.caption_text(label) for key, label in table.labels.items()}
        labels = series_labels(series, self.figures.language, given)
        below = subtitle(series, [], table.units, self.figures.language)
        return _rendered(
            "table",
            title=mark_safe(pen.caption(table.title)),  # noqa: S308
            plain_title=pen.caption_text(table.title),
            subtitle=mark_safe(pen.caption(table.subtitle) or pen.caption(below)),  # noqa: S308
            grid=table_grid(table, self.figures, labels),
            sources=sources_of(cells_of_exhibit(table), self.figures),
        )

    def _key_figures(self, exhibit: KeyFigures, pen: Pen) -> str:
        items = [
            {
                "label": mark_safe(pen.caption(item.label)),  # noqa: S308
                "value": mark_safe(pen.figure(item.value)),  # noqa: S308
                "note": mark_safe(  # noqa: S308
                    pen.caption(item.note) or pen.caption(self.figure(item.value).period_label)
                ),
            }
            for item in exhibit.items
        ]
        return _rendered("key_figures", items=items)

    def _timeline(self, exhibit: Timeline, pen: Pen) -> str:
        return self._drawing("timeline", exhibit.line, drawn_timeline(exhibit, pen, self.figures))

    def _callout(self, exhibit: Callout, pen: Pen) -> str:
        return _rendered(
            "callout",
            title=mark_safe(pen.caption(exhibit.title)),  # noqa: S308
            text=mark_safe(pen.block(exhibit.text)),  # noqa: S308
        )

    def _quote(self, exhibit: Quote, pen: Pen) -> str:
        source = source_of_quote(exhibit, self.figures)
        return _rendered(
            "quote",
            text=mark_safe(pen.caption(exhibit.text)),  # noqa: S308
            by=mark_safe(pen.caption(exhibit.by)),  # noqa: S308
            source=source,
            place=source.place if source else exhibit.locator,
        )

    def _image(self, exhibit: Image, pen: Pen) -> str:
        picture = self.figures.pictures.get(exhibit.picture)
        return _rendered(
            "image",
            picture=picture,
            src=picture_url(picture) if picture else "",
            alt=pen.flagged_text(exhibit.alt),
            caption=mark_safe(pen.caption(exhibit.caption)),  # noqa: S308
            credit=in_language(picture, "credit", self.figures.language) if picture else "",
        )


@dataclass(frozen=True, slots=True)
class DrawnChart:
    """A chart exhibit with its words, marked up and plain, and the data behind it."""

    title: SafeString
    subtitle: SafeString
    plain_title: str
    plain_subtitle: str
    spec: ChartSpec
    grid: Grid
    sources: tuple[SourceLine, ...]
    is_drawn: ClassVar = True


def drawn_chart(chart: Chart, pen: Pen, figures: Figures) -> DrawnChart:
    """The drawing of a chart exhibit of a text that the pen writes."""
    rows = chart_rows(chart, figures)
    series = [one for one, _ in rows]
    given = {key: pen.caption_text(label) for key, label in chart.labels.items()}
    labels = series_labels(series, figures.language, given)
    title = pen.caption_text(chart.title)
    spec = chart_spec(chart, rows, figures, labels, title=title)
    grid = rows_grid(rows, chart.units, figures, labels)
    grid = with_totals(grid, spec.totals, figures.language)
    periods = [grid.lines[0].heading] if len(grid.lines) == 1 else []
    below = chart.subtitle or subtitle(series, periods, chart.units, figures.language)
    return DrawnChart(
        title=mark_safe(pen.caption(chart.title)),  # noqa: S308  escaped by the pen
        subtitle=mark_safe(pen.caption(below)),  # noqa: S308
        plain_title=title,
        plain_subtitle=pen.caption_text(below),
        spec=spec,
        grid=grid,
        sources=sources_of(cells_of_exhibit(chart), figures),
    )


@dataclass(frozen=True, slots=True)
class DrawnTimeline:
    """A timeline exhibit with its words and events; `is_drawn` where a drawing of it is legible."""

    title: SafeString
    plain_title: str
    spec: TimelineSpec
    events: tuple[TimelineEvent, ...]
    has_entities: bool
    sources: tuple[SourceLine, ...]
    is_drawn: bool


def drawn_timeline(exhibit: Timeline, pen: Pen, figures: Figures) -> DrawnTimeline:
    """The drawing of a timeline exhibit of a text that the pen writes."""
    spec = timeline_spec(exhibit, figures, title=pen.caption_text(exhibit.title))
    events = shown_events(exhibit, figures)
    return DrawnTimeline(
        title=mark_safe(pen.caption(exhibit.title)),  # noqa: S308  escaped by the pen
        plain_title=spec.title,
        spec=spec,
        events=events,
        has_entities=len(exhibit.entities) > 1,
        sources=event_sources(events, figures.language),
        is_drawn=can_be_drawn(spec),
    )


# What is drawn of the same words and values is the same, on a page that is made anew for others and
# in the preview of a text that is being written. By all that it is made of, so never another's.
@lru_cache(maxsize=256)
def _drawing_html(
    kind: str,
    line: int,
    drawn: DrawnChart | DrawnTimeline,
    addresses: ChartAddresses | None,
    embedded: str,
    language: str,
) -> str:
    """A figure with its drawing; `embedded`: the address of the page to put into another site's,
    `language` of the words around it."""
    drawing = render_both_widths(drawn.spec, chart_id=f"chart-{line}") if drawn.is_drawn else ""
    height = frame_height(drawing)
    with override(language):
        return _rendered(
            kind,
            **{kind: drawn},
            drawing=mark_safe(drawing),  # noqa: S308  escaped there
            addresses=addresses,
            code=embed_code(embedded, drawn.plain_title, height=height) if addresses else "",
        )


def _rendered(name: str, **context: Any) -> str:
    return render_to_string(f"exhibits/_{name}.html", context)
