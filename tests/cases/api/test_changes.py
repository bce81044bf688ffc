"""The delta feed: whoever follows it has what the lists have, and misses nothing."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import CaseText
from metrics.models import Change, DerivedValue, Entity, Series
from metrics.services.publishing import publish_definitions
from metrics.services.refresh import refresh_all
from metrics.services.withdrawing import withdraw_release
from tests.cases.conftest import publish_case, rewrite, write_secret
from tests.metrics.factories import NOW, make_series, publish
from tests.metrics.large import large_group

URL = "/api/v1/changes"
LATER = NOW + timedelta(days=1)
Cells = dict[tuple[str, str], Any]


def pages(client: Client, since: str | None = None, limit: int = 1000) -> Iterator[dict[str, Any]]:
    url = f"{URL}?limit={limit}" + (f"&since={since}" if since is not None else "")
    while url:
        page = client.get(url).json()
        yield page
        url = page["next"]


def items(client: Client, since: str | None = None, limit: int = 1000) -> list[dict[str, Any]]:
    return [item for page in pages(client, since, limit) for item in page["results"]]


def told(found: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [
        (one["type"], one["action"], one.get("key") or f"{one['series']}@{one['period']}")
        for one in found
    ]


def follow(cells: Cells, found: list[dict[str, Any]]) -> Cells:
    """What a mirror does with items."""
    for one in found:
        if one["type"] in ("observation", "derived"):
            slot = one["series"], one["period"]
            if one["observation"] is None:
                cells.pop(slot, None)
            else:
                cells[slot] = one["observation"]
    return cells


def listed(client: Client) -> Cells:
    """What `observations` lists of every series."""
    cells = {}
    for key in Series.objects.values_list("key", flat=True):
        url = f"/api/v1/series/{key}/observations?limit=10000"
        for row in client.get(url).json()["results"]:
            cells[key, row["period"]] = row
    return cells


@pytest.fixture
def site(users: Series) -> None:
    publish_case("webank", languages=("en",))


@pytest.mark.django_db
@pytest.mark.usefixtures("site")
def test_feed_begins_with_all_there_is_in_the_order_it_came(client: Client) -> None:
    found = items(client)
    kinds = told(found)
    assert ("unit", "added", "person") in kinds
    assert ("series", "added", "webank.users") in kinds
    assert ("observation", "added", "webank.users@2017") in kinds
    assert ("case", "added", "webank") in kinds
    assert [one["seq"] for one in found] == sorted(one["seq"] for one in found)
    assert kinds.index(("series", "added", "webank.users")) < kinds.index(
        ("observation", "added", "webank.users@2017")
    )
    assert follow({}, found) == listed(client)
    for one in found:
        if "url" in one:
            assert client.get(one["url"]).status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("site")
def test_cursor_leads_on_to_what_came_since(client: Client, users: Series) -> None:
    (page,) = pages(client)
    assert page["cursor"] == str(Change.objects.latest_seq())
    assert items(client, page["cursor"]) == []
    publish((users, "2018", "7,000万"), (users, "2019", "8,000万"), kind="revision", now=LATER)
    rewrite("webank", body="Words.", now=LATER)
    assert told(items(client, page["cursor"])) == [
        ("observation", "revised", "webank.users@2018"),
        ("observation", "added", "webank.users@2019"),
        ("case", "revised", "webank"),
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("limit", [1, 2, 7])
def test_small_pages_hold_the_same(client: Client, users: Series, limit: int) -> None:
    publish((users, "2018", "7,000万"), kind="correction", now=LATER)
    assert items(client, limit=limit) == items(client)


@pytest.mark.django_db
@pytest.mark.usefixtures("site")
def test_edited_definition_is_told_and_one_saved_unchanged_is_not(client: Client) -> None:
    cursor = str(Change.objects.latest_seq())
    entity = Entity.objects.get(slug="webank")
    entity.save()
    publish_definitions(actor=None, now=LATER, what="nothing")
    assert items(client, cursor) == []
    Entity.objects.filter(pk=entity.pk).update(name_en="WeBank Ltd")
    publish_definitions(actor=None, now=LATER, what="entity")
    assert told(items(client, cursor)) == [("entity", "revised", "webank")]


@pytest.mark.django_db
@pytest.mark.usefixtures("site")
def test_draft_is_not_told(client: Client) -> None:
    cursor = str(Change.objects.latest_seq())
    write_secret("hidden")
    assert items(client, cursor) == []
    assert "secret" not in client.get(URL).content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("site")
def test_text_taken_from_readers_is_told(client: Client) -> None:
    cursor = str(Change.objects.latest_seq())
    from metrics.services.clock import publishing

    text = CaseText.objects.get(case__slug="webank")
    with publishing("withdrawal", now=LATER) as change:
        text.publications.filter(seq_to=None).update(seq_to=change.seq)
    (item,) = items(client, cursor)
    assert (item["type"], item["action"], item["language"]) == ("case", "withdrawn", "en")


@pytest.mark.django_db
def test_derived_values_are_told_once_refreshed_and_when_they_go(client: Client) -> None:
    group = large_group(3, years=2)
    group.mark()
    refresh_all(now=NOW)
    found = items(client)
    assert {one["type"] for one in found} >= {"observation", "derived", "series"}
    cells = follow({}, found)
    assert cells == listed(client)
    assert all("rule" in one["observation"] for one in found if one["type"] == "derived")
    cursor = str(Change.objects.latest_seq())
    member = group.members[0]
    publish((member, "2001", "12345"), kind="correction", now=LATER)
    refresh_all(now=LATER)
    since = items(client, cursor)
    assert {one["type"] for one in since} == {"observation", "derived"}
    assert follow(cells, since) == listed(client)


@pytest.mark.django_db
def test_derived_value_that_goes_is_told(client: Client) -> None:
    users = make_series("webank.users")
    growth = make_series("webank.growth", unit="growth", nature="ratio", growth_of=users.indicator)
    publish_definitions(actor=None, now=NOW, what="growth")
    publish((users, "2018", "1.51亿"))
    change = publish((growth, "2018", "17.5%"))
    refresh_all(now=NOW)
    assert DerivedValue.objects.filter(series=users, period="2017").exists()
    cells = follow({}, items(client))
    assert cells == listed(client)
    cursor = str(Change.objects.latest_seq())
    withdraw_release(change.release, reason={"en": "Wrong"}, actor=None, now=LATER)
    refresh_all(now=LATER)
    assert follow(cells, items(client, cursor)) == listed(client)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "since", ["x", "1.2", "1.2.3", "-1", "1.x.3.4", "9" * 30, "1." * 60, "1.2.3.%00", "٣"]
)
def test_cursor_that_is_none_is_refused(client: Client, since: str) -> None:
    answer = client.get(f"{URL}?since={since}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "invalid_cursor"


@pytest.mark.django_db
def test_cursor_beyond_the_end_is_refused(client: Client) -> None:
    answer = client.get(f"{URL}?since=7")
    assert answer.json()["errors"][0]["code"] == "beyond_the_end"
    assert client.get(f"{URL}?since=0").json() == {
        "next": None, "previous": None, "results": [], "cursor": "0",
    }  # fmt: skip


@pytest.mark.django_db
def test_more_rows_cost_hardly_more_queries(client: Client) -> None:
    """The row to begin with is found by halves."""

    def cost(count: int) -> int:
        for number in range(count):
            publish((make_series(f"e-{count}-{number}.users"), "2018", "1"))
        with CaptureQueriesContext(connection) as captured:
            client.get(f"{URL}?since=0")
        return len(captured)

    assert cost(20) <= cost(1) + 6


class Others:
    """Threads with connections of their own; what goes wrong in them is kept."""

    def __init__(self) -> None:
        self.errors: list[Exception] = []
        self.threads: list[threading.Thread] = []

    def start(self, work: Callable[[], None]) -> None:
        def run() -> None:
            try:
                work()
            except Exception as error:  # told by whoever joins
                self.errors.append(error)
            finally:
                connection.close()

        self.threads.append(threading.Thread(target=run))
        self.threads[-1].start()

    def join(self) -> None:
        for thread in self.threads:
            thread.join()
        assert self.errors == []


def follow_until(end: threading.Event, met: list[dict[str, Any]]) -> None:
    """In steps of three, and once more after the end."""
    client, since = Client(), "0"
    while True:
        is_last = end.is_set()
        for page in pages(client, since, limit=3):
            met.extend(page["results"])
            since = page["cursor"]
        if is_last:
            return


@pytest.mark.django_db(transaction=True)
def test_follower_misses_nothing_and_meets_nothing_twice_while_others_publish() -> None:
    """Four connections publish and refresh; one follows in small steps all the while."""
    series = [make_series(f"e-{number}.users") for number in range(4)]
    group = large_group(4, years=2)
    publish(*((one, "2018", "1") for one in series))

    def write(one: Series, is_refreshing: bool) -> None:
        for n in range(8):
            publish((one, f"{2000 + n}", str(n + 1)), now=NOW)
            publish((one, "2018", str(100 + n)), kind="correction", now=NOW)
            if is_refreshing:
                publish((group.members[n % 4], "2001", str(50 + n)), kind="correction", now=NOW)
                refresh_all(now=NOW)

    writers, reader = Others(), Others()
    end, met = threading.Event(), list[dict[str, Any]]()
    reader.start(lambda: follow_until(end, met))
    for number, one in enumerate(series):
        writers.start(partial(write, one, number == 0))
    writers.join()
    end.set()
    reader.join()
    client = Client()
    assert follow({}, met) == listed(client)
    stated = places(met)
    assert len(stated) == len(set(stated))
    assert stated == places(items(client))


def places(found: list[dict[str, Any]]) -> list[tuple[int, str, str]]:
    rows = [one for one in found if one["type"] == "observation"]
    return [(one["seq"], one["series"], one["period"]) for one in rows]
