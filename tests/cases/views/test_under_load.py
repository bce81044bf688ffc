"""Many readers at once: a cold page is rendered once, and all get it whole."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from cases.models import PageSnapshot
from cases.views import texts
from metrics.models import Series
from tests.cases.conftest import publish_case

READERS = 100
SPARE = 30  # connections that are left to other tests and to the server itself
URL = "/en/cases/webank/"


def all_at_once(work: Callable[[], Any], count: int) -> list[Any]:
    """The results of so many threads that begin together, each with its own connection."""
    begin = threading.Barrier(count, timeout=60)

    def run(_number: int) -> Any:
        try:
            begin.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def connections_left() -> int:
    """How many readers the server has connections for: its own limit may be lower than ours."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW max_connections")
        return int(cursor.fetchone()[0]) - SPARE


@pytest.mark.django_db(transaction=True)
def test_cold_page_under_a_hundred_readers_is_rendered_once(
    users: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_case("webank")
    rendered: list[int] = []
    real = texts.text_page

    def counted(*given: Any, **named: Any) -> Any:
        rendered.append(threading.get_ident())
        return real(*given, **named)

    monkeypatch.setattr(texts, "text_page", counted)
    PageSnapshot.objects.all().delete()
    readers = all_at_once(lambda: Client().get(URL), min(READERS, connections_left()))
    assert len(rendered) == 1
    assert {reader.status_code for reader in readers} == {200}
    assert len({(reader.content, reader["ETag"]) for reader in readers}) == 1
    assert PageSnapshot.objects.current().filter(path=URL).count() == 1
