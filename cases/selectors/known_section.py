"""The section of a series' page that tells what was known when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cases.selectors.addresses import page_url
from cases.selectors.cards import Link
from cases.selectors.notice_lines import either
from metrics.models import Series
from metrics.selectors.facts import signed
from metrics.selectors.known_when import Telling, known_when
from metrics.selectors.panel import Panel
from metrics.selectors.printing import (
    in_language,
    moment,
    place,
    printed_transform,
    printed_value,
    reason_text,
    reported_year,
)
from metrics.selectors.statements import Statement
from metrics.stats.natures import NATURES, GrowthKind, Nature
from metrics.stats.periods import Period
from metrics.stats.rules import difference, growth

MOST_PERIODS = 6
MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class KnownLine:
    """One statement of a period: what it put in the place of what, by whom, when, and why.

    `before` is empty where nothing stood there, or where the same did. `url` is that of the change.
    """

    before: str
    after: str
    happened: str
    source: Link | None
    place: str
    source_on: date | None
    at: datetime | None
    url: str
    reason: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class KnownPeriod:
    """The statements of a period in order, the last `MOST_TOLD` of them.

    `initial` and `current` are the first and the present value where they differ, `change` is how
    far apart they are, where that is told.
    """

    code: str
    label: str
    lines: tuple[KnownLine, ...]
    further: int
    initial: str = ""
    current: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What was known when: of a chosen period, or of the latest that a source states."""

    periods: tuple[KnownPeriod, ...]
    chosen: str
    is_revised: bool


def known_section(
    series: Series, panel: Panel, language: str, chosen: Period | None, seq: int | None = None
) -> Known:
    """As told at a seq (None: now). Four queries."""
    stated = [p for p, value in panel.values_of(series.key).items() if value.source_id is not None]
    periods = [chosen] if chosen else stated[: -MOST_PERIODS - 1 : -1]
    found = known_when(series, periods, seq)
    shown = tuple(_period(series, one, told, language) for one, told in found.items())
    return Known(
        periods=shown,
        chosen=chosen.code if chosen else "",
        is_revised=any(len(one.lines) > 1 for one in shown),
    )


def _period(series: Series, period: Period, told: Sequence[Telling], language: str) -> KnownPeriod:
    first, last = told[0].statement, told[-1].statement
    source = told[-1].source
    differ = first.value.figure != last.value.figure
    return KnownPeriod(
        code=period.code,
        label=moment(period, series.indicator, language, reported_year(last.value, source)),
        lines=tuple(_line(series, one, language) for one in told[-MOST_TOLD:]),
        further=max(0, len(told) - MOST_TOLD),
        initial=_printed(series, first, language) if differ else "",
        current=_printed(series, last, language) if differ else "",
        change=_change(series, first, last, language) if differ else "",
    )


def _line(series: Series, one: Telling, language: str) -> KnownLine:
    is_same = one.before is None or one.happened == "repeated"
    return KnownLine(
        before="" if is_same or not one.before else _printed(series, one.before, language),
        after=_printed(series, one.statement, language),
        happened=one.happened,
        source=_source(one, language),
        place=place(one.statement.value.locator, language),
        source_on=one.source_on,
        at=one.at,
        url=page_url(language, "release", str(one.seq)),
        reason=either(_given(one.reason), language),
        is_current=one.is_current,
    )


def _source(one: Telling, language: str) -> Link | None:
    if one.source is None:
        return None
    slug = one.source.slug
    title = in_language(one.source, "title", language)
    return Link(title, page_url(language, "source", slug), slug)


def _given(reason: Mapping[str, str]) -> Mapping[str, str]:
    return {language: text for language, text in reason.items() if text}


def _printed(series: Series, one: Statement, language: str) -> str:
    number = printed_value(one.value, series.indicator.unit, language)
    return number.text if number else reason_text(one.value.figure.null_reason, language)


def _change(series: Series, first: Statement, last: Statement, language: str) -> str:
    """From the first value to the present one, as the nature of the series tells changes."""
    kind = NATURES[Nature(series.indicator.nature)].growth_kind
    before, now = first.value.figure, last.value.figure
    if kind is GrowthKind.NONE or before.is_missing or now.is_missing:
        return ""
    is_percent = kind is GrowthKind.PERCENT
    figure = growth(now, before) if is_percent else difference(now, before)
    unit = series.indicator.unit
    number = printed_transform(figure, "pch" if is_percent else "chg", unit, language)
    return signed(figure, number.text) if number else ""
