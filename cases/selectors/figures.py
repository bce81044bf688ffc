"""The figures of texts: what tokens and exhibits quote, loaded once and printed on request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from cases.markup.exhibits import Exhibit
from cases.markup.pen import Pen
from cases.markup.references import cells_of, cited_in, entities_of, pictures_of
from cases.markup.resolver import FigureKind, ResolvedFigure
from cases.markup.text import ParsedText
from cases.markup.tokens import ALL_PERIODS, Reference
from cases.models import Picture
from cases.selectors.addresses import page_url, series_url
from cases.selectors.series_rows import MOST_ROWS
from metrics.models import Series, Source, Unit
from metrics.selectors.panel import Panel, series_panel
from metrics.selectors.prepared import prepared
from metrics.selectors.printing import (
    Print,
    in_language,
    moment,
    place,
    printed_transform,
    printed_value,
    reason_text,
    reported_year,
    series_name,
    unit_noun,
)
from metrics.selectors.restricted import offered_panel
from metrics.selectors.row_pages import is_within
from metrics.selectors.timeline import TimelineEvent, timeline
from metrics.selectors.values import Value
from metrics.stats.bounds import Figure
from metrics.stats.numbers import FormattedNumber
from metrics.stats.periods import Period

UNCHANGED = "lin"


@dataclass(frozen=True, slots=True)
class Figures:
    """A resolver over a panel: the figures of any reference to its series, in one language.

    `seq` is the one that the panel was loaded at, which addresses then name; None: now. All periods
    of a series are those that touch the days from `start` to `end`. `cited`: the sources that
    quotes name, by slug; `pictures`: those that images show, without their bytes. It draws no
    exhibits; `cases.views.exhibits` adds that for pages.
    """

    panel: Panel
    language: str
    events: tuple[TimelineEvent, ...] = ()
    seq: int | None = None
    cited: Mapping[str, Source] = field(default_factory=dict)
    start: date | None = None
    end: date | None = None
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    _resolved: dict[Reference, ResolvedFigure] = field(default_factory=dict)

    def figure(self, reference: Reference, /) -> ResolvedFigure:
        if reference not in self._resolved:
            self._resolved[reference] = self._resolve(reference)
        return self._resolved[reference]

    def exhibit(self, exhibit: Exhibit, pen: Pen, /) -> str:
        return ""

    @property
    def offered(self) -> "Figures":
        """Those that may leave the site: in its place a restricted one says that it is."""
        panel = offered_panel(self.panel, self.seq)
        return self if panel is self.panel else replace(self, panel=panel, _resolved={})

    def value(self, key: str, code: str) -> Value | None:
        """The stored value a series has for a period code, relative ones included."""
        period = self.panel.period(key, code)
        return None if period is None else self.panel.values_of(key).get(period)

    def cell(self, reference: Reference) -> tuple[Period | None, Figure, Value | None]:
        """Period, figure after the transform and stored value of a reference."""
        period = self.panel.period(reference.series, reference.period)
        value = self.panel.values_of(reference.series).get(period) if period else None
        if period is None or value is None:
            return period, Figure.missing("not_reported"), None
        if reference.transform == UNCHANGED:
            return period, value.figure, value
        figures = self.panel.transformed(reference.series, reference.transform)
        return period, figures.get(period, Figure.missing("not_determinable")), value

    def periods(self, reference: Reference) -> list[Period]:
        """The periods a reference means: one, or all that the series has."""
        if reference.period == ALL_PERIODS:
            periods = self.panel.values_of(reference.series)
            return [one for one in periods if is_within(one, self.start, self.end)]
        period = self.panel.period(reference.series, reference.period)
        return [] if period is None else [period]

    def moment(self, series: Series, period: Period, value: Value | None) -> str:
        """A period in the words of the series."""
        source = self.panel.source_of(value) if value else None
        year = reported_year(value, source) if value else None
        return moment(period, series.indicator, self.language, year)

    def url(self, key: str, period: str = "") -> str:
        """The page of a series as of the moment of these figures; with a period, its row.

        The table of a long series has pages: its period is named in the query too.
        """
        is_long = bool(period) and len(self.panel.values_of(key)) > MOST_ROWS
        return series_url(key, self.language, period, self.seq, is_long=is_long)

    def _resolve(self, reference: Reference) -> ResolvedFigure:
        series = self.panel.series.get(reference.series)
        period, figure, value = self.cell(reference)
        if series is None or period is None or value is None or figure.is_missing:
            return self._missing(reference, series, period, figure)
        return self._found(reference, series, period, figure, value)

    def _missing(
        self, reference: Reference, series: Series | None, period: Period | None, figure: Figure
    ) -> ResolvedFigure:
        code = period.code if period else reference.period
        return ResolvedFigure(
            series_key=reference.series,
            period_code=code,
            value=None,
            formatted=None,
            null_reason=figure.null_reason,
            null_text=reason_text(figure.null_reason, self.language),
            url=self.url(reference.series) if series else "",
            series_name=series_name(series, self.language) if series else reference.series,
        )

    def _found(
        self, reference: Reference, series: Series, period: Period, figure: Figure, value: Value
    ) -> ResolvedFigure:
        unit, language = series.indicator.unit, self.language
        source = self.panel.source_of(value)
        wish = Print(reference.scale, reference.round_to, reference.plain)
        is_plain = reference.transform == UNCHANGED
        formatted = self._printed(reference.transform, figure, value, unit, wish)
        return ResolvedFigure(
            series_key=series.key,
            period_code=period.code,
            value=figure.value,
            formatted=formatted,
            kind=FigureKind(value.kind) if is_plain else FigureKind.DERIVED,
            url=self.url(series.key, period.code),
            period_label=self.moment(series, period, value),
            stated_text=value.stated if is_plain else "",
            source_title=in_language(source, "title", language) if source else "",
            source_url=page_url(language, "source", source.slug) if source else "",
            locator=place(value.locator, language),
            series_name=series_name(series, language),
            unit_name=in_language(unit, "name", language),
            unit_noun=unit_noun(unit, language) if is_plain else "",
        )

    def _printed(
        self, transform: str, figure: Figure, value: Value, unit: Unit, wish: Print
    ) -> FormattedNumber | None:
        try:
            if transform == UNCHANGED:
                return printed_value(value, unit, self.language, wish)
            return printed_transform(figure, transform, unit, self.language, wish)
        except ValueError:  # a scale that the language or the unit has not: print without it
            return self._printed(transform, figure, value, unit, Print(plain=wish.plain))


def text_figures(texts: Iterable[ParsedText], language: str, seq: int | None = None) -> Figures:
    """The figures that some texts quote, as of a seq (None: now), and the events they show.

    Six queries, one more each where quotes name sources and where images name pictures, and for the
    past up to three for each level of rules. Events and sources of quotes are today's.
    """
    texts = tuple(texts)
    keys = {cell.series for text in texts for cell in cells_of(text)}
    entities = {slug for text in texts for slug in entities_of(text)}
    events = timeline(entities, language)
    return Figures(
        series_panel(keys, seq), language, events, seq, _cited(texts), pictures=_pictures(texts)
    )


def _cited(texts: Iterable[ParsedText]) -> dict[str, Source]:
    slugs = {slug for text in texts for slug in cited_in(text)}
    return {source.slug: source for source in (_sources(slugs) if slugs else ())}


@prepared
def _sources(slugs: Any) -> QuerySet[Source]:
    return Source.objects.filter(slug__any=slugs)


def _pictures(texts: Iterable[ParsedText]) -> dict[str, Picture]:
    slugs = {slug for text in texts for slug in pictures_of(text)}
    return {one.slug: one for one in (_described(slugs) if slugs else ())}


@prepared
def _described(slugs: Any) -> QuerySet[Picture]:
    return Picture.objects.described().filter(slug__any=slugs)
