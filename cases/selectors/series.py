"""The page of a series, now or as it stood at a seq."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cases.selectors.figures import Figures
from cases.selectors.known_section import Known, known_section
from cases.selectors.notices import Notice, series_notices
from cases.selectors.quoted_in import Quoting, quoted_in
from cases.selectors.series_asked import SeriesAsked, completed
from cases.selectors.series_chart import SeriesChart
from cases.selectors.series_form import SeriesForm, question_words, series_form
from cases.selectors.series_rows import PeriodsPage
from cases.selectors.series_shown import series_shown, shown_subtitle
from metrics.models import Series
from metrics.selectors.computed_record import ComputedRow
from metrics.selectors.definitions import (
    DefinitionVersion,
    definition_versions,
    past_definition_versions,
)
from metrics.selectors.facts import Fact, series_facts
from metrics.selectors.panel import panel_of
from metrics.selectors.printing import in_language, unit_noun
from metrics.selectors.record import SeriesRecord, series_record
from metrics.selectors.redactions import RedactedValue, redacted_values
from metrics.selectors.summaries import ranks_of
from metrics.stats.periods import Period


@dataclass(frozen=True, slots=True)
class EarlierDefinition:
    """What a series meant before a period; `comparable` is why both may be compared, or empty."""

    version: int
    until: str
    text: str
    comparable: str


def _earlier(versions: Sequence[DefinitionVersion], language: str) -> tuple[EarlierDefinition, ...]:
    """The definitions that were replaced, the latest first."""
    pairs = itertools.pairwise(versions)
    earlier = [
        EarlierDefinition(
            version=before.number,
            until=Period.parse(after.since or "").label(language),
            text=_either(before.definition, language),
            comparable=_either(after.comparable or {}, language),
        )
        for before, after in pairs
    ]
    return tuple(reversed(earlier))


def _either(texts: dict[str, str], language: str) -> str:
    """The text in the language, else in the other."""
    return texts.get(language) or next((text for text in texts.values() if text), "")


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """A series as asked, with its record, what was known when, and the texts that quote it.

    `asked` is complete: what the address left to the usual is named. `computed` are the rows where
    something is computed, and the record then has none. `version` is the number of its definition,
    whose text is empty where nothing keeps it.
    """

    asked: SeriesAsked
    form: SeriesForm
    record: SeriesRecord
    computed: tuple[ComputedRow, ...]
    steps: tuple[str, ...]
    paging: PeriodsPage
    figures: Figures
    chart: SeriesChart | None
    subtitle: str
    entity_name: str
    indicator_name: str
    definition: str
    version: int
    earlier: tuple[EarlierDefinition, ...]
    unit_name: str
    unit_noun: str
    facts: tuple[Fact, ...]
    known: Known
    quotes: tuple[Quoting, ...]
    notices: tuple[Notice, ...]
    redactions: tuple[RedactedValue, ...]
    depends_on: frozenset[str]

    @property
    def periods(self) -> tuple[Period, ...]:
        """All that the series has, in order."""
        return tuple(self.record.panel.values_of(self.record.series.key))


def series_page(key: str, language: str, asked: SeriesAsked, user: Any = None) -> SeriesPage:
    """The series as asked, now or as it stood at a seq.

    A fixed number of queries, and for the past up to three for each level of rules. Raises
    Series.DoesNotExist, and QuestionError where the question does not suit the series.
    """
    series = Series.objects.with_definitions().get(key=key)
    asked = completed(asked, series)
    seq = asked.question.seq
    panel = panel_of({key: series}, seq)
    shown = series_shown(series, panel, asked, language)
    record = series_record(series, language, panel, shown.stated, seq)
    figures = Figures(panel, language, seq=seq)
    indicator = series.indicator
    quoting = quoted_in(series, language, user, seq)
    versions = _versions(series, seq)
    told = series_notices(series, figures)
    latest = panel.latest(key)
    ranks = ranks_of(series, latest.code) if latest and seq is None else ()
    return SeriesPage(
        asked=shown.asked,
        form=series_form(shown.asked, series, panel, language),
        record=record,
        computed=shown.computed,
        steps=question_words(shown.asked.question, language),
        paging=shown.paging,
        figures=figures,
        chart=shown.chart,
        subtitle=shown_subtitle(series, shown, language),
        entity_name=in_language(series.entity, "name", language),
        indicator_name=in_language(indicator, "name", language),
        definition=_either(versions[-1].definition, language),
        version=versions[-1].number,
        earlier=_earlier(versions, language),
        unit_name=in_language(indicator.unit, "name", language),
        unit_noun=unit_noun(indicator.unit, language),
        facts=series_facts(panel, key, language, ranks),
        known=known_section(series, panel, language, asked.period, seq),
        quotes=quoting.texts,
        notices=told.notices,
        redactions=redacted_values(series, language),
        depends_on=quoting.depends_on
        | _tags(record, [rank.series.pk for rank in ranks])
        | told.depends_on,
    )


def _versions(series: Series, seq: int | None) -> list[DefinitionVersion]:
    """One query."""
    if seq is None:
        return definition_versions(series.indicator)
    return past_definition_versions(series.indicator, seq)


def _tags(record: SeriesRecord, ranks: Iterable[int]) -> set[str]:
    """The series itself, those its rules take, its ranks: their names and values are shown."""
    shown = {record.series.pk, *record.input_ids, *ranks}
    return {f"series:{pk}" for pk in shown}
