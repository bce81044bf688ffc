"""Charts and cards at addresses of their own: what they show, to whom, and what is refused."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from cases.models import Publication
from metrics.models import Change, Series, ValueRedaction
from metrics.raster import has_face
from metrics.services.redacting import ask_value_redaction, redact_value
from metrics.services.withdrawing import withdraw_release
from tests.cases.conftest import publish_case, rewrite, write_secret
from tests.cases.views.reading import page, words
from tests.metrics.factories import NOW, make_series, publish

pytestmark = pytest.mark.django_db
CHART = "/en/cases/webank/charts/chart-1"
SERIES = "/en/series/webank.users/chart"
NAMED = "```chart\nid: users\ntype: line\ntitle: Users\nseries: [webank.users]\n```\n"


@pytest.fixture(autouse=True)
def case(users: Series) -> None:
    publish_case("webank")
    cache.clear()


def drawn(client: Client, path: str) -> str:
    """The words of an SVG document."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    root = ET.fromstring(answer.content)  # noqa: S314 - our own output
    return " ".join(item.text or "" for item in root.iter())


def picture(client: Client, path: str) -> tuple[int, int]:
    answer: HttpResponse = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    with Image.open(io.BytesIO(answer.content)) as found:
        assert found.format == "PNG"
        return found.size


def test_chart_says_its_source_its_change_and_where_it_stays(client: Client) -> None:
    said, seq = drawn(client, f"{CHART}.svg"), Change.objects.latest_seq()
    assert "over 60 million" in said
    assert "Source: Report 2019" in said or "Source:" in said
    assert f"as of change {seq}, 23 November 2026" in said
    assert f"http://testserver/en/cases/webank/?as_of={seq}" in said


@pytest.mark.parametrize(
    "path",
    [CHART, SERIES, "/zh-hans/cases/webank/charts/chart-1", "/zh-hans/series/webank.users/chart"],
)
def test_picture_is_the_same_chart_as_wide_as_asked(client: Client, path: str) -> None:
    assert picture(client, f"{path}.png")[0] == 1200
    assert picture(client, f"{path}.png?width=400&theme=dark")[0] == 400
    assert "users" in drawn(client, f"{path}.svg").lower() or "用户" in drawn(client, f"{path}.svg")


def test_chart_with_a_name_keeps_its_address_when_it_is_moved(client: Client) -> None:
    other = NAMED.replace("id: users\n", "")
    rewrite("webank", body=NAMED, now=NOW + timedelta(hours=1))
    assert "Users" in drawn(client, "/en/cases/webank/charts/users.svg")
    rewrite("webank", body=other + NAMED, now=NOW + timedelta(hours=2))
    assert "Users" in drawn(client, "/en/cases/webank/charts/users.svg")
    html = page(client, "/en/cases/webank/")
    assert "/en/cases/webank/charts/chart-1.svg" in html
    assert "/en/cases/webank/charts/users.png" in html
    # Found by its place too, as before it had a name.
    assert "Users" in drawn(client, "/en/cases/webank/charts/chart-2.svg")
    assert client.get("/en/cases/webank/charts/chart-3.svg").status_code == 404


def test_chart_of_the_past_is_as_it_stood(client: Client, users: Series) -> None:
    then = Change.objects.latest_seq()
    publish((users, "2018", "超过7,000万"), kind="revision", now=NOW + timedelta(hours=1))
    assert "over 70 million" in drawn(client, f"{CHART}.svg")
    assert "over 60 million" in drawn(client, f"{CHART}.svg?as_of={then}")
    assert "over 60 million" in drawn(client, f"{SERIES}.svg?as_of={then}")
    html = page(client, f"/en/cases/webank/?as_of={then}")
    assert f"{CHART}.svg?as_of={then}" in html


def test_series_chart_follows_the_question_of_its_page(client: Client) -> None:
    acme = make_series("acme.users")
    publish((acme, "2016", "200"), (acme, "2017", "300"), (acme, "2018", "400"))
    query = "units=idx&index_base=2016"
    said = drawn(client, f"/en/series/acme.users/chart.svg?{query}&from=2017&width=2000")
    assert "Index, 2016 = 100" in said
    assert "150" in said
    assert f"/en/series/acme.users/?{query}&as_of=" in said
    html = page(client, f"/en/series/acme.users/?{query}")
    assert "/en/series/acme.users/chart.svg?units=idx&amp;index_base=2016" in html


