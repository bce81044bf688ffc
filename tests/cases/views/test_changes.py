"""The public record of changes: the releases, one of them, what was put right."""

from datetime import timedelta

import pytest
from django.test import Client

from metrics.models import Change, Series
from metrics.services.publishing import publish_definitions
from metrics.services.refresh import refresh_all
from tests.cases.conftest import publish_case, write_secret
from tests.cases.views.reading import page, plain
from tests.cases.views.test_queries import queries
from tests.metrics.factories import NOW, make_series, publish

pytestmark = pytest.mark.django_db
RELEASES, CORRECTIONS = "/en/releases/", "/en/corrections/"
LATER = NOW + timedelta(days=1)


def entries(html: str) -> list[str]:
    return [plain(one) for one in html.split('<li class="history__entry')[1:]]


def test_release_is_listed_with_its_texts_and_values(client: Client, users: Series) -> None:
    publish_case("webank")
    listed = entries(page(client, RELEASES))
    assert len(listed) == Change.objects.exclude(kind="refresh").count()
    assert "/en/cases/webank/history/#change-" in page(client, RELEASES)
    assert "2 values" in listed[-1] or "1 value" in listed[-1]


def test_refresh_of_derived_values_is_no_entry(client: Client, users: Series) -> None:
    before = len(entries(page(client, RELEASES)))
    Change.objects.create(
        seq=Change.objects.latest_seq() + 1, published_at=LATER, kind=Change.Kind.REFRESH
    )
    assert len(entries(page(client, RELEASES))) == before


def test_list_of_one_kind(client: Client, users: Series) -> None:
    publish((users, "2018", "超过7,000万"), kind="correction", now=LATER)
    assert len(entries(page(client, f"{RELEASES}?kind=correction"))) == 1
    assert entries(page(client, f"{RELEASES}?kind=withdrawal")) == []
    assert "Nothing so far." in page(client, f"{RELEASES}?kind=withdrawal")


@pytest.mark.parametrize(
    "query", ["kind=refresh", "kind=x", "kind=new&kind=new", "before=0", "before=x", "page=2"]
)
def test_other_parameters_are_refused(client: Client, query: str) -> None:
    assert client.get(f"{RELEASES}?{query}").status_code == 400


def test_correction_shows_what_stood_before(client: Client, users: Series) -> None:
    publish((users, "2018", "超过7,000万"), kind="correction", now=LATER)
    (entry,) = entries(page(client, CORRECTIONS))
    assert "before: " in entry
    assert "over 70 million" in entry
    publish((users, "2019", "8,000万"), now=LATER)
    assert len(entries(page(client, CORRECTIONS))) == 1


def test_page_of_a_release_shows_its_values(client: Client, users: Series) -> None:
    change = publish((users, "2019", "超过7,000万"), now=LATER)
    html = page(client, f"{RELEASES}{change.seq}/")
    assert "over 70 million" in html
    assert f"Change {change.seq}" in html
    assert client.get(f"{RELEASES}99999/").status_code == 404
    assert client.get(f"{RELEASES}0/").status_code == 404
    assert client.get(f"{RELEASES}99999999999999999999999/").status_code == 404


def test_edited_definitions_are_told_without_names_of_staff(client: Client, users: Series) -> None:
    publish_definitions(actor=None, now=LATER, what="secret words")
    assert "Definitions edited" in entries(page(client, RELEASES))[0]
    assert "secret words" not in page(client, RELEASES)


def test_draft_is_in_no_list(client: Client, users: Series) -> None:
    publish_case("webank")
    write_secret("webank")
    for url in (RELEASES, CORRECTIONS, "/en/feeds/releases.atom"):
        assert "secret" not in client.get(url).content.decode().lower()


def test_list_is_read_on_by_the_number_of_a_change(client: Client, users: Series) -> None:
    for day in range(25):
        publish((users, "2018", f"{day + 100}万"), kind="revision", now=NOW + timedelta(days=day))
    first = page(client, f"{RELEASES}?kind=revision")
    assert len(entries(first)) == 20
    older = first.partition("kind=revision&amp;before=")[2].partition('"')[0]
    assert len(entries(page(client, f"{RELEASES}?kind=revision&before={older}"))) == 5


@pytest.mark.parametrize("url", [RELEASES, CORRECTIONS, "/en/feeds/releases.atom"])
def test_queries_do_not_grow_with_the_list(client: Client, users: Series, url: str) -> None:
    def correct(count: int, start: int) -> None:
        for n in range(count):
            series = make_series(f"entity-{start + n}.users", unit="person")
            publish((series, "2018", "100万"), now=NOW)
            publish((series, "2018", "200万"), kind="correction", now=LATER)

    correct(1, 0)
    one = queries(client, url)
    correct(8, 1)
    assert queries(client, url) == one


def test_backfilled_vintage_is_no_value_of_its_change(client: Client, users: Series) -> None:
    refresh_all(now=NOW)
    assert "Nothing so far." in page(client, CORRECTIONS)
