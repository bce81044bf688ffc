"""The page of a series as its reader asks for it: transformed, aggregated, cut, page by page."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import PageSnapshot
from metrics.models import Change, Series
from tests.cases.views.reading import page, plain, words
from tests.metrics.factories import NOW, make_series, publish

pytestmark = pytest.mark.django_db
REVENUE = "/en/series/acme.revenue/"
LOGINS = "/en/series/acme.logins/"
MONTHS = [f"{year}-{month:02}" for year in (2016, 2017) for month in range(1, 13)]


@pytest.fixture(autouse=True)
def series() -> Series:
    """Years of a flow, months of another, a share."""
    revenue = make_series("acme.revenue", nature="flow", unit="currency")
    publish(*((revenue, y, v) for y, v in (("2015", "80"), ("2016", "100"), ("2018", "150"))))
    logins = make_series("acme.logins", frequency="M", nature="flow")
    publish(*((logins, month, str(100 + n)) for n, month in enumerate(MONTHS)))
    publish((make_series("acme.share", nature="ratio", unit="percent"), "2018", "12%"))
    return revenue


def row(html: str, period: str) -> str:
    return plain(html.partition(f'<tr id="{period}">')[2].partition("</tr>")[0])


def periods(html: str) -> list[str]:
    return re.findall(r'<tr id="([^"]+)">', html)


def refused(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 400
    assert response["Cache-Control"] == "no-store"
    return words(response.content.decode())


def led_to(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 302
    return str(response["Location"])


def options(html: str, name: str) -> list[str]:
    select = html.partition(f'<select id="{name}"')[2].partition("</select>")[0]
    return re.findall(r'value="([^"]*)"', select)


def test_percent_change_has_its_rows_chart_and_subtitle(client: Client) -> None:
    html = page(client, f"{REVENUE}?units=pch")
    assert "2016 25%" in row(html, "2016")
    assert "2018 not enough history" in row(html, "2018")  # 2017 is not there
    assert "2015 not enough history" in row(html, "2015")
    assert "selected>Percent change</option>" in html
    assert "Shown: Percent change" in words(html)
    assert f'href="{REVENUE}">The series as stated</a>' in html


def test_null_reason_stands_in_words_in_chinese(client: Client) -> None:
    html = page(client, "/zh-hans/series/acme.revenue/?units=pch")
    assert "历史不足" in row(html, "2018")


def test_chart_and_its_table_follow_the_question(client: Client) -> None:
    html = page(client, f"{LOGINS}?units=pc1&frequency=Q&aggregation_method=sum")
    assert "quarterly · Sum of a period, Percent change from a year ago" in words(html)
    assert "Q1 2017" in html.partition("data-readings")[2].partition("</table>")[0]
    assert "Q1 2017: 11.88%" in html.partition("<svg")[2].partition("</svg>")[0]
    assert "Q1 2017 11.88%" in row(html, "2017-Q1")


def test_annual_average_is_of_the_whole_year(client: Client) -> None:
    stock = make_series("acme.users", frequency="M")
    publish(*((stock, month, "100") for month in MONTHS))
    averaged = page(client, "/en/series/acme.users/?frequency=A&aggregation_method=avg")
    assert row(averaged, "2017").startswith("2017 100")
    last = page(client, "/en/series/acme.users/?frequency=A&aggregation_method=eop")
    assert row(last, "2017").startswith("end of 2017 100")


def test_each_computed_value_leads_to_its_lineage(client: Client) -> None:
    html = page(client, f"{REVENUE}?units=pch")
    href = "/en/series/acme.revenue/lineage/?period=2016&amp;units=pch"
    assert f'href="{href}"' in html
    assert "2016 25 computed by Percent change" in words(page(client, href.replace("&amp;", "&")))


def test_range_keeps_what_touches_it(client: Client) -> None:
    html = page(client, f"{REVENUE}?from=2016&to=2017")
    assert periods(html) == ["2016"]
    assert "Shown: from 2016 to 2017" in words(html)
    html = page(client, f"{REVENUE}?units=pch&from=2016")
    assert "25%" in row(html, "2016")  # of 2015, which is outside
    assert "No value in this range." in words(page(client, f"{REVENUE}?from=2030"))


def test_form_offers_what_nature_and_frequency_allow(client: Client) -> None:
    html = page(client, "/en/series/acme.share/")
    assert options(html, "units") == ["", "chg", "ch1", "rm"]
    assert options(html, "frequency") == []  # annual: there is nothing longer
    html = page(client, LOGINS)
    assert options(html, "frequency") == ["", "Q", "S", "A"]
    assert options(html, "aggregation_method") == ["avg", "sum"]
    assert 'name="index_base"' not in html


def test_index_is_not_offered_without_a_base(client: Client) -> None:
    publish((make_series("acme.over", nature="flow"), "2018", "超过100"))
    html = page(client, "/en/series/acme.over/")
    assert "idx" not in options(html, "units")
    assert "No period of it can be set to 100." in refused(
        client, "/en/series/acme.over/?units=idx"
    )


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("units=&frequency=&from=&to=", ""),
        ("units=idx", "?units=idx&index_base=2016-01"),
        ("units=rm&from=", "?units=rm&window=12"),
        ("units=pc1&window=3&index_base=2016-01", "?units=pc1"),
        ("aggregation_method=sum&units=pch", "?units=pch"),
        ("frequency=A", "?frequency=A&aggregation_method=avg"),
        ("frequency=M&aggregation_method=sum", ""),
        ("units=lin&to=2016-05", "?to=2016-05"),
        ("units=cagr&span_start=", "?units=cagr"),
    ],
)
def test_form_is_led_to_the_address_that_says_all(client: Client, sent: str, shown: str) -> None:
    address = led_to(client, f"{LOGINS}?{sent}")
    assert address == f"{LOGINS}{shown}"
    assert client.get(address).status_code == 200


def test_base_window_and_start_have_a_field_with_their_transform(client: Client) -> None:
    html = page(client, f"{LOGINS}?units=idx&index_base=2016-01")
    assert 'name="index_base" value="2016-01"' in html
    assert "Index, January 2016 = 100" in words(html)
    assert row(html, "2016-01").startswith("January 2016 100")
    assert 'name="window" value="3"' in page(client, f"{LOGINS}?units=rm&window=3")
    html = page(client, f"{LOGINS}?units=cagr&span_start=2016-01")
    assert 'name="span_start" value="2016-01"' in html
    assert "Compound annual growth rate since January 2016" in words(html)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (f"{REVENUE}?units=nope", "Expected one of lin, chg, ch1"),
        ("/en/series/acme.share/?units=pch", "Expected one of lin, chg, ch1, rm."),
        (f"{REVENUE}?frequency=M", "acme.revenue cannot be aggregated to M. Expected one of A."),
        (f"{LOGINS}?frequency=W", "Expected one of M, Q, S, A."),
        (f"{LOGINS}?frequency=A&aggregation_method=eop", "Expected one of avg, sum."),
        (f"{LOGINS}?units=rm&window=0", "Expected a whole number from 1 to 1000."),
        (f"{LOGINS}?units=idx&index_base=2016-W01", "Expected a period of the frequency M"),
        (f"{REVENUE}?units=cagr&span_start=2016-01", "Expected a period of the frequency A."),
        (f"{REVENUE}?from=soon", "Expected one period, such as 2018"),
        (f"{REVENUE}?from=2018&to=2016", "does not end before"),
        (f"{REVENUE}?page=0", "Expected a whole number from 1."),
        (f"{REVENUE}?page=2", "Expected a page from 1 to 1."),
        (f"{REVENUE}?period=x", "Expected one period"),
        (f"{REVENUE}?units=pch&units=pc1", "Expected it once."),
        (f"{REVENUE}?colour=red", "This page takes only aggregation_method, as_of, frequency"),
    ],
)
def test_what_is_refused_says_what_is_allowed(client: Client, path: str, told: str) -> None:
    assert told in refused(client, path)


def test_variants_are_kept_from_search_engines_and_name_the_plain_page(client: Client) -> None:
    html = page(client, f"{REVENUE}?units=pch")
    assert '<meta name="robots" content="noindex">' in html
    assert f'<link rel="canonical" href="http://testserver{REVENUE}">' in html
    assert "application/ld+json" not in html
    assert "noindex" not in page(client, REVENUE)


def test_only_the_plain_page_is_kept(client: Client) -> None:
    page(client, f"{REVENUE}?units=pch")
    assert not PageSnapshot.objects.exists()
    page(client, REVENUE)
    assert [one.path for one in PageSnapshot.objects.all()] == [REVENUE]
    with CaptureQueriesContext(connection) as captured:
        client.get(REVENUE)
    assert len(captured) == 1


def test_question_is_answered_as_of_a_seq(client: Client, series: Series) -> None:
    then = Change.objects.latest_seq()
    publish((series, "2016", "120"), now=NOW + timedelta(hours=1), kind="correction")
    assert "50%" in row(page(client, f"{REVENUE}?units=pch"), "2016")
    html = page(client, f"{REVENUE}?units=pch&as_of={then}")
    assert "25%" in row(html, "2016")
    assert f'<input type="hidden" name="as_of" value="{then}">' in html
    assert f'href="{REVENUE}?units=pch">Go to the present page' in html
    assert f"period=2016&amp;units=pch&amp;as_of={then}" in html
    assert '<input type="hidden" name="units" value="pch">' in html  # the form of the moment


def test_both_languages_take_the_same_question(client: Client) -> None:
    html = page(client, f"{REVENUE}?units=pch&from=2016")
    assert 'href="/zh-hans/series/acme.revenue/?units=pch&amp;from=2016"' in html


@pytest.fixture
def days() -> Series:
    """1,200 days."""
    daily = make_series("acme.price", frequency="D", nature="period-average")
    first = date(2015, 1, 1)
    publish(*((daily, str(first + timedelta(days=n)), str(n + 1)) for n in range(1200)))
    return daily


def test_long_series_comes_in_pages(client: Client, days: Series) -> None:
    path = "/en/series/acme.price/"
    html = page(client, path)
    assert len(periods(html)) == 250
    assert periods(html)[0] == "2018-04-14"
    assert "Page 1 of 5, 1200 values" in words(html)
    assert 'href="?page=2#values"' in html
    last = page(client, f"{path}?page=5")
    assert periods(last)[-1] == "2015-01-01"
    assert len(periods(last)) == 200
    computed = page(client, f"{path}?units=chg&page=2")
    assert len(periods(computed)) == 250
    assert 'href="?units=chg&amp;page=3#values"' in computed


def test_chosen_period_is_on_the_page_that_is_shown(client: Client, days: Series) -> None:
    html = page(client, "/en/series/acme.price/?period=2015-06-01")
    assert "2015-06-01" in periods(html)


def test_long_series_is_drawn_by_its_shape(client: Client, days: Series) -> None:
    html = page(client, "/en/series/acme.price/")
    drawn, total = map(int, re.findall(r"Drawn are (\d+) of (\d+) values", words(html))[0])
    assert total == 1200
    assert drawn < 900
    readings = html.partition("data-readings")[2].partition("</table>")[0]
    assert readings.count("<tr>") == drawn + 1
    assert f'data-count="{drawn}"' in html


@pytest.mark.parametrize(
    "query", ["units=pch", "units=idx&index_base=2015", "from=2015", "period=2015"]
)
def test_queries_do_not_grow_with_values(client: Client, series: Series, query: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, f"{REVENUE}?{query}")
        return len(captured)

    publish((series, "2015", "81"), now=NOW + timedelta(hours=1))
    one = queries()
    publish(*((series, str(year), "90") for year in range(1980, 2000)))
    publish(*((series, str(year), "91") for year in range(1980, 2000)), now=NOW + timedelta(1))
    assert queries() == one


def test_series_is_cited_as_it_is_shown(client: Client) -> None:
    seq = Change.objects.latest_seq()
    html = page(client, REVENUE)
    assert f'href="http://testserver{REVENUE}?as_of={seq}">The page as it is today' in html
    assert "Fintech Cases: “Acme · Users”, as of 23 November 2026." in words(html)
    variant = page(client, f"{REVENUE}?units=pch")
    assert f'href="http://testserver{REVENUE}?units=pch&amp;as_of={seq}"' in variant
    assert ".bib" not in variant
    assert f"{REVENUE}?as_of=1" in words(page(client, f"{REVENUE}?as_of=1"))


@pytest.mark.parametrize(
    ("form", "told"), [("bib", "@online{acme-revenue-2026-en,"), ("ris", "TY  - ELEC")]
)
def test_citation_of_a_series_is_a_file(client: Client, form: str, told: str) -> None:
    response = client.get(f"/en/series/acme.revenue.{form}")
    assert response.status_code == 200
    text = response.content.decode()
    assert told in text
    assert f"http://testserver{REVENUE}?as\\_of=" in text or f"{REVENUE}?as_of=" in text
    assert response["Content-Disposition"] == f'attachment; filename="acme.revenue-en.{form}"'
    assert client.get(f"/en/series/no.such.{form}").status_code == 404
    assert client.get(f"/en/series/acme.revenue.{form}?x=1").status_code == 400
