"""Observations of one series and of many: JSON built by the database, or a table."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from metrics.api.bulk import bulk_answer, is_bulk, refuse_filters
from metrics.api.cursors import decoded, page_links
from metrics.api.endpoint import Endpoint
from metrics.api.observation_parameters import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    ManySeriesParameters,
    ObservationParameters,
    asked_after_seq,
    is_plain,
    named_keys,
    refuse_unknown_series,
)
from metrics.api.observation_schema import PAGE_PARAMETERS, PAGE_RESPONSES
from metrics.api.pagination import bad_cursor
from metrics.api.parameters import field_names, validated, whole_number
from metrics.api.problems import ParameterError
from metrics.api.tabular import TABLES, Table, TableRenderer, json_rows
from metrics.api.value_parameters import question_of
from metrics.selectors.observation_page import (
    AskedSeries,
    JsonPage,
    PageRequest,
    Position,
    Row,
    asked_series,
    page_rows,
    plain_answer,
)
from metrics.selectors.observation_rows import observation_rows
from metrics.selectors.question import Question
from metrics.selectors.row_pages import Placed, RowsPage, page_of, position_of, rows_page
from metrics.selectors.vintage_rows import vintage_page
from metrics.selectors.vintage_runs import MOST_COMPUTED, TooManyVintagesError
from metrics.stats.periods import Period

Links = tuple[str | None, str | None]


class ObservationsEndpoint(Endpoint):
    """What both endpoints share."""

    renderer_classes: list[Any] = [JSONRenderer, *TABLES]
    parameters_class: type[ObservationParameters] = ObservationParameters

    def known_parameters(self) -> frozenset[str]:
        own = field_names(self.parameters_class)
        return super().known_parameters() | own | {"limit", "cursor"}

    def begin_reading(self, request: Request) -> None:
        """Later: what most ask for is one query, which needs no transaction."""

    def series(self, given: dict[str, Any]) -> list[str]:
        """The keys that are asked for. Raises ParameterError."""
        raise NotImplementedError

    def found(self, keys: list[str], asked: Mapping[str, AskedSeries]) -> list[AskedSeries]:
        """The series of these keys. Raises where some are missing."""
        raise NotImplementedError

    def answer(self, request: Request, given: dict[str, Any]) -> Any:
        """The page that the parameters ask for."""
        keys, wanted = self.series(given), _page_request(request, given)
        if isinstance(request.accepted_renderer, JSONRenderer) and is_plain(given):
            answer = self._plain(request, keys, wanted)
            if answer is not None:
                return answer
        super().begin_reading(request)
        return self._computed(request, self.found(keys, asked_series(keys)), given, wanted)

    def _plain(self, request: Request, keys: list[str], wanted: PageRequest) -> HttpResponse | None:
        """None where the pages before this one were of an earlier seq."""
        answer = plain_answer(keys, wanted)
        self.read_at(request, answer.seq)
        if wanted.seq not in (None, answer.seq):
            return None
        asked = self.found(keys, answer.asked)
        links = self._links(request, answer.page, wanted)
        self._give(asked, wanted, links)
        return _json(answer.page.body, links)

    def _computed(
        self,
        request: Request,
        asked: list[AskedSeries],
        given: dict[str, Any],
        wanted: PageRequest,
    ) -> HttpResponse:
        question = _pinned(question_of(given, asked), wanted, self.seq)
        page = _rows_page(asked, question, wanted)
        links = self._links(request, page, wanted)
        if "as_of" not in given and question.realtime is None:
            self._give(asked, wanted, links)
        renderer = request.accepted_renderer
        if isinstance(renderer, TableRenderer):
            return renderer.answer(self._table(request, asked, question, page, links))
        body = ",".join(json_rows(question.columns, page.rows))
        return _json(body.encode(), links)

    def _give(self, asked: list[AskedSeries], wanted: PageRequest, links: Links) -> None:
        """Whoever gets the last page of pages without a range has the series as of their seq."""
        self.taken = frozenset(one.id for one in asked)
        self.taken_seq = wanted.seq or self.seq
        bounds = (wanted.start, wanted.end, wanted.after_seq)
        self.is_taken_whole = links[0] is None and bounds == (None, None, None)

    def _links(self, request: Request, page: JsonPage | RowsPage, wanted: PageRequest) -> Links:
        seq, is_first = wanted.seq or self.seq, wanted.position is None
        return page_links(request, page, seq, is_backward=wanted.is_backward, is_first=is_first)

    def _table(
        self,
        request: Request,
        asked: list[AskedSeries],
        question: Question,
        page: RowsPage,
        links: Links,
    ) -> Table:
        return Table(
            rows=page.rows,
            question=question,
            frequencies={one.key: one.frequency for one in asked},
            links=links,
            address=request.build_absolute_uri(),
            seq=self.seq,
        )


class SeriesObservationsView(ObservationsEndpoint):
    """The values of one series, stated and derived, in the order of their periods."""

    @extend_schema(
        operation_id="series_observations_list",
        parameters=[ObservationParameters, *PAGE_PARAMETERS],
        responses=PAGE_RESPONSES,
    )
    def get(self, request: Request, key: str) -> Any:
        return self.answer(request, validated(self.parameters_class, request))

    def series(self, given: dict[str, Any]) -> list[str]:
        return [self.kwargs["key"]]

    def found(self, keys: list[str], asked: Mapping[str, AskedSeries]) -> list[AskedSeries]:
        if not asked:
            raise Http404
        return list(asked.values())


class ObservationsView(ObservationsEndpoint):
    """The values of many series, by series and then by period; without `series` in bulk."""

    parameters_class = ManySeriesParameters
    is_streamed = True  # in bulk, for the schema

    @extend_schema(
        operation_id="observations_list",
        parameters=[ManySeriesParameters, *PAGE_PARAMETERS],
        responses=PAGE_RESPONSES,
    )
    def get(self, request: Request) -> Any:
        given = validated(self.parameters_class, request)
        if is_bulk(request):
            Endpoint.begin_reading(self, request)
            return bulk_answer(self, request, given)
        refuse_filters(given)
        return self.answer(request, given)

    def series(self, given: dict[str, Any]) -> list[str]:
        return named_keys(given["series"])

    def found(self, keys: list[str], asked: Mapping[str, AskedSeries]) -> list[AskedSeries]:
        refuse_unknown_series(keys, asked)
        return list(asked.values())

    def scope_of(self, request: Request) -> str:
        return "bulk" if is_bulk(request) else self.scope


def _page_request(request: Request, given: dict[str, Any]) -> PageRequest:
    cursor = request.query_params.get("cursor")
    position, is_backward, seq = decoded(cursor) if cursor is not None else (None, False, None)
    after_seq = asked_after_seq(given)
    return PageRequest(
        limit=whole_number(request, "limit", default=DEFAULT_LIMIT, maximum=MAX_LIMIT),
        start=given.get("observation_start"),
        end=given.get("observation_end"),
        is_descending=given["sort_order"] == "desc",
        position=position,
        is_backward=is_backward,
        seq=None if after_seq is not None else seq,  # the past does not tell when it was computed
        after_seq=after_seq,
    )


def _pinned(question: Question, wanted: PageRequest, seq: int) -> Question:
    """As of the seq of the first page: so what is published between two pages tears nothing."""
    if wanted.seq is None or wanted.seq == seq or question.seq is not None:
        return question
    if wanted.seq > seq:  # of another database
        raise bad_cursor()
    return replace(question, seq=wanted.seq)


def _rows_page(asked: list[AskedSeries], question: Question, wanted: PageRequest) -> RowsPage:
    if question.is_plain:
        rows = page_rows(asked, wanted)
        return page_of([Placed(_position(row), row) for row in rows], wanted)
    if question.realtime is not None:
        return _vintage_page(asked, question, wanted)
    return rows_page(observation_rows(asked, question, wanted), wanted)


def _vintage_page(asked: list[AskedSeries], question: Question, wanted: PageRequest) -> RowsPage:
    try:
        return vintage_page(asked, question, wanted)
    except TooManyVintagesError:
        detail = _("Expected fewer vintages: a transform computes at most %d values of a series.")
        raise ParameterError.of(
            "units", "too_many_vintages", detail % MOST_COMPUTED, ["lin"]
        ) from None


def _position(row: Row) -> Position:
    return position_of(row[0], Period.parse(row[1]))


def _json(rows: bytes, links: tuple[str | None, str | None]) -> HttpResponse:
    following, previous = (json.dumps(link).encode() for link in links)
    body = b'{"next":%b,"previous":%b,"results":[%b]}' % (following, previous, rows)
    return HttpResponse(body, content_type="application/json")
