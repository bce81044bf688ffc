"""What exhibits show: charts, tables and timelines as plain rows for the templates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, override

from cases.markup.exhibits import Chart, Quote, Table, Timeline
from cases.markup.resolver import ResolvedFigure
from cases.markup.tokens import Reference
from cases.selectors.addresses import page_url
from cases.selectors.figures import Figures
from metrics.models import Series
from metrics.selectors.printing import in_language, place, place_order, places
from metrics.selectors.timeline import TimelineEvent
from metrics.stats.periods import Period

SEPARATORS = {"zh-hans": "，", "en": ", "}


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in a table; `text` is its number, or says why there is none."""

    text: str
    kind: str = "missing"
    url: str = ""
    title: str = ""

    @property
    def is_missing(self) -> bool:
        return self.kind == "missing"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its heading, its cells, and the address of what it is about."""

    heading: str
    cells: tuple[Cell, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its column headings."""

    corner: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source and the places in it that were quoted."""

    slug: str
    title: str
    url: str
    place: str
    count: int = 0


def cell_of(figure: ResolvedFigure) -> Cell:
    """A figure as a table cell."""
    if figure.formatted is None:
        return Cell("—", title=figure.null_text)
    text = figure.formatted.text
    title = " · ".join(part for part in (figure.series_name, figure.period_label) if part)
    return Cell(text, str(figure.kind), figure.url, title)


def series_labels(
    series: Iterable[Series], language: str, given: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Short names that tell some series apart: entities, indicators, or both."""
    rows = list(series)
    entities = {one.entity_id for one in rows}
    indicators = {one.indicator_id for one in rows}
    labels = {}
    for one in rows:
        entity = in_language(one.entity, "name", language)
        indicator = in_language(one.indicator, "name", language)
        if len(entities) == 1:
            labels[one.key] = indicator
        else:
            labels[one.key] = entity if len(indicators) == 1 else f"{entity} · {indicator}"
    return labels | dict(given or {})


# A series and what is shown of it.
Row = tuple[Series, list[Reference]]


def chart_rows(chart: Chart, figures: Figures) -> list[Row]:
    """The series of a chart that exist, each with references to the periods it shows.

    Spans and undated values have no place on an axis of time: they show only where a series has
    nothing else.
    """
    known = [key for key in chart.series if key in figures.panel.series]
    shown = {key: _shown_periods(chart, key, figures) for key in known}
    if chart.type == "slope":
        ends = chart.periods or _ends(shown, chart, figures)
        shown = {key: [code for code in ends if code in shown[key]] for key in known}
    return [
        (figures.panel.series[key], [Reference(key, code, chart.units) for code in shown[key]])
        for key in known
    ]


def _shown_periods(chart: Chart, key: str, figures: Figures) -> list[str]:
    """Codes of the periods that a chart of all of them, or of one, shows of a series."""
    periods = figures.periods(Reference(key, chart.period or "*", chart.units))
    regular = [period for period in periods if period.is_regular]
    return [period.code for period in regular or periods]


def _ends(shown: Mapping[str, list[str]], chart: Chart, figures: Figures) -> tuple[str, ...]:
    """The first and the last period for which every series has a value; of any, where none is."""
    have = [
        {code for code in codes if _has_value(Reference(key, code, chart.units), figures)}
        for key, codes in shown.items()
    ]
    common = set.intersection(*have) if have else set()
    periods = sorted(map(Period.parse, common if len(common) > 1 else set().union(*have)))
    return (
        (periods[0].code, periods[-1].code)
        if len(periods) > 1
        else tuple(period.code for period in periods)
    )


def _has_value(reference: Reference, figures: Figures) -> bool:
    return figures.figure(reference).formatted is not None


def periods_of_rows(rows: Sequence[Row]) -> list[Period]:
    """The periods that any of the rows shows, in order."""
    return sorted({Period.parse(ref.period) for _, shown in rows for ref in shown})


