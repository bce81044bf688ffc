"""Timelines of texts: drawn where a drawing is legible, and as a list that is always there."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from metrics.models import Change, Event, Series, Source
from tests.cases.conftest import publish_case, rewrite
from tests.cases.views.reading import page, plain, words
from tests.metrics.factories import NOW, EntityFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
NAMED = "```timeline\nid: licences\nentities: [webank, alipay]\ntitle: From licence to loan\n```\n"


def happened(entity: str, period: str, what: str, locator: str = "2.1") -> None:
    Event.objects.create(
        entity=EntityFactory(slug=entity),
        slug=f"e-{Event.objects.count()}",
        period=period,
        label_en=what,
        label_zh_hans=f"{what}（中）",
        source=Source.objects.earliest("pk"),
        locator=locator,
    )


@pytest.fixture(autouse=True)
def events(users: Series) -> None:
    publish_case("webank")
    happened("webank", "2014-12", "Gets its licence")
    happened("webank", "2015", "Lends for the first time", "2.10")
    happened("alipay", "2004", "Begins")


def shown(client: Client, body: str, language: str = "en") -> str:
    rewrite("webank", body=body, now=LATER, language=language)
    return page(client, f"/{language}/cases/webank/")


@pytest.mark.parametrize(
    ("language", "listed", "told"),
    [
        ("en", "List of events", "Timeline, 3 events. 2004, Alipay: Begins; December 2014"),
        ("zh-hans", "事件列表", "时间线，3个事件。2004年，机构 alipay：Begins（中）；2014年12月"),
    ],
)
def test_timeline_is_drawn_in_two_widths_beside_its_list(
    client: Client, language: str, listed: str, told: str
) -> None:
    html = shown(client, NAMED, language)
    assert html.count('class="chart__svg chart__svg--') == 2
    assert listed in html
    assert told in html
    assert html.count('<li class="timeline__event">') == 3
    assert plain(html).count("Lends for the first time") >= 2


def test_timeline_says_its_sources_with_the_places_in_them(client: Client) -> None:
    said = words(shown(client, NAMED))
    assert "sections 2.1, 2.10" in said.partition("From licence to loan")[2]


@pytest.mark.parametrize("body", [NAMED, NAMED.replace("id: licences\n", "")])
def test_timeline_has_addresses_of_its_own(client: Client, body: str) -> None:
    html = shown(client, body)
    name = "licences" if "id:" in body else "timeline-1"
    assert f'href="/en/cases/webank/charts/{name}.svg"' in html
    answer = client.get(f"/en/cases/webank/charts/{name}.svg")
    assert answer["Content-Type"].startswith("image/svg+xml")
    said = " ".join(item.text or "" for item in ET.fromstring(answer.content).iter())  # noqa: S314
    assert "From licence to loan" in said
    assert "Gets its licence" in said
    assert "sections 2.1, 2.10" in said


def test_timeline_is_embedded_with_its_list(client: Client) -> None:
    assert "embed/cases/webank/licences/" in shown(client, NAMED)
    html = page(client, "/en/embed/cases/webank/licences/")
    assert "<h1" in html
    assert "From licence to loan" in html
    assert html.count('<li class="timeline__event">') == 3
    assert "chart__svg--narrow" in html


def test_named_timeline_is_still_found_by_its_place(client: Client) -> None:
    shown(client, NAMED)
    assert client.get("/en/cases/webank/charts/timeline-1.svg").status_code == 200
    assert client.get("/en/cases/webank/charts/timeline-2.svg").status_code == 404


def test_timeline_and_chart_count_on_their_own(client: Client) -> None:
    chart = "```chart\ntype: column\ntitle: Users\nseries: [webank.users]\n```\n"
    html = shown(client, f"{chart}\n{NAMED.replace('id: licences', 'from: 2000')}\n{chart}")
    for name in ("chart-1", "timeline-1", "chart-2"):
        assert f"/en/cases/webank/charts/{name}.svg" in html
        assert client.get(f"/en/cases/webank/charts/{name}.svg").status_code == 200


def test_events_of_one_time_are_a_list_alone(client: Client) -> None:
    html = shown(client, "```timeline\nid: begins\nentity: alipay\ntitle: Begun\n```\n")
    assert "chart__svg" not in html
    assert html.count('<li class="timeline__event">') == 1
    assert "begins.svg" not in html
    for path in ("cases/webank/charts/begins.svg", "embed/cases/webank/begins/"):
        assert client.get(f"/en/{path}").status_code == 404


def test_time_that_html_has_no_form_for_is_no_time_element(client: Client) -> None:
    for period in ("2016-Q4", "2017/2019", "2018/", "undated"):
        happened("alipay", period, f"In {period}")
    html = shown(client, NAMED)
    assert html.count('class="timeline__when"') == 7
    assert html.count("<time class=") == 3
    assert "<time>" not in html


@pytest.mark.parametrize(
    "path", ["embed/cases/webank/licences/", "cases/webank/charts/licences.svg"]
)
def test_timeline_of_the_past_says_that_its_events_are_those_of_today(
    client: Client, path: str
) -> None:
    shown(client, NAMED)
    said = "Names, units, labels and events are those of today."
    assert said not in page(client, f"/en/{path}")
    dated = page(client, f"/en/{path}?as_of={Change.objects.latest_seq()}")
    assert said in dated
    assert "does not change" not in dated


def test_timeline_without_title_is_named_as_one(client: Client) -> None:
    shown(client, "```timeline\nentity: webank\n```\n", "zh-hans")
    answer = client.get("/zh-hans/cases/webank/charts/timeline-1.svg")
    assert "<title" in answer.content.decode()
    assert ">时间线</title>" in answer.content.decode()


def test_more_events_take_no_more_queries(client: Client) -> None:
    def count() -> int:
        rewrite("webank", body=NAMED, now=LATER + timedelta(minutes=Event.objects.count()))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client, "/en/cases/webank/")
        return len(queries)

    few = count()
    for year in range(2016, 2024):
        happened("webank", str(year), f"Year {year}")
    assert count() == few