def test_comparison_is_drawn_with_its_state_in_the_address(client: Client) -> None:
    publish(
        (make_series("alipay.users"), "2018", "9亿"), (make_series("alipay.users"), "2017", "8亿")
    )
    query = "s=webank.users~alipay.users"
    said = drawn(client, f"/en/compare/chart.svg?{query}&theme=dark&width=2000")
    assert {"900 million", "over 60 million"} <= set(re.findall(r"(?:over )?\d+ million", said))
    assert f"/en/compare/?{query}&as_of=" in said
    assert f"/en/compare/chart.png?{query}" in page(client, f"/en/compare/?{query}").replace(
        "%7E", "~"
    )
    panels = drawn(client, f"/en/compare/chart.svg?{query}&layout=panels")
    assert panels.count("webank") >= 1
    assert client.get("/en/compare/chart.svg").status_code == 404


@pytest.mark.parametrize(
    ("path", "named"),
    [
        (f"{CHART}.svg?width=100", "width"),
        (f"{CHART}.png?width=2401", "width"),
        (f"{CHART}.png?width=1e3", "width"),
        (f"{CHART}.png?width=400&width=500", "width"),
        (f"{CHART}.svg?theme=blue", "theme"),
        (f"{CHART}.svg?units=pc1", "units"),
        (f"{CHART}.svg?as_of=soon", "as_of"),
        (f"{SERIES}.svg?units=nothing", "units"),
        (f"{SERIES}.png?page=2", "page"),
        ("/en/compare/chart.svg?s=webank.users&colour=red", "colour"),
        ("/en/cases/webank/card.png?width=10", "width"),
    ],
)
def test_unknown_parameter_is_named(client: Client, path: str, named: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert named in words(answer.content.decode())


@pytest.mark.parametrize("form", ["svg", "png"])
def test_what_is_not_published_has_no_chart(client: Client, form: str) -> None:
    write_secret("secret")
    for path in (
        f"cases/secret/charts/chart-1.{form}",
        f"cases/nobody/charts/chart-1.{form}",
        f"cases/webank/charts/nothing.{form}",
        f"technologies/webank/charts/chart-1.{form}",
        f"series/no.such/chart.{form}",
        "cases/secret/card.png",
    ):
        answer = client.get(f"/en/{path}")
        assert answer.status_code == 404, path
        assert "secret" not in words(answer.content.decode()).lower()


def test_text_that_is_taken_back_takes_its_pictures_along(client: Client) -> None:
    assert client.get(f"{CHART}.png").status_code == 200
    for release in {one.release for one in Publication.objects.filter(text__language="en")}:
        actor = User.objects.create_superuser("publisher")
        withdraw_release(release, reason={"en": "by mistake"}, actor=actor, now=NOW)
    for path in (f"{CHART}.png", f"{CHART}.svg", "/en/cases/webank/card.png"):
        assert client.get(path).status_code == 404


def test_known_picture_is_not_sent_again_until_something_changes(
    client: Client, users: Series
) -> None:
    for path in (f"{CHART}.png", f"{SERIES}.svg", "/en/cases/webank/card.png", "/en/card.png"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert first["Cache-Control"] == "public, s-maxage=5"
    publish((users, "2018", "超过7,000万"), kind="revision", now=NOW + timedelta(hours=1))
    fresh = client.get(f"{CHART}.png", headers={"If-None-Match": first["ETag"]})
    assert fresh.status_code == 200


@pytest.mark.parametrize("path", [f"{CHART}.png", f"{SERIES}.png", "/en/cases/webank.csv"])
def test_redacted_value_is_gone_from_what_is_known_of_the_past(
    client: Client, users: Series, first: User, second: User, path: str
) -> None:
    dated = f"{path}?as_of={Change.objects.latest_seq()}"
    publish((users, "2017", "超过5,000万"), kind="revision", now=NOW + timedelta(hours=1))
    before = client.get(dated)
    redaction = ValueRedaction(
        series=users, period="2018", reason_zh_hans="隐私", reason_en="Privacy"
    )
    ask_value_redaction(redaction, actor=first, now=NOW + timedelta(hours=2))
    redact_value(redaction, actor=second, now=NOW + timedelta(hours=3))
    after = client.get(dated)
    assert (before.status_code, before.content != after.content) == (200, True)
    for known in (
        {"If-None-Match": before["ETag"]},
        {"If-Modified-Since": before["Last-Modified"]},
    ):
        assert client.get(dated, headers=known).status_code != 304


@pytest.mark.parametrize(
    ("path", "status"),
    [("cases/none.csv", 404), ("cases/none/card.png", 404), ("embed/cases/none/", 404),
     ("cases/webank/charts/chart-1.svg?width=1", 400)],
)  # fmt: skip
def test_what_is_refused_is_refused_to_whoever_asks_since_when(
    client: Client, path: str, status: int
) -> None:
    for known in ({"If-None-Match": "*"}, {"If-Modified-Since": "Mon, 23 Nov 2099 08:01:00 GMT"}):
        assert client.get(f"/en/{path}", headers=known).status_code == status


def test_known_picture_takes_two_queries(client: Client) -> None:
    etag = client.get(f"{CHART}.png")["ETag"]
    with CaptureQueriesContext(connection) as captured:
        client.get(f"{CHART}.png", headers={"If-None-Match": etag})
    assert len(captured) == 2


@pytest.mark.parametrize("path", [f"{CHART}.svg", f"{SERIES}.svg", "/en/cases/webank/card.png"])
def test_more_periods_take_no_more_queries(client: Client, users: Series, path: str) -> None:
    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    queries()  # what is kept for the process
    one = queries()
    publish(*((users, str(1990 + n), "100万") for n in range(20)))
    assert queries() == one


def test_document_may_run_nothing_and_stands_in_no_frame(client: Client) -> None:
    answer = client.get(f"{CHART}.svg")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.fixture
def no_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine on which fontconfig finds nothing."""
    config = tmp_path / "fonts.conf"
    config.write_text("<fontconfig></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(config))
    has_face.cache_clear()
    yield
    has_face.cache_clear()


@pytest.mark.usefixtures("no_fonts")
@pytest.mark.parametrize(
    ("language", "reason"), [("en", "the font Noto Sans CJK"), ("zh-hans", "Noto Sans CJK 字体")]
)
def test_server_without_the_font_says_so(client: Client, language: str, reason: str) -> None:
    for path in ("cases/webank/charts/chart-1.png", "card.png"):
        answer = client.get(f"/{language}/{path}")
        assert answer.status_code == 503
        assert answer["Cache-Control"] == "no-store"
        assert reason in words(answer.content.decode())
    assert client.get(f"/{language}/cases/webank/charts/chart-1.svg").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["cases/webank/card.png", "series/webank.users/card.png", "card.png"],
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_card_is_1200_by_630(client: Client, language: str, path: str) -> None:
    assert picture(client, f"/{language}/{path}") == (1200, 630)


def meta(html: str) -> dict[str, str]:
    return dict(
        re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', html)
    )


def test_page_names_its_card(client: Client, settings: object) -> None:
    settings.SITE_URL = "https://fintech.example"  # type: ignore[attr-defined]
    found = meta(page(client, "/en/cases/webank/"))
    assert found["og:image"] == "https://fintech.example/en/cases/webank/card.png"
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
    assert found["og:image:alt"] == found["og:title"] == "Title of webank: more"
    assert found["og:url"] == "https://fintech.example/en/cases/webank/"
    assert found["og:locale"] == "en_GB"
    assert found["twitter:card"] == "summary_large_image"
    assert meta(page(client, "/zh-hans/series/webank.users/"))["og:image"].endswith(
        "/zh-hans/series/webank.users/card.png"
    )
    assert meta(page(client, "/en/about/"))["og:image"] == "https://fintech.example/en/card.png"