def rows_grid(rows: Sequence[Row], units: str, figures: Figures, labels: Mapping[str, str]) -> Grid:
    """The data behind a chart: a row for each period, a column for each series."""
    periods = periods_of_rows(rows)
    series = [one for one, _ in rows]
    lines = tuple(
        Line(
            period_heading(period, series, figures),
            tuple(cell_of(figures.figure(Reference(s.key, period.code, units))) for s in series),
        )
        for period in periods
    )
    columns = tuple(labels[one.key] for one in series)
    with override(figures.language):
        return Grid(gettext("Period"), columns, lines)


def table_grid(table: Table, figures: Figures, labels: Mapping[str, str]) -> Grid:
    """A table exhibit: a row for each series, a column for each period."""
    series = [figures.panel.series[key] for key in table.series if key in figures.panel.series]
    lines = tuple(
        Line(
            labels[one.key],
            tuple(
                cell_of(figures.figure(Reference(one.key, code, table.units)))
                for code in table.periods
            ),
            figures.url(one.key),
        )
        for one in series
    )
    columns = tuple(_column(code, series, figures) for code in table.periods)
    with override(figures.language):
        return Grid(gettext("Series"), columns, lines)


def _column(code: str, series: list[Series], figures: Figures) -> str:
    if code in ("latest", "previous"):
        with override(figures.language):
            return gettext("Latest") if code == "latest" else gettext("Previous")
    return period_heading(Period.parse(code), series, figures)


def period_heading(period: Period, series: Iterable[Series], figures: Figures) -> str:
    """A period above or before several series: 2017年末 only where all of them are moments."""
    labels = [
        figures.moment(one, period, figures.panel.values_of(one.key).get(period))
        for one in series
        if period in figures.panel.values_of(one.key)
    ]
    if len(set(labels)) == 1:
        return labels[0]
    return period.label(figures.language) or (labels[0] if labels else period.code)


def subtitle(series: list[Series], periods: Iterable[str], units: str, language: str) -> str:
    """Measure, period and unit, for an exhibit whose author gave none."""
    names = {in_language(one.indicator, "name", language): None for one in series}
    nouns = {in_language(one.indicator.unit, "name", language): None for one in series}
    parts = [*names] if len(names) == 1 else []
    parts += list(dict.fromkeys(period for period in periods if period))
    if units == "lin" and len(nouns) == 1:
        parts += [*nouns]
    return SEPARATORS[language].join(parts)


def sources_of(references: Iterable[Reference], figures: Figures) -> tuple[SourceLine, ...]:
    """The sources of the stored values behind some references, with the places quoted."""
    found: dict[int, dict[str, None]] = {}
    for reference in references:
        for period in figures.periods(reference):
            value = figures.panel.values_of(reference.series).get(period)
            if value is not None and value.source_id in figures.panel.sources:
                found.setdefault(value.source_id, {})[value.locator] = None
    lines = [_source_line(pk, locators, figures) for pk, locators in found.items()]
    return tuple(sorted(lines, key=lambda line: (-line.count, line.slug)))


def source_of_quote(quote: Quote, figures: Figures) -> SourceLine | None:
    """Where a quote stands; None where it names no source."""
    source, language = figures.cited.get(quote.source), figures.language
    if source is None:
        return None
    return SourceLine(
        slug=source.slug,
        title=in_language(source, "title", language),
        url=page_url(language, "source", source.slug),
        place=place(quote.locator, language),
        count=1,
    )


def _source_line(pk: int, locators: Iterable[str], figures: Figures) -> SourceLine:
    source, language = figures.panel.sources[pk], figures.language
    named = sorted((locator for locator in locators if locator), key=place_order)
    return SourceLine(
        slug=source.slug,
        title=in_language(source, "title", language),
        url=page_url(language, "source", source.slug),
        place=places(named, language),
        count=len(named),
    )


def shown_events(exhibit: Timeline, figures: Figures) -> tuple[TimelineEvent, ...]:
    """The events of a timeline, from and to its periods."""
    start = Period.parse(exhibit.start).start if exhibit.start else None
    end = Period.parse(exhibit.end).end if exhibit.end else None
    return tuple(
        event
        for event in figures.events
        if event.entity_slug in exhibit.entities
        and (start is None or (event.period.start is not None and event.period.start >= start))
        and (end is None or (event.period.start is not None and event.period.start <= end))
    )
