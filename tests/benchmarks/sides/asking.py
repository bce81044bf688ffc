"""Observations as JSON: ours, of Django REST framework, and without a framework; and a 304."""

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.benchmarks.sides.requests import Asker

Counted = dict[str, Any] | None
SERIES = "/api/v1/series/{}/observations"
KNOWN = 1_000
# As panel.py names and fills them, which imports the models of ours.
MONTHS, KEY = 120, "company-{}.revenue-0.m"


def _query(rows: int) -> str:
    names = ",".join(KEY.format(number) for number in range(-(-rows // MONTHS)))
    return f"?series={names}&limit={rows}"


def _timed(asker: Asker, rows: int) -> Iterator[Counted]:
    """So many answers that each side works for about as long at any size."""
    times = max(4, 24_000 // (rows + 120))
    found = len(json.loads(asker.ask())["results"])
    if found != rows:
        raise AssertionError(f"{asker.path} answers {found} of {rows} rows")
    asker.seconds_of(max(2, times // 10))
    yield None
    yield {"items": times, "seconds": asker.seconds_of(times)}


def ours(rows: int) -> Iterator[Counted]:
    """Through the door, every middleware and the one statement; nothing is kept."""
    asker = Asker(f"/api/v1/observations{_query(rows)}")
    asker.ask()
    queries = _queries_of(asker)
    for counted in _timed(asker, rows):
        yield counted and {**counted, "queries": queries}


def _queries_of(asker: Asker) -> int:
    """The fewest of three: once a second the site looks for releases that are due."""
    counts = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as captured:
            asker.ask()
        counts.append(len(captured))
    return min(counts)


def drf(rows: int) -> Iterator[Counted]:
    yield from _timed(Asker(f"/observations{_query(rows)}"), rows)


def bare(rows: int) -> Iterator[Counted]:
    from tests.benchmarks.peers.bare import application

    asker = Asker(f"/observations{_query(rows)}")
    asker.application = application()
    yield from _timed(asker, rows)


def known() -> Iterator[Counted]:
    """A partner that has the series already: key and quota are looked at all the same."""
    from partners.models import Partner
    from partners.services.keys import issue_key

    partner = Partner.objects.create(name="Bench", contact_email="bench@example.org")
    _key, text = issue_key(partner, name="bench", scopes=["read"], actor=None)
    path, bearer = SERIES.format(KEY.format(0)), f"Api-Key {text}"
    first = Asker(path, authorization=bearer)
    first.ask()
    asker = Asker(
        path,
        HTTPStatus.NOT_MODIFIED,
        authorization=bearer,
        if_none_match=first.answered["ETag"],
    )
    asker.seconds_of(KNOWN // 10)
    queries = _queries_of(asker)
    yield None
    yield {"items": KNOWN, "seconds": asker.seconds_of(KNOWN), "queries": queries}
