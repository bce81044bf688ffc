"""Records: what opens beside a figure in a text."""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from cases.markup.pen import Note
from cases.markup.resolver import FigureKind, ResolvedFigure
from cases.selectors.addresses import page_url
from cases.selectors.figures import UNCHANGED, Figures
from metrics.selectors.printing import printed_interval, printed_value, rule_text
from metrics.selectors.values import Value


@dataclass(frozen=True, slots=True)
class Implied:
    """A neighbouring value that a stated change implies, in words and with its address."""

    label: str
    number: str
    url: str


@dataclass(frozen=True, slots=True)
class Record:
    """The record of one figure; empty texts are left out by the template."""

    id: str
    figure: ResolvedFigure
    value_text: str
    interval: str
    rule: str
    implied: Implied | None
    series_url: str
    lineage_url: str
    history_url: str

    @property
    def kind(self) -> FigureKind:
        return self.figure.kind


def record_of(note: Note, figures: Figures) -> Record:
    """The record behind a note of a rendered text."""
    reference, figure = note.reference, note.figure
    series = figures.panel.series[reference.series]
    _, bounds, value = figures.cell(reference)
    unit, language = series.indicator.unit, figures.language
    is_plain = reference.transform == UNCHANGED
    rule = figures.panel.rule_of(value) if value and is_plain else None
    return Record(
        id=note.id,
        figure=figure,
        value_text=_value_text(figure, language),
        interval=printed_interval(bounds, unit, language) if is_plain else "",
        rule=rule_text(rule, language) if rule else "",
        implied=_implied(reference.series, value, figures) if value and is_plain else None,
        series_url=figures.url(series.key),
        lineage_url=_lineage_url(note, figures),
        history_url=_history_url(note, figures) if value and value.kind == "stated" else "",
    )


def _lineage_url(note: Note, figures: Figures) -> str:
    """Where the value comes from, as stated or transformed, as of the moment of the figures."""
    code = note.reference.transform
    asked = {
        "period": note.figure.period_code,
        "units": "" if code == UNCHANGED else code,
        "as_of": "" if figures.seq is None else str(figures.seq),
    }
    path = page_url(figures.language, "lineage", note.reference.series)
    return f"{path}?{urlencode({name: text for name, text in asked.items() if text})}"


def _history_url(note: Note, figures: Figures) -> str:
    """What was known of the period when."""
    asked = {} if figures.seq is None else {"as_of": str(figures.seq)}
    query = urlencode({**asked, "period": note.figure.period_code})
    return f"{page_url(figures.language, 'series', note.reference.series)}?{query}#known"


def _value_text(figure: ResolvedFigure, language: str) -> str:
    number = figure.formatted.text if figure.formatted else "—"
    noun = figure.unit_noun
    if noun and language == "en" and figure.value == Decimal(1):
        noun = noun.removesuffix("s")
    return f"{number} {noun}".strip()


def _implied(key: str, value: Value, figures: Figures) -> Implied | None:
    """The earlier value that this one and its stated growth imply, where it stands."""
    if value.kind != FigureKind.STATED:
        return None
    values = figures.panel.values_of(key)
    calendar = figures.panel.calendar_of(key)
    for earlier in (calendar.year_ago(value.period), calendar.previous(value.period)):
        found = values.get(earlier) if earlier else None
        if earlier and found is not None and found.kind == FigureKind.IMPLIED:
            series = figures.panel.series[key]
            number = printed_value(found, series.indicator.unit, figures.language)
            if number is not None:
                url = figures.url(key, earlier.code)
                return Implied(figures.moment(series, earlier, found), number.text, url)
    return None
