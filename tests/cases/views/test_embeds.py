"""Charts in frames of other sites, and what oEmbed tells of them."""

import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import micawber
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.live_server_helper import LiveServer

from metrics.models import Change, Series
from tests.cases.conftest import publish_case, write_secret
from tests.cases.views.reading import page, words
from tests.metrics.factories import NOW, publish

pytestmark = pytest.mark.django_db
FRAMES = (
    "/en/embed/cases/webank/chart-1/",
    "/zh-hans/embed/cases/webank/",
    "/en/embed/series/webank.users/",
    "/en/embed/technologies/big-data/chart-1/",
    "/en/embed/overview/",
    "/en/embed/overview/chart-1/",
)


@pytest.fixture(autouse=True)
def cases(users: Series) -> None:
    publish_case("big-data", kind="technology")
    publish_case("webank")
    publish_case("overview", kind="overview")


@pytest.mark.parametrize("path", FRAMES)
def test_any_site_may_frame_it(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "X-Frame-Options" not in answer
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Robots-Tag"] == "noindex"
    html = answer.content.decode()
    assert '<meta name="robots" content="noindex">' in html
    assert "chart__svg--wide" in html


@pytest.mark.parametrize(
    "path",
    ["", "cases/webank/", "series/webank.users/", "compare/", "about/", "search/", "report/",
     "cases/webank/charts/chart-1.svg", "cases/webank/card.png", "cases/webank.csv", "embed/x/",
     "../admin/login/", "../oembed?url=/en/cases/webank/"],
)  # fmt: skip
def test_every_other_page_refuses_frames(client: Client, path: str) -> None:
    answer = client.get(f"/en/{path}".replace("/en/../", "/"))
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_frame_leads_to_its_page_and_says_what_it_is_made_of(client: Client) -> None:
    html, seq = page(client, FRAMES[0]), Change.objects.latest_seq()
    assert 'rel="canonical" href="http://testserver/en/cases/webank/"' in html
    assert 'href="/en/cases/webank/"' in html
    assert f"As of change {seq}, 23 November 2026; it follows the data." in words(html) + html
    assert "Source:" in words(html)


def test_live_frame_follows_the_data_and_a_frozen_one_says_that_it_does_not(
    client: Client, users: Series
) -> None:
    then = Change.objects.latest_seq()
    publish((users, "2018", "超过7,000万"), kind="revision", now=NOW + timedelta(hours=1))
    for path in (FRAMES[0], FRAMES[2]):
        assert "over 70 million" in page(client, path)
        frozen = page(client, f"{path}?as_of={then}")
        assert "over 60 million" in frozen
        assert "over 70 million" not in frozen
        assert "it does not change" in frozen
        assert f"?as_of={then}" in frozen


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_frame_takes_a_theme(client: Client, theme: str) -> None:
    assert f'class="embed--{theme}"' in page(client, f"{FRAMES[0]}?theme={theme}")
    assert 'class="embed--' not in page(client, FRAMES[0])


@pytest.mark.parametrize(
    ("path", "named"),
    [("cases/webank/chart-1/?theme=blue", "theme"), ("cases/webank/?width=4", "width"),
     ("series/webank.users/?units=x", "units"), ("series/webank.users/?as_of=soon", "as_of")],
)  # fmt: skip
def test_unknown_parameter_is_named(client: Client, path: str, named: str) -> None:
    answer = client.get(f"/en/embed/{path}")
    assert answer.status_code == 400
    assert named in words(answer.content.decode())


def test_what_is_not_published_is_in_no_frame(client: Client) -> None:
    write_secret("secret")
    for path in ("cases/secret/", "cases/secret/chart-1/", "cases/webank/nothing/",
                 "technologies/webank/", "series/no.such/"):  # fmt: skip
        answer = client.get(f"/en/embed/{path}")
        assert answer.status_code == 404
        assert "secret title" not in answer.content.decode()


def test_every_link_leads_out_of_the_frame(client: Client) -> None:
    """The pages it leads to refuse to stand in one."""
    html = page(client, "/en/embed/cases/webank/chart-1/")
    links = re.findall(r"<a [^>]*>", html)
    assert any("/en/series/webank.users/" in link for link in links)
    opened = '<base target="_blank">' in html.partition("<link")[0]
    assert all(opened or 'target="_blank"' in link for link in links)


def test_known_frame_is_not_sent_again(client: Client) -> None:
    etag = client.get(FRAMES[0])["ETag"]
    with CaptureQueriesContext(connection) as captured:
        assert client.get(FRAMES[0], headers={"If-None-Match": etag}).status_code == 304
    assert len(captured) == 2


def test_page_has_the_code_of_its_frame(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://fintech.example"
    html = page(client, "/en/cases/webank/")
    code = re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)
    assert code is not None
    assert "https://fintech.example/en/embed/cases/webank/chart-1/" in code[1]
    assert code[1].startswith("&lt;iframe ")


def told(client: Client, url: str, **asked: str) -> dict[str, Any]:
    answer = client.get("/oembed", {"url": url, **asked})
    assert answer.status_code == 200, answer.content.decode()
    found: dict[str, Any] = json.loads(answer.content)
    return found


@pytest.mark.parametrize(
    ("path", "frame"),
    [
        ("/en/cases/webank/", "/en/embed/cases/webank/"),
        ("/zh-hans/technologies/big-data/", "/zh-hans/embed/technologies/big-data/"),
        ("/en/overview/", "/en/embed/overview/"),
        ("/en/series/webank.users/?from=2017&page=1", "/en/embed/series/webank.users/?from=2017"),
        (
            "/en/embed/cases/webank/chart-1/?theme=dark",
            "/en/embed/cases/webank/chart-1/?theme=dark",
        ),
        ("/en/embed/overview/chart-1/", "/en/embed/overview/chart-1/"),
    ],
)
def test_address_is_told_as_a_frame(client: Client, path: str, frame: str) -> None:
    found = told(client, f"http://testserver{path}")
    assert (found["version"], found["type"]) == ("1.0", "rich")
    assert f'src="http://testserver{frame}"'.replace("&", "&amp;") in found["html"]
    assert found["provider_url"] == "http://testserver/"
    assert found["thumbnail_url"].endswith("/card.png")
    assert client.get(found["thumbnail_url"].removeprefix("http://testserver")).status_code == 200
    embedded = re.search(r'src="http://testserver([^"]+)"', found["html"])
    assert embedded is not None
    assert client.get(embedded[1].replace("&amp;", "&")).status_code == 200


def test_frame_is_no_larger_than_the_consumer_has_room_for(client: Client) -> None:
    url = "http://testserver/en/cases/webank/"
    small = told(client, url, maxwidth="300", maxheight="200")
    assert (small["width"], small["height"]) == (300, 200)
    assert 'width="300" height="200"' in small["html"]
    assert "thumbnail_url" not in small
    assert told(client, url, maxwidth="4000")["width"] == 640


def test_answer_in_xml_says_the_same(client: Client) -> None:
    url = "http://testserver/zh-hans/cases/webank/"
    answer = client.get("/oembed", {"url": url, "format": "xml"})
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    root = ET.fromstring(answer.content)  # noqa: S314 - our own output
    assert root.tag == "oembed"
    found = {item.tag: item.text for item in root}
    assert found == {name: str(value) for name, value in told(client, url).items()}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("url=", 400),
        ("url=http://[", 400),
        ("url=/en/cases/webank/&maxwidth=0", 400),
        ("url=/en/cases/webank/&maxwidth=wide", 400),
        ("url=/en/cases/webank/&maxheight=-1", 400),
        ("url=/en/cases/webank/&callback=x", 400),
        ("url=/en/cases/webank/&url=/en/overview/", 400),
        ("url=" + "x" * 3000, 400),
        ("url=http://example.org/en/cases/webank/", 404),
        ("url=ftp://testserver/en/cases/webank/", 404),
        ("url=//example.org/en/cases/webank/", 404),
        ("url=http://testserver/", 404),
        ("url=/en/about/", 404),
        ("url=/admin/", 404),
        ("url=/fr/cases/webank/", 404),
        ("url=/en/cases/nobody/", 404),
        ("url=/en/cases/secret/", 404),
        ("url=/en/series/no.such/", 404),
        ("url=" + quote("/en/embed/cases/webank/chart-1/?theme=blue"), 404),
        ("url=/en/cases/webank/&format=yaml", 501),
    ],
)
def test_what_cannot_be_embedded_is_refused_in_words(
    client: Client, query: str, status: int
) -> None:
    write_secret("secret")
    answer = client.get(f"/oembed?{query}")
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/plain")
    assert answer.content.strip()


