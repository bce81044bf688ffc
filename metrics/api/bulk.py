"""Observations of all series, or of all of a kind, as one answer that is made while it is sent."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from metrics.api.observation_parameters import BULK_FILTERS, asked_after_seq
from metrics.api.problems import ParameterError
from metrics.api.streams import DatabaseStream, take_turn
from metrics.api.tabular import CSV, JSON_LINES, json_rows
from metrics.api.value_parameters import question_of
from metrics.files.comma import csv_lines
from metrics.models import Entity, Indicator, Series, Source
from metrics.selectors.observation_page import AskedSeries, PageRequest
from metrics.selectors.observation_stream import (
    asked_batches,
    has_more_rows,
    line_batches,
    row_batches,
    series_of,
)
from metrics.selectors.question import Question

if TYPE_CHECKING:
    from metrics.api.endpoint import Endpoint

FORMATS: Final = ("csv", "jsonl")
# Of how many series a transform or an aggregation is checked and made in one answer.
MOST_COMPUTED: Final = 10_000
_OF_PAGES: Final = ("limit", "cursor")
_OF_VINTAGES: Final = ("realtime_start", "realtime_end", "vintage_dates", "output_type")
_KEYS: Final[dict[str, tuple[Any, str]]] = {
    "entity": (Entity, "slug"),
    "indicator": (Indicator, "key"),
    "source": (Source, "slug"),
}


def is_bulk(request: Request) -> bool:
    return "series" not in request.query_params


def refuse_filters(given: dict[str, Any]) -> None:
    """Raise ParameterError for a filter beside `series`."""
    for name in BULK_FILTERS:
        if name in given:
            detail = _("Expected series, or entity, indicator and source, not both.")
            raise ParameterError.of(name, "conflicting_parameters", detail)


def bulk_answer(endpoint: "Endpoint", request: Request, given: dict[str, Any]) -> Any:
    """All rows as CSV or lines of JSON. Raises ParameterError and Busy."""
    form = request.accepted_renderer.format
    _refuse_what_has_pages(request, form)
    series = _asked(given)
    question = _question(given, series)
    after_seq = asked_after_seq(given)
    _refuse_too_many(endpoint, series, after_seq)
    wanted = PageRequest(
        limit=1,
        start=given.get("observation_start"),
        end=given.get("observation_end"),
        is_descending=given["sort_order"] == "desc",
        after_seq=after_seq,
    )
    made = _csv(series, question, wanted) if form == "csv" else _lines(series, question, wanted)
    kind = f"{CSV}; charset=utf-8" if form == "csv" else JSON_LINES
    name = f"observations-{endpoint.seq}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if request.method == "HEAD":
        return StreamingHttpResponse((), content_type=kind, headers=headers)
    is_whole = (wanted.start, wanted.end, after_seq) == (None, None, None)

    def note() -> None:
        if question.seq is None:
            endpoint.note_all_taken(series, endpoint.seq, is_whole=is_whole)

    turn = take_turn()
    turn.push(endpoint.moment.pop_all())  # the transaction goes on until the last row is sent
    return StreamingHttpResponse(
        DatabaseStream(made, turn, note),
        content_type=kind,
        headers=headers,
    )


def _refuse_what_has_pages(request: Request, form: str) -> None:
    if form not in FORMATS:
        detail = _("Expected up to 100 series keys; without them the format csv or jsonl.")
        raise ParameterError.of("series", "required", detail)
    for name in (*_OF_PAGES, *_OF_VINTAGES):
        if name in request.query_params:
            detail = _(
                "Expected this only with series: an answer in bulk has no pages nor vintages."
            )
            raise ParameterError.of(name, "not_in_bulk", detail)


def _asked(given: dict[str, Any]) -> QuerySet[Series]:
    for name, (model, field) in _KEYS.items():
        if name in given and not model.objects.filter(**{field: given[name]}).exists():
            detail = _("Nothing here has the key “%(value)s”.") % {"value": given[name]}
            raise ParameterError.of(name, "invalid_choice", detail)
    return series_of(**{name: given.get(name) for name in _KEYS})


def _question(given: dict[str, Any], series: QuerySet[Series]) -> Question:
    """Whether it suits the series is only looked at where something is computed."""
    asked: list[AskedSeries] = []
    if given["units"] != "lin" or given.get("frequency"):
        asked = [one for lot in asked_batches(series[: MOST_COMPUTED + 1]) for one in lot]
        if len(asked) > MOST_COMPUTED:
            detail = _("Expected at most %d series to compute of: narrow them down.")
            raise ParameterError.of("units", "too_many_series", detail % MOST_COMPUTED)
    return question_of(given, asked)


def _refuse_too_many(endpoint: "Endpoint", series: QuerySet[Series], after_seq: int | None) -> None:
    if endpoint.admission is not None and endpoint.admission.is_keyed:
        return
    most: int = settings.API_ANONYMOUS_BULK_ROWS
    if has_more_rows(series, most, after_seq):
        detail = _(
            "Without a key an answer has at most %d values: narrow it by entity, indicator or "
            "source, take the newest of the exports, or ask for a key."
        )
        raise ParameterError.of("series", "too_many_rows", detail % most, BULK_FILTERS)


def _csv(series: QuerySet[Series], question: Question, wanted: PageRequest) -> Generator[str]:
    yield csv_lines(question.columns)
    for rows in row_batches(series, question, wanted):
        yield csv_lines(*rows)


def _lines(series: QuerySet[Series], question: Question, wanted: PageRequest) -> Generator[str]:
    if question.is_plain:
        lots: Any = line_batches(series, wanted)
    else:
        batches = row_batches(series, question, wanted)
        lots = (json_rows(question.columns, rows) for rows in batches)
    for lines in lots:
        yield "".join(f"{line}\n" for line in lines)
