"""The lineage page of transformed and aggregated values: the parameters that the API has too."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from metrics.models import Series
from tests.metrics.factories import NOW, UnitFactory, make_series, publish

pytestmark = pytest.mark.django_db
QUARTERLY, DAILY = "/en/series/acme.revenue/lineage/", "/en/series/acme.price/lineage/"


@pytest.fixture
def quarterly() -> Series:
    """2018 and 2019 by quarters, 10 to 80."""
    series = make_series("acme.revenue", frequency="Q", nature="flow")
    cells = [(f"{year}-Q{n}", year, n) for year in (2018, 2019) for n in range(1, 5)]
    publish(*[(series, code, str((year - 2018) * 40 + n * 10)) for code, year, n in cells])
    UnitFactory(key="percent-growth", kind="growth")
    UnitFactory(key="index-point", kind="index")
    return series


@pytest.fixture
def daily() -> Series:
    """1 to 31 on the days of January 2018."""
    series = make_series("acme.price", frequency="D", nature="flow")
    publish(*[(series, f"2018-01-{n:02}", str(n)) for n in range(1, 32)])
    return series


def words(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.content
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("period=2019&frequency=A&aggregation_method=sum",
         ("260", "computed by Sum of a period", "part: Acme · Users", "50", "80", "Report")),
        ("period=2019&frequency=A&aggregation_method=sum&units=pc1",
         ("160", "Percent change from a year ago", "Sum of a period", "value", "base", "40")),
        ("period=2019-Q1&units=rm&window=3", ("40", "Rolling mean", "50", "40", "30")),
        ("period=2019-Q1&units=idx&index_base=2018", ("200", "Index (base period = 100)", "25")),
        ("period=2019-Q1&units=cagr&span_start=2018-Q1", ("400%", "Compound annual growth")),
        ("period=2019-Q1&units=log", ("3.912", "Natural logarithm")),
        # Without a method the usual one, as in the API.
        ("period=2019&frequency=A", ("65", "computed by Average of a period")),
        ("period=2019&frequency=A&units=&window=", ("65",)),
    ],
)  # fmt: skip
def test_step_leads_to_every_value_it_takes(
    client: Client, quarterly: Series, query: str, parts: tuple[str, ...]
) -> None:
    if "idx" in query:
        parts = (*parts[:-1], "base")
    text = words(client, f"{QUARTERLY}?{query}")
    for part in (*parts, "stated in Report", "section 1.2.1"):
        assert part in text


def test_links_of_the_page_keep_what_was_asked(client: Client, quarterly: Series) -> None:
    query = "period=2019&frequency=A&units=pc1"
    html = client.get(f"{QUARTERLY}?{query}").content.decode()
    shown = query.replace("&", "&amp;")
    assert f'href="/api/v1/series/acme.revenue/lineage?{shown}"' in html
    for name, value in (("period", "2019"), ("frequency", "A"), ("units", "pc1")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in html
    then = (NOW + timedelta(minutes=1)).isoformat().replace("+", "%2B")
    assert f'href="?{shown}"' in client.get(f"{QUARTERLY}?{query}&as_of={then}").content.decode()


def test_api_of_the_page_says_the_same(client: Client, quarterly: Series) -> None:
    query = "period=2019&frequency=A&units=pc1"
    tree = client.get(f"/api/v1/series/acme.revenue/lineage?{query}").json()
    assert tree["value"] == "160.0"
    assert "160%" in words(client, f"{QUARTERLY}?{query}")


def test_step_as_of_a_moment_takes_what_stood(client: Client, quarterly: Series) -> None:
    publish((quarterly, "2019-Q4", "180"), kind="revision", now=NOW + timedelta(hours=1))
    path = f"{QUARTERLY}?period=2019&frequency=A&aggregation_method=sum"
    then = (NOW + timedelta(minutes=1)).isoformat().replace("+", "%2B")
    assert " 360 " in words(client, path)
    assert " 260 " in words(client, f"{path}&as_of={then}")


def test_many_parts_are_counted_and_can_be_asked_for(client: Client, daily: Series) -> None:
    query = "period=2018-01&frequency=M&aggregation_method=sum"
    html = client.get(f"{DAILY}?{query}").content.decode()
    assert "and 19 more:" in words(client, f"{DAILY}?{query}")
    days = "observation_start=2018-01-01&amp;observation_end=2018-01-31"
    address = f"/api/v1/series/acme.price/observations?{days}"
    assert f'<a href="{address}">all of them</a>' in html
    assert len(client.get(address.replace("&amp;", "&")).json()["results"]) == 31
    tree = client.get(f"/api/v1/series/acme.price/lineage?{query}").json()
    assert (tree["further"], tree["days"]) == (
        19,
        {"observation_start": "2018-01-01", "observation_end": "2018-01-31"},
    )
    assert tree["inputs"][0]["days"] is None


def test_chinese_page_is_chinese(client: Client, daily: Series) -> None:
    text = words(client, f"/zh-hans{DAILY[3:]}?period=2018-01&frequency=M&aggregation_method=sum")
    assert "期内合计" in text
    assert "另有19项" in text


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("units=yoy", "Expected one of lin, chg"),
        ("units=pc1&units=lin", "Expected it once"),
        ("units=idx", "Expected with units=idx"),
        ("units=idx&index_base=then", "Expected one period"),
        ("units=idx&index_base=2015-W01", "the frequency Q, or a longer one made of such"),
        ("units=idx&index_base=undated", "the frequency Q, or a longer one made of such"),
        ("window=3", "Expected only with units=rm"),
        ("units=rm&window=0", "a whole number from 1 to 1000"),
        ("units=rm&window=1001", "a whole number from 1 to 1000"),
        ("units=rm&window=three", "a whole number from 1 to 1000"),
        ("units=cagr&span_start=2018", "Expected a period of the frequency Q"),
        ("frequency=Y", "Expected one of A, S, Q, M, W, D"),
        ("frequency=M", "cannot be aggregated to M. Expected one of Q, S, A"),
        ("aggregation_method=sum", "Expected only with frequency"),
        ("frequency=A&aggregation_method=median", "Expected one of avg, sum, eop"),
        ("frequency=A&aggregation_method=eop", "does not suit acme.revenue (flow)"),
    ],
)
def test_question_that_does_not_suit_says_what_would(
    client: Client, quarterly: Series, query: str, told: str
) -> None:
    response = client.get(f"{QUARTERLY}?period=2019-Q1&{query}")
    assert response.status_code == 400
    assert told in response.content.decode()


def test_nature_that_refuses_a_transform_names_those_it_allows(client: Client) -> None:
    publish((make_series("acme.margin", nature="ratio"), "2018", "5"))
    response = client.get("/en/series/acme.margin/lineage/?period=2018&units=pc1")
    assert response.status_code == 400
    assert "Expected one of lin, chg, ch1, rm." in response.content.decode()


def test_period_without_a_computed_value_is_no_page(client: Client, quarterly: Series) -> None:
    assert client.get(f"{QUARTERLY}?period=2031&frequency=A").status_code == 404
    assert client.get(f"{QUARTERLY}?period=2019-Q1&frequency=A").status_code == 404


def test_queries_do_not_grow_with_the_parts(client: Client, daily: Series) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            path = f"{DAILY}?period=2018-01&frequency=M&aggregation_method=sum&units=chg"
            assert client.get(path).status_code == 200
        return len(captured)

    one = queries()
    publish(*[(daily, f"2017-{m:02}-{n:02}", "3") for m in range(1, 13) for n in range(1, 29)])
    assert queries() == one
