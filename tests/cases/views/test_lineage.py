"""The page of one value's lineage, in both languages, now and as of a moment; as_of elsewhere."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from metrics.models import Change, Rule, Series
from metrics.services.refresh import refresh_all
from tests.metrics.factories import NOW, SourceFactory, make_group, make_series, publish

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def total() -> Series:
    """market.revenue-total of 2018 = 50 + 30; a rival says 55; 2016 is of one member only."""
    members = [make_series(f"e-{n}.revenue", nature="flow") for n in range(2)]
    total = make_series("market.revenue-total", nature="flow")
    group = make_group("all", members)
    Rule.objects.create(key="sum", kind="sum", name_zh_hans="加总", name_en="Total", group=group)
    publish((members[0], "2018", "55"), source=SourceFactory(slug="rival", title_en="Rival"))
    publish(
        (members[0], "2018", "50"),
        (members[1], "2018", "30"),
        (members[0], "2016", "5"),
        rule_definitions={"sum": {"output": total.key}},
    )
    refresh_all(now=NOW)
    return total


def words(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.content
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_tree_leads_to_rule_inputs_source_and_place(client: Client, total: Series) -> None:
    path = "/en/series/market.revenue-total/lineage/?period=2018"
    html = client.get(path).content.decode()
    text = words(client, path)
    for part in ("80", "computed by Total", "E-0 · Users", "stated in Report", "section 1.2.1"):
        assert part in text
    assert "stands beside, not preferred: 55 · Rival" in text
    for address in ("/en/methods/#rule-sum", "/en/series/e-0.revenue/#2018",
                    "/en/sources/report-2019/", "/en/sources/rival/",
                    "/api/v1/series/market.revenue-total/lineage?period=2018"):  # fmt: skip
        assert f'href="{address}"' in html


def test_chinese_page_is_chinese(client: Client, total: Series) -> None:
    text = words(client, "/zh-hans/series/market.revenue-total/lineage/?period=2018")
    assert "2018年：数值从何而来" in text
    assert "加总" in text
    assert "第1.2.1节" in text


def test_missing_value_names_the_input_that_is_missing(client: Client, total: Series) -> None:
    text = words(client, "/en/series/market.revenue-total/lineage/?period=2016")
    assert text.count("an input is missing") == 2  # of the sum, and of the member


def test_page_as_of_a_moment_shows_what_stood(client: Client, total: Series) -> None:
    publish((make_series("e-0.revenue"), "2018", "70"), kind="revision", now=NOW + HOUR)
    path = "/en/series/market.revenue-total/lineage/?period=2018"
    assert " 100 " in words(client, path)
    then = (NOW + HOUR / 2).isoformat().replace("+", "%2B")
    text = words(client, f"{path}&as_of={then}")
    assert " 80 " in text
    assert "As it stood on" in text


def test_series_page_links_the_lineage_of_every_row(client: Client, total: Series) -> None:
    html = client.get("/en/series/market.revenue-total/").content.decode()
    for period in ("2016", "2018"):
        assert f'href="/en/series/market.revenue-total/lineage/?period={period}"' in html


def test_span_can_be_asked_for(client: Client) -> None:
    publish((make_series("acme.growth", nature="ratio"), "2007/2018", "5"))
    html = client.get("/en/series/acme.growth/").content.decode()
    address = re.search(r'href="([^"]*lineage[^"]*)" data-lineage', html)
    assert address
    assert "5" in words(client, address[1])


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("", 400, "Expected one period"),
        ("?period=never", 400, "Expected one period"),
        ("?period=2018&period=2019", 400, "Expected one period"),
        ("?period=2018&depth=2", 400, "only aggregation_method, as_of, frequency, index_base"),
        ("?period=2018&as_of=yesterday", 400, "2027-03-01"),
        ("?period=2018&as_of=2018-13-01", 400, "2027-03-01"),
        ("?period=2018&as_of=9999-12-31", 400, "2027-03-01"),
        ("?period=2018&as_of=0001-01-01T00:00:00%2B09:00", 400, "2027-03-01"),
        ("?period=2018&as_of=2018-01-01T00:00:00", 400, "2027-03-01"),
        ("?period=2018&as_of=2999-01-01", 400, "a moment that is past"),
        ("?period=2018&as_of=2020-01-01", 404, "no page"),
        ("?period=2031", 404, "no page"),
        ("?period=2018&as_of=", 200, "80"),
    ],
)
def test_address_that_cannot_be_read_says_what_is_allowed(
    client: Client, total: Series, query: str, status: int, told: str
) -> None:
    response = client.get(f"/en/series/market.revenue-total/lineage/{query}")
    assert response.status_code == status
    assert told in response.content.decode()


def test_unknown_series_has_no_lineage(client: Client) -> None:
    assert client.get("/en/series/nobody.nothing/lineage/?period=2018").status_code == 404


PRESENT_ONLY = ("", "cases/", "technologies/", "entities/",
                "entities/webank/", "series/", "sources/report-2019/", "methods/",
                "about/")  # fmt: skip


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("path", PRESENT_ONLY)
def test_page_of_the_present_lets_nothing_pass_for_the_past(client: Client, path: str) -> None:
    response = client.get(f"/en/{path}?as_of=2020-01-01")
    assert response.status_code == 400
    assert "takes no as_of" in response.content.decode()


@pytest.mark.parametrize("as_of", [False, True])
def test_queries_do_not_grow_with_inputs_or_periods(
    client: Client, total: Series, *, as_of: bool
) -> None:
    def queries() -> int:
        query = f"&as_of={instant.isoformat().replace('+', '%2B')}" if as_of else ""
        with CaptureQueriesContext(connection) as captured:
            path = f"/en/series/market.revenue-total/lineage/?period=2018{query}"
            assert client.get(path).status_code == 200
        return len(captured)

    instant = Change.objects.latest("seq").published_at
    one = queries()
    members = [make_series(f"f-{n}.revenue") for n in range(20)]
    rows = [(member, str(year), "7") for member in members for year in range(2010, 2019)]
    publish(*rows, now=NOW + HOUR)
    group = Rule.objects.get(key="sum").group
    assert group
    for position, member in enumerate(members):
        group.members.create(series=member, position=position + 2)
    publish((members[0], "2009", "7"), now=NOW + 2 * HOUR, definitions_changed=True)
    instant = Change.objects.latest("seq").published_at
    assert queries() == one
