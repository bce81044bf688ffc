"""An import that is held open after each of its statements, while edits and readers go on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from queue import Queue
from threading import Semaphore
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from metrics.models import Change, DerivedValue, Observation, Rule, Series, SeriesSummary
from metrics.services.imports.publishing import publish_import
from metrics.services.refresh import refresh_all
from metrics.services.verification import verify_derived
from tests.metrics.factories import NOW, IndicatorFactory, make_group, make_series, publish
from tests.metrics.services.conftest import WAIT_SECONDS, Others
from tests.metrics.services.imports.conftest import checked, make_layout

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)
NAMES = ("acme", "zeta")
FILE = "entity,period,value\nacme,2017,11\nacme,2018,40\nzeta,2018,60\n"
EDIT_EVERY = 6  # statements of the import


@pytest.fixture
def companies() -> list[Series]:
    """Two companies with their shares of the sum of both; 2018 is 10 and 30, so 25% and 75%."""
    companies = [make_series(f"{name}.revenue", nature="flow") for name in NAMES]
    for name in NAMES:
        make_series(f"{name}.revenue-share", unit="percent", nature="ratio")
    group = make_group("all", companies)
    Rule.objects.create(key="share", kind="share", name_zh_hans="占比", name_en="s", group=group)
    outputs = IndicatorFactory(key="revenue-share").key
    publish(
        *[(one, year, text) for one, text in zip(companies, ("10", "30"), strict=True)
          for year in ("2017", "2018")],
        rule_definitions={"share": {"output": outputs}},
        now=NOW,
    )  # fmt: skip
    refresh_all(now=NOW + SECOND)
    return companies


class Turnstile:
    """Stops another thread after each statement it runs, until it is let on."""

    def __init__(self) -> None:
        self.statements: Queue[str | None] = Queue()
        self.may_go = Semaphore(0)

    @contextmanager
    def held(self) -> Iterator[None]:
        def stop(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            result = execute(sql, params, many, context)
            self.statements.put(sql)
            assert self.may_go.acquire(timeout=WAIT_SECONDS)
            return result

        try:
            with connection.execute_wrapper(stop):
                yield
        finally:
            self.statements.put(None)

    def each(self) -> Iterator[str]:
        """The statements, each while the other thread stands after it."""
        while (sql := self.statements.get(timeout=WAIT_SECONDS)) is not None:
            yield sql
            self.may_go.release()


def answers(client: Client, moments: list[datetime]) -> list[Any]:
    """Values, derived ones among them, transforms and lineage, as of each moment."""
    keys = ",".join(f"{name}.{what}" for name in NAMES for what in ("revenue", "revenue-share"))
    found: list[Any] = []
    for moment in moments:
        asked = {"as_of": moment.isoformat()}
        for query in ({"series": keys}, {"series": "acme.revenue", "units": "pc1"}):
            response = client.get("/api/v1/observations", {**query, **asked})
            assert response.status_code == 200, response.content
            found.append([without_end(row) for row in response.json()["results"]])
        address = "/api/v1/series/acme.revenue-share/lineage"
        found.append(client.get(address, {"period": "2018", **asked}).json())
    return found


def without_end(row: dict[str, Any]) -> dict[str, Any]:
    """`valid_to` tells what came later; all else of a moment stands."""
    return {name: value for name, value in row.items() if name != "valid_to"}


def present() -> tuple[Any, ...]:
    """The current revenue, shares and summaries of 2018, as one statement of each sees them."""
    shares = DerivedValue.objects.filter(period="2018", series__key__endswith="revenue-share")
    values = Observation.objects.current().filter(period="2018", series__key__in=[
        f"{name}.revenue" for name in NAMES])  # fmt: skip
    summaries = SeriesSummary.objects.filter(series__key__endswith=".revenue")
    return (
        tuple(values.order_by("series__key").values_list("value", flat=True)),
        tuple(shares.order_by("series__key").values_list("value", flat=True)),
        tuple(summaries.order_by("series__key").values_list("latest_value", flat=True)),
    )


def edit(series: Series, number: int) -> Callable[[], Change]:
    row = (series, str(2000 + number), str(number))
    return lambda: publish(row, kind="revision", now=NOW + SECOND * (10 + number))


def test_import_held_after_each_statement_changes_no_earlier_answer(
    others: Others, client: Client, companies: list[Series]
) -> None:
    batch = checked(make_layout(), FILE)
    moments = list(Change.objects.order_by("seq").values_list("published_at", flat=True))
    moments = [NOW - SECOND, *moments]
    before, now = answers(client, moments), present()
    assert before[3][0]["value"] == "10"
    assert now[1] == (25, 75)
    turnstile = Turnstile()

    def importing() -> None:
        with turnstile.held():
            publish_import(batch, actor=None, now=NOW + SECOND * 5)

    others.start(importing)
    held = edits = 0
    for _ in turnstile.each():
        assert answers(client, moments) == before
        assert present() == now  # not before it commits, and never in part
        if held % EDIT_EVERY == 0:
            others.start(edit(companies[1], edits))
            edits += 1
        held += 1
    others.end()
    assert held > 20
    assert edits > 3
    assert answers(client, moments) == before
    assert present()[0] == (40, 60)
    refresh_all(now=NOW + SECOND * 100)
    assert answers(client, moments) == before
    assert present()[1:] == ((40, 60), (40, 60))
    assert Observation.objects.current().filter(series=companies[1]).count() == 2 + edits
    assert verify_derived().differences == []
    instants = list(Change.objects.order_by("seq").values_list("published_at", flat=True))
    assert instants == sorted(set(instants))
