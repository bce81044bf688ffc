"""Atom feeds: of the site, a text, an entity and a series, read by an independent reader."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from metrics.models import Change, Series
from tests.cases.conftest import publish_case, rewrite, write_secret
from tests.metrics.admin.staff import browser_of
from tests.metrics.factories import NOW, make_series, publish

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
LATER = NOW + timedelta(days=1)
FEEDS = [
    "releases",
    "cases/webank",
    "entities/webank",
    "series/webank.users",
]


def address(feed: str, language: str = "en") -> str:
    return f"/{language}/feeds/{feed}.atom"


def read(client: Client, feed: str, language: str = "en") -> ET.Element:
    answer = client.get(address(feed, language))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.content)  # noqa: S314  what we wrote ourselves


def text(element: ET.Element, name: str) -> str:
    return element.findtext(f"{ATOM}{name}") or ""


@pytest.fixture
def case(users: Series) -> None:
    publish_case("webank")


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.usefixtures("case")
def test_feed_has_what_a_reader_needs(client: Client, feed: str, language: str) -> None:
    root = read(client, feed, language)
    assert root.tag == f"{ATOM}feed"
    assert text(root, "title")
    assert text(root, "id") == f"http://testserver{address(feed, language)}"
    entries = root.findall(f"{ATOM}entry")
    assert entries
    ids = [text(entry, "id") for entry in entries]
    assert len(set(ids)) == len(ids)
    for entry in entries:
        assert text(entry, "title")
        assert text(entry, "updated").startswith("2026-")
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert client.get(link.get("href", "")).status_code == 200


@pytest.mark.usefixtures("case")
def test_correction_is_told_where_it_belongs(client: Client, users: Series) -> None:
    other = make_series("ant.users", unit="person")
    publish((other, "2018", "5亿"), now=LATER)
    publish((users, "2018", "超过7,000万"), kind="correction", now=LATER)
    for feed in FEEDS:
        first = read(client, feed).findall(f"{ATOM}entry")[0]
        assert first.find(f"{ATOM}category").get("term") == "correction"  # type: ignore[union-attr]
    summary = text(read(client, "series/webank.users").findall(f"{ATOM}entry")[0], "summary")
    assert "over 70 million" in summary
    assert "<del>" in summary
    everything = client.get(address("series/webank.users")).content.decode()
    assert "500 million" not in everything


@pytest.mark.usefixtures("case")
@pytest.mark.parametrize("who", ["", "Author", "Editor", "Publisher", "superuser"])
def test_draft_never_leaks(client: Client, who: str) -> None:
    write_secret("webank")
    if who == "superuser":
        client.force_login(User.objects.create_superuser("root"))
    reader = browser_of(who) if who in ("Author", "Editor", "Publisher") else client
    for url in (*map(address, FEEDS), "/en/releases/", "/en/corrections/", "/en/cases/webank.bib"):
        answer = reader.get(url)
        assert answer.status_code == 200
        assert "secret" not in answer.content.decode().lower(), url


@pytest.mark.usefixtures("users")
def test_text_that_nobody_published_has_no_feed(client: Client) -> None:
    write_secret("hidden")
    assert client.get(address("cases/hidden")).status_code == 404
    assert client.get(address("technologies/hidden")).status_code == 404
    assert client.get(address("entities/nobody")).status_code == 404
    assert client.get(address("series/no.such")).status_code == 404


@pytest.mark.usefixtures("case")
def test_unchanged_feed_is_answered_by_one_query(
    client: Client, users: Series, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    etag = client.get(address("releases"))["ETag"]
    with django_assert_num_queries(1):
        again = client.get(address("releases"), headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == etag
    publish((users, "2018", "超过7,000万"), kind="correction", now=LATER)
    assert client.get(address("releases"), headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.usefixtures("case")
def test_site_url_names_the_host(client: Client, settings: object) -> None:
    settings.SITE_URL = "https://fintech.example/"  # type: ignore[attr-defined]
    root = read(client, "releases")
    assert text(root, "id") == "https://fintech.example/en/feeds/releases.atom"


@pytest.mark.usefixtures("case")
def test_parameters_are_refused(client: Client) -> None:
    assert client.get(f"{address('releases')}?page=2").status_code == 400


@pytest.mark.usefixtures("case")
@pytest.mark.parametrize("page", ["/en/cases/webank/", "/en/series/webank.users/",
                                  "/en/entities/webank/", "/en/releases/"])  # fmt: skip
def test_pages_name_their_feed(client: Client, page: str) -> None:
    html = client.get(page).content.decode()
    link = html.partition('rel="alternate" type="application/atom+xml" href="')[2].partition('"')[0]
    assert client.get(link).status_code == 200


def test_empty_site_has_an_empty_feed(client: Client) -> None:
    assert read(client, "releases").findall(f"{ATOM}entry") == []
    assert Change.objects.latest_seq() == 0


@pytest.mark.parametrize("feed", ["releases", "cases/webank"])
@pytest.mark.usefixtures("case")
def test_title_with_what_xml_cannot_hold_breaks_no_feed(client: Client, feed: str) -> None:
    rewrite("webank", body="Text.\n", title="One\x0b two\ufffe", now=LATER)
    assert "One two" in " ".join(read(client, feed).itertext())
    told = client.get("/oembed", {"url": "/en/cases/webank/", "format": "xml"})
    assert ET.fromstring(told.content).findtext("title") == "One two"  # noqa: S314
    assert told["Content-Language"] == "en"
