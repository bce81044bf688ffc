"""What can be downloaded: the values of a series as asked, or those that a text quotes."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from cases.markup.references import cells_of
from cases.markup.tokens import Reference
from cases.selectors.addresses import as_of, series_url
from cases.selectors.cited import Address, series_citation, text_citation
from cases.selectors.figures import Figures
from cases.selectors.file_tables import Tables, Told, file_notes, named_rows, tables_of
from cases.selectors.pages import TextPage, text_page
from cases.selectors.series_asked import SeriesAsked, completed
from metrics.files.data_file import DataFile
from metrics.models import Observation, Redefinition, Series
from metrics.selectors.lineage_steps import asked_of
from metrics.selectors.observation_rows import Material, loaded_material, missing_fields, rows_of
from metrics.selectors.printing import series_name
from metrics.selectors.question import Question
from metrics.selectors.restricted import restricted_of
from metrics.selectors.row_pages import Placed, is_within
from metrics.stats.periods import Period
from metrics.stats.transforms import TransformError

MOST_ROWS = 20_000
# Of how many values at most these may be computed.
MOST_READ = 200_000


class TooManyRowsError(ValueError):
    """More than MOST_ROWS values, or more than MOST_READ to compute them of."""


@dataclass(frozen=True, slots=True)
class Stand:
    """The seq as of which a file stands, when that was published, and whether it was asked for."""

    seq: int
    at: datetime
    is_past: bool

    @property
    def asked_seq(self) -> int | None:
        return self.seq if self.is_past else None


def series_file(
    key: str, language: str, asked: SeriesAsked, stand: Stand, address: Address
) -> DataFile:
    """Raises Series.DoesNotExist, QuestionError and TooManyRowsError.

    A fixed number of queries, and for the past up to three for each level of rules.
    """
    series = _with_redefinitions([key]).get(key=key)
    asked = completed(asked, series)
    question = asked.question
    material = _material([series.pk], question, is_computed=question.is_computed)
    start = asked.first.start if asked.first else None
    end = asked.last.end if asked.last else None
    told = [
        one
        for one in named_rows(_ordered(series, question, material), question)
        if is_within(Period.parse(one[1]["period"]), start, end)
    ]
    tables = tables_of(_bounded(told), {key: series}, language, question.seq, address)
    path = series_url(key, language)
    return DataFile(
        slug=key,
        language=language,
        title=series_name(series, language),
        description=tables.series[0][6] or "",
        url=address(f"{path}?{asked.files}" if asked.files else path),
        citation=series_citation(series, language, stand.seq, stand.at, address, asked.shown).plain,
        **_common(tables, stand, is_text=False),
    )


def text_file(slug: str, kind: str, language: str, stand: Stand, address: Address) -> DataFile:
    """Every value that the title, the words, the charts and the tables of a text quote.

    Raises NotPublishedError and TooManyRowsError. As many queries as the page of the text, and a
    fixed number more.
    """
    page = text_page(slug, kind, language, seq=stand.asked_seq)
    words = replace(page.text, withheld=page.withheld)  # of the past too
    title = words.title(page.figures)
    tables = _text_tables(page, language, stand, address)
    return DataFile(
        slug=slug,
        language=language,
        title=title,
        description=words.standfirst(page.figures),
        url=address(as_of(page.text.url.partition("?")[0], stand.asked_seq)),
        citation=text_citation(page, title, address).plain,
        **_common(tables, stand, is_text=True),
    )


def _common(tables: Tables, stand: Stand, *, is_text: bool) -> dict[str, Any]:
    return {
        "seq": stand.seq,
        "at": stand.at.astimezone(UTC),
        "rows": tables.rows,
        "series": tables.series,
        "sources": tables.sources,
        "notes": tuple(file_notes(tables, is_past=stand.is_past, is_text=is_text)),
    }


def _text_tables(page: TextPage, language: str, stand: Stand, address: Address) -> Tables:
    figures = page.figures
    wanted = [one for one in cells_of(page.text.parsed) if one.series in figures.panel.series]
    series = {one.key: one for one in _with_redefinitions({one.series for one in wanted})}
    question = Question(seq=stand.asked_seq)
    material = _material([one.pk for one in series.values()], question, is_computed=True)
    told = list(_quoted(wanted, figures, series, question, material))
    return tables_of(_bounded(told), series, language, stand.asked_seq, address)


def _quoted(
    wanted: Iterable[Reference],
    figures: Figures,
    series: dict[str, Series],
    question: Question,
    material: Material,
) -> Iterator[Told]:
    """The row of each cell once, in reading order; a cell without one says that it is missing."""
    known: dict[tuple[str, str], dict[str, Told]] = {}
    seen = set()
    for reference in wanted:
        way = (reference.series, reference.transform)
        if way not in known:
            asked = replace(question, units=reference.transform)
            known[way] = _by_period(series[reference.series], asked, material)
        for period in figures.periods(reference):
            if (way, period.code) not in seen:
                seen.add((way, period.code))
                yield known[way].get(period.code) or _missing(
                    series[reference.series], period, replace(question, units=reference.transform)
                )


def _by_period(series: Series, question: Question, material: Material) -> dict[str, Told]:
    """Nothing where the transform does not suit the series, as on the page."""
    try:
        placed = rows_of(asked_of(series), question, material)
    except TransformError:
        return {}
    return {one[1]["period"]: one for one in named_rows(placed, question)}


def _missing(series: Series, period: Period, question: Question) -> Told:
    reason = "not_reported" if question.units == "lin" else "not_determinable"
    fields = missing_fields(series.key, period, reason)
    return question, dict.fromkeys(question.columns) | fields


def _ordered(series: Series, question: Question, material: Material) -> list[Placed]:
    """By the end of the period."""
    placed = rows_of(asked_of(series), question, material)
    return sorted(placed, key=lambda one: one.position.place)


def _material(ids: Collection[int], question: Question, *, is_computed: bool) -> Material:
    """Without what is restricted. Raises TooManyRowsError."""
    stated = Observation.objects.at_seq(question.seq).preferred().filter(series__in=ids)
    if stated[: MOST_READ + 1].count() > MOST_READ:
        raise TooManyRowsError
    material = loaded_material(ids, question, is_computed=is_computed)
    return restricted_of(ids, question.seq).hidden(material)


def _bounded(told: list[Told]) -> list[Told]:
    if len(told) > MOST_ROWS:
        raise TooManyRowsError
    return told


def _with_redefinitions(keys: Collection[str]) -> QuerySet[Series]:
    """Two queries, of which one is for the redefinitions."""
    told = Prefetch("indicator__redefinitions", Redefinition.objects.all())
    return Series.objects.with_definitions().filter(key__in=keys).prefetch_related(told)
