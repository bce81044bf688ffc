"""Sitemaps and robots.txt: every page readers have, none they have not, with its last change."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from cases.models import Case
from cases.views import sitemaps
from metrics.models import Change, Series
from metrics.services.refresh import refresh_all
from tests.cases.conftest import publish_case, write_secret
from tests.cases.views.test_queries import queries
from tests.metrics.factories import NOW, make_series, publish

pytestmark = pytest.mark.django_db
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
TEXTS = "/sitemap-texts.xml"


def read(client: Client, url: str) -> ET.Element:
    answer = client.get(url)
    assert answer.status_code == 200
    return ET.fromstring(answer.content)  # noqa: S314  what we wrote ourselves


def addresses(client: Client, url: str) -> list[str]:
    return [element.text or "" for element in read(client, url).iter(f"{SITEMAP}loc")]


@pytest.mark.usefixtures("site")
def test_every_address_of_every_part_opens(client: Client) -> None:
    parts = addresses(client, "/sitemap.xml")
    assert parts[0] == "http://testserver/sitemap-texts.xml"
    found = [address for part in parts for address in addresses(client, part)]
    assert "http://testserver/en/cases/webank/" in found
    assert "http://testserver/zh-hans/series/webank.users/" in found
    assert len(found) == len(set(found))
    for address in found:
        assert client.get(address).status_code == 200, address


def test_page_names_its_other_language_where_it_has_one(client: Client, users: Series) -> None:
    publish_case("webank")
    publish_case("ant", languages=("en",))
    root = read(client, TEXTS)
    others = {
        url.findtext(f"{SITEMAP}loc"): [link.get("hreflang") for link in url.iter(f"{XHTML}link")]
        for url in root.iter(f"{SITEMAP}url")
    }
    assert others == {
        "http://testserver/zh-hans/cases/webank/": ["zh-Hans", "en"],
        "http://testserver/en/cases/webank/": ["zh-Hans", "en"],
        "http://testserver/en/cases/ant/": ["en"],
    }


def lastmod(client: Client, url: str, address: str) -> str:
    for found in read(client, url).iter(f"{SITEMAP}url"):
        if found.findtext(f"{SITEMAP}loc") == f"http://testserver{address}":
            return found.findtext(f"{SITEMAP}lastmod") or ""
    raise AssertionError(address)


def test_text_changes_with_its_words_and_with_what_it_quotes(client: Client, users: Series) -> None:
    publish_case("webank")
    first = lastmod(client, TEXTS, "/en/cases/webank/")
    assert first.startswith("2026-11-23")
    publish((users, "2018", "超过7,000万"), kind="correction", now=NOW + timedelta(days=2))
    assert lastmod(client, TEXTS, "/en/cases/webank/").startswith("2026-11-25")
    other = make_series("ant.users")
    publish((other, "2018", "5亿"), now=NOW + timedelta(days=3))
    assert lastmod(client, TEXTS, "/en/cases/webank/").startswith("2026-11-25")
    refresh_all(now=NOW + timedelta(days=3))
    series = "/en/series/ant.users/"
    assert lastmod(client, "/sitemap-series-1.xml", series).startswith("2026-11-26")


def test_draft_is_in_no_sitemap(client: Client, users: Series) -> None:
    write_secret("hidden")
    assert Case.objects.filter(slug="hidden").exists()
    for part in addresses(client, "/sitemap.xml"):
        assert "hidden" not in client.get(part).content.decode()


def test_series_are_parted(client: Client, users: Series, monkeypatch: pytest.MonkeyPatch) -> None:
    make_series("ant.users")
    monkeypatch.setattr(sitemaps, "A_PAGE", 1)
    assert addresses(client, "/sitemap.xml")[2:] == [
        "http://testserver/sitemap-series-1.xml",
        "http://testserver/sitemap-series-2.xml",
    ]
    assert len(addresses(client, "/sitemap-series-2.xml")) == 2
    for number in ("0", "3", "99999999999999999999"):
        assert client.get(f"/sitemap-series-{number}.xml").status_code == 404
    assert client.get("/sitemap-other.xml").status_code == 404


@pytest.mark.parametrize("url", [TEXTS, "/sitemap-series-1.xml", "/sitemap-lists.xml"])
def test_queries_do_not_grow(client: Client, users: Series, url: str) -> None:
    publish_case("webank")
    one = queries(client, url)
    for n in range(5):
        make_series(f"entity-{n}.users")
        publish_case(f"case-{n}", key=f"entity-{n}.users")
    assert queries(client, url) == one


def test_robots_lead_to_the_sitemap_and_past_what_is_no_page(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert "Sitemap: http://testserver/sitemap.xml" in lines
    assert "Disallow: /admin/" in lines
    assert Change.objects.latest_seq() == 0