@pytest.mark.parametrize(
    "path",
    ["/en/cases/webank/", "/en/technologies/big-data/", "/en/series/webank.users/", FRAMES[0]],
)
def test_page_leads_to_its_answer(client: Client, path: str) -> None:
    link = re.search(
        r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', page(client, path)
    )
    assert link is not None
    href = link[1].replace("&amp;", "&").removeprefix("http://testserver")
    assert json.loads(client.get(href).content)["type"] == "rich"


def test_page_of_the_past_leads_to_none(client: Client) -> None:
    seq = Change.objects.latest_seq()
    assert "json+oembed" not in page(client, f"/en/cases/webank/?as_of={seq}")


@pytest.mark.django_db(transaction=True)
def test_independent_consumer_understands_the_provider(live_server: LiveServer) -> None:
    registry = micawber.ProviderRegistry()
    registry.register(
        rf"{re.escape(live_server.url)}/\S+", micawber.Provider(f"{live_server.url}/oembed")
    )
    found = registry.request(f"{live_server.url}/en/cases/webank/", maxwidth=500)
    assert found["type"] == "rich"
    assert found["title"] == "Title of webank: more"
    text = f"See {live_server.url}/en/series/webank.users/ for more"
    assert "<iframe " in micawber.parse_text_full(text, registry)
    with pytest.raises(micawber.ProviderException):
        registry.request(f"{live_server.url}/en/cases/nobody/")
