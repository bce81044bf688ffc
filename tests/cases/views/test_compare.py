"""Series side by side: what is drawn together, what never is, what is refused."""

import re
from datetime import date, timedelta
from urllib.parse import parse_qs, quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.selectors.compare_plots import told_apart
from metrics.models import Series
from metrics.services.imports.publishing import publish_import
from metrics.services.redefinitions import redefine
from tests.cases.views.reading import page, plain, words
from tests.metrics.factories import NOW, EntityFactory, IndicatorFactory, make_series, publish
from tests.metrics.services.imports.conftest import checked, make_layout, private_files

pytestmark = pytest.mark.django_db
__all__ = ["private_files"]
YEARS = ("2016", "2017", "2018")
LATER = NOW + timedelta(hours=1)


def named(key: str, *stated: str, **indicator: str) -> Series:
    """A series with values of the last of YEARS, as many as are given."""
    series = make_series(key, **indicator)
    publish(
        *((series, year, text) for year, text in zip(YEARS[-len(stated) :], stated, strict=True))
    )
    return series


@pytest.fixture(autouse=True)
def people() -> None:
    """Two series of persons, one of yuan, one of a share, one of months."""
    named("acme.users", "超过100", "120", "150")
    named("bolt.users", "200", "220", "260")
    named("acme.revenue", "5亿", "7亿", nature="flow", unit="currency")
    named("acme.share", "12%", "15%", nature="ratio", unit="percent")
    monthly = make_series("bolt.logins", frequency="M")
    publish(*((monthly, f"2017-{month:02}", "90") for month in range(1, 13)))


def compared(client: Client, query: str, language: str = "en") -> str:
    return page(client, f"/{language}/compare/?{query}")


def drawings(html: str) -> list[str]:
    """The wide drawing of each chart."""
    return re.findall(r'<svg[^>]*chart__svg--wide".*?</svg>', html, re.DOTALL)


def refused(client: Client, query: str, language: str = "en") -> str:
    response = client.get(f"/{language}/compare/?{query}")
    assert response.status_code == 400
    return words(response.content.decode())


def queries_of(html: str) -> list[str]:
    """The comparisons that a page leads to."""
    return re.findall(r'href="\?([^"]*)"', html.replace("&amp;", "&"))


def test_series_of_one_unit_share_an_axis(client: Client) -> None:
    html = compared(client, "s=acme.users~bolt.users")
    (drawing,) = drawings(html)
    assert re.findall(r'class="line (series-\d)"', drawing) == ["series-1", "series-2"]
    assert ">Acme</text>" in drawing  # named at the end of its line
    assert ">Bolt</text>" in drawing
    assert drawing.count('class="open"') == 1  # over 100
    assert "<title" in drawing
    assert (
        "Line chart, 2 series, unit: person. Acme: over 100 (end of 2016); 120 (end of 2017)"
        in plain(drawing)
    )
    assert "compare-guard" not in html


def test_table_leads_from_each_value_to_its_row(client: Client) -> None:
    html = compared(client, "s=acme.users~bolt.users")
    assert '<a href="/en/series/acme.users/#2016">over 100</a>' in html
    assert '<a href="/en/series/bolt.users/#2018">260</a>' in html


def test_list_tells_unit_source_and_latest_value(client: Client) -> None:
    told = words(compared(client, "s=acme.revenue~acme.share"))
    assert "Acme · Users Remove currency annual currency 700 million 2018 Report" in told


def test_value_that_is_missing_says_why(client: Client) -> None:
    named("cord.users", "40")
    assert "end of 2016 over 100 not reported" in words(compared(client, "s=acme.users~cord.users"))


def test_levels_of_different_units_stand_in_panels(client: Client) -> None:
    for layout in ("", "&layout=shared"):
        html = compared(client, f"s=acme.users~acme.revenue{layout}")
        assert len(drawings(html)) == 2
        assert "These series are in different units (person / currency)" in words(html)


@pytest.mark.parametrize("units", ["idx", "pch", "pc1"])
def test_index_and_percent_change_share_an_axis_whatever_the_units(
    client: Client, units: str
) -> None:
    html = compared(client, "s=acme.users~acme.revenue")
    guard = html.partition('class="compare-guard')[2].partition("</p>")[0]
    (query,) = (one for one in queries_of(guard) if f"units={units}" in one)
    html = compared(client, query)
    assert len(drawings(html)) == 1
    assert "compare-guard" not in html


def test_index_is_100_in_the_first_period_that_all_have(client: Client) -> None:
    html = compared(client, "s=acme.users~acme.revenue")
    (query, *_) = (one for one in queries_of(html) if "units=idx" in one)
    assert parse_qs(query)["index_base"] == ["2017"]
    html = compared(client, query)
    told = words(html)
    assert "Index, 2017 = 100" in told
    assert "2017 100 100 2018 125 140" in told
    assert "about" not in told


def test_logarithms_of_different_units_do_not_share_an_axis(client: Client) -> None:
    assert len(drawings(compared(client, "s=acme.users~acme.revenue&units=log"))) == 2


def test_different_frequencies_are_never_joined(client: Client) -> None:
    html = compared(client, "s=acme.users~bolt.logins&layout=shared")
    assert len(drawings(html)) == 2
    assert "different kinds of periods (annual / monthly)" in words(html)
    html = compared(client, "s=acme.users~bolt.logins&units=idx&index_base=2017")
    assert len(drawings(html)) == 2


def test_index_of_different_frequencies_is_offered_on_a_year_that_both_have(
    client: Client,
) -> None:
    html = compared(client, "s=acme.users~bolt.logins")
    assert "s=acme.users~bolt.logins&units=idx&index_base=2017" in queries_of(html)


def test_no_index_is_offered_without_a_common_period(client: Client) -> None:
    publish((make_series("dusk.users"), "2010", "4"))
    html = compared(client, "s=acme.users~dusk.users")
    assert not any("units=idx" in one for one in queries_of(html))


def test_panels_can_be_asked_for(client: Client) -> None:
    html = compared(client, "s=acme.users~bolt.users&layout=panels")
    assert len(drawings(html)) == 2
    assert "compare-guard" not in html


def test_panels_of_one_frequency_have_the_same_periods(client: Client) -> None:
    named("cord.revenue", "4亿", unit="currency")
    first, second = drawings(compared(client, "s=acme.users~cord.revenue"))
    assert "2016" in first
    assert "2016" in second


def test_range_keeps_the_periods_in_it(client: Client) -> None:
    html = compared(client, "s=acme.users~bolt.users&units=pch&from=2017&to=2017")
    table = words(f"<main>{html.partition('data-readings')[2].partition('</table>')[0]}")
    assert "2017" in table
    assert "10%" in table  # of 2016, which is outside
    assert "2018" not in table


def test_ranks_are_a_table(client: Client) -> None:
    named("acme.place", "2", "1", nature="rank", unit="rank")
    html = compared(client, "s=acme.place")
    assert drawings(html) == []
    assert "Ranks are not drawn" in words(html)


def test_series_without_values_has_none(client: Client) -> None:
    make_series("void.users")
    assert "No data" in words(compared(client, "s=void.users"))
    assert len(drawings(compared(client, "s=void.users~acme.users"))) == 1


def test_span_is_drawn_apart_from_years(client: Client) -> None:
    publish((make_series("acme.spread"), "2007/2018", "5"))
    html = compared(client, "s=acme.users~acme.spread")
    assert len(drawings(html)) == 2
    assert "annual / spans or undated" in words(html)


def test_same_measure_by_year_and_month_is_told_apart(client: Client) -> None:
    annual = Series.objects.get(key="bolt.users")
    monthly = Series.objects.create(
        key="bolt.users.m", entity=annual.entity, indicator=annual.indicator, frequency="M"
    )
    publish((monthly, "2018-01", "7"))
    assert len(drawings(compared(client, "s=bolt.users~bolt.users.m"))) == 2
    assert told_apart([annual, monthly], "en") == {
        "bolt.users": "Users (annual)",
        "bolt.users.m": "Users (monthly)",
    }


def test_change_of_definition_parts_the_line(client: Client) -> None:
    redefine(
        IndicatorFactory(key="users"),
        since="2018",
        definition={"zh-hans": "活跃用户数。", "en": "Active users."},
        comparable={},
        reason={"en": "The companies count active users now."},
        actor=None,
        now=LATER,
    )
    html = compared(client, "s=acme.users~bolt.users")
    (drawing,) = drawings(html)
    assert drawing.count('class="break ') == 2
    assert "Acme: measured by another definition from end of 2018 on" in words(html)


def test_page_of_the_past_shows_what_stood(client: Client) -> None:
    publish((Series.objects.get(key="bolt.users"), "2018", "300"), kind="revision", now=LATER)
    query = "s=acme.users~bolt.users"
    assert ">300</a>" in compared(client, query)
    html = compared(client, f"{query}&as_of={quote((NOW + timedelta(minutes=5)).isoformat())}")
    assert ">260</a>" in html
    assert ">300</a>" not in html
    assert "As it stood on" in words(html)
    assert "s=acme.users~bolt.users" in queries_of(html)  # now
    assert re.search(r'href="/en/series/bolt.users/\?as_of=\d+#2018"', html)


def test_series_can_be_removed_and_added(client: Client) -> None:
    html = compared(client, "s=acme.users~bolt.users&units=pch&from=2017")
    rest = "/en/compare/?s=bolt.users&amp;units=pch&amp;from=2017"
    assert f'href="{rest}" aria-label="Remove Acme · Users"' in html
    assert "s=acme.users~bolt.users~bolt.logins&units=pch&from=2017" in queries_of(html)
    html = compared(client, "s=acme.users")
    assert 'href="/en/compare/" aria-label="Remove' in html


def test_series_that_the_transform_does_not_suit_is_not_offered(client: Client) -> None:
    named("bolt.place", "1", "2", nature="rank")
    assert "bolt.place" in compared(client, "s=acme.users")
    assert "bolt.place" not in compared(client, "s=acme.users&units=pch")


def test_eight_series_are_the_most(client: Client) -> None:
    keys = [named(f"e-{n}.users", str(n + 1), str(n + 2)).key for n in range(9)]
    html = compared(client, f"s={'~'.join(keys[:8])}")
    assert "remove one to add another" in words(html)
    assert "1 to 8 keys" in refused(client, f"s={'~'.join(keys)}")


def test_page_without_series_is_a_form(client: Client) -> None:
    html = page(client, "/en/compare/")
    assert '<input id="s" name="s" value=""' in html
    assert '<link rel="canonical" href="http://testserver/en/compare/">' in html
    assert "noindex" not in html


def test_comparison_is_not_for_search_engines(client: Client) -> None:
    html = compared(client, "s=acme.users~bolt.users")
    assert '<meta name="robots" content="noindex">' in html
    assert 'rel="canonical"' not in html


def test_series_page_leads_to_the_comparison(client: Client) -> None:
    assert 'href="/en/compare/?s=acme.users"' in page(client, "/en/series/acme.users/")


def test_other_language_has_the_same_comparison(client: Client) -> None:
    html = compared(client, "s=acme.users~bolt.users&units=pch")
    assert 'href="/zh-hans/compare/?s=acme.users~bolt.users&amp;units=pch"' in html
    told = words(compared(client, "s=acme.users~acme.revenue", "zh-hans"))
    assert "这些序列的单位不同（人、currency）" in told


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("s=acme.users~acme.users", "each once"),
        ("s=acme.users~", "1 to 8 keys"),
        ("s=acme", "1 to 8 keys"),
        ("s=ACME.users", "1 to 8 keys"),
        ("s=acme.users&s=bolt.users", "1 to 8 keys"),
        ("s=acme.users~nobody.nothing", "No such series: nobody.nothing."),
        ("s=acme.users&units=percent", "Expected one of lin, chg"),
        (
            "s=acme.users&units=rm&window=2",
            "from, index_base, layout, s, to, type, units",
        ),
        ("s=acme.users&units=rm", "Expected one of lin, chg"),
        ("s=acme.users~acme.share&units=pch", "Expected one of lin, chg, ch1."),
        ("s=acme.users&units=idx", "Expected with units=idx"),
        ("s=acme.users&index_base=2017", "Expected only with units=idx"),
        ("s=acme.users&units=idx&index_base=2017-01", "period of the frequency A"),
        ("s=acme.users&layout=both", "Expected one of shared, panels."),
        ("s=acme.users&type=pie", "Expected one of line, step, grouped, stacked, multiples, slope"),
        ("s=acme.users&from=soon", "Expected one period, such as 2018"),
        ("s=acme.users&to=undated", "Expected one period, such as 2018"),
        ("s=acme.users&from=2018&to=2017", "does not end before"),
        ("s=acme.users&as_of=never", "2027-03-01"),
        ("s=acme.users&color=red", "The parameter color"),
    ],
)
def test_address_that_cannot_be_read_says_what_is_allowed(
    client: Client, query: str, told: str
) -> None:
    text = refused(client, query)
    assert told in text
    assert re.search(r"The parameter \w+ has the value", text)


def test_unsuitable_transform_names_the_series(client: Client) -> None:
    assert "acme.share (ratio)" in refused(
        client, "s=acme.users~acme.share&units=idx&index_base=2017"
    )


@pytest.mark.parametrize(
    "name", ["s", "units", "layout", "type", "from", "index_base", "as_of", "<i>x"]
)
def test_what_the_address_says_is_escaped(client: Client, name: str) -> None:
    attack = quote('"><script>alert(1)</script>')
    response = client.get(f"/en/compare/?{quote(name)}={attack}")
    assert response.status_code == 400
    assert "<script>alert" not in response.content.decode()
    assert "<i>x" not in response.content.decode()


def test_names_are_escaped_in_drawing_and_table(client: Client) -> None:
    EntityFactory(slug="evil", name_en="<b>Evil</b>")
    named("evil.users", "3", "4")
    html = compared(client, "s=evil.users~acme.users")
    assert "<b>Evil" not in html
    assert "&lt;b&gt;Evil&lt;/b&gt;" in html


@pytest.mark.usefixtures("private_files")
def test_series_that_is_only_staged_does_not_exist(client: Client) -> None:
    layout = make_layout(unknown_entities="create", indicator=IndicatorFactory(key="users"))
    batch = checked(layout, "entity,period,value\nGiraffe Bank,2018,5\n")
    proposal = batch.proposed_series.get().proposal
    assert proposal
    key = f"{proposal.slug}.users"
    assert "No such series" in refused(client, f"s={key}")
    assert "Giraffe" not in compared(client, "s=acme.users")  # nor is it offered
    publish_import(batch, actor=None, now=LATER)
    assert ">5</a>" in compared(client, f"s={key}")
    assert "Giraffe Bank" in compared(client, "s=acme.users")


@pytest.mark.parametrize("past", ["", "&as_of=1"])
def test_queries_do_not_grow_with_series(client: Client, past: str) -> None:
    keys = [named(f"e-{n}.users", str(n + 1), str(n + 2)).key for n in range(8)]

    def queries(count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            compared(client, f"s={'~'.join(keys[:count])}{past}")
        return len(captured)

    queries(1)
    assert queries(2) == queries(8)


@pytest.mark.parametrize("layout", ["shared", "panels"])
def test_long_series_are_drawn_by_their_shape(client: Client, layout: str) -> None:
    """Two of 1,000 days, each with its peak on a day of its own."""
    first, peaks = date(2015, 1, 1), {"acme.price": 333, "bolt.price": 777}
    for key, peak in peaks.items():
        daily = make_series(key, frequency="D")
        days = ((n, str(first + timedelta(days=n))) for n in range(1000))
        publish(*((daily, day, "9999" if n == peak else str(n + 1)) for n, day in days))
    html = compared(client, f"s=acme.price~bolt.price&layout={layout}")
    told = re.findall(r"Drawn are (\d+) of (\d+) values", words(html))
    assert [total for _, total in told] == ["1000"] * (1 if layout == "shared" else 2)
    assert all(200 < int(drawn) < 900 for drawn, _ in told)
    readings = html.partition("data-readings")[2].partition("</table>")[0]
    assert readings.count("<tr>") == int(told[0][0]) + 1
    for day in ("30 November 2015", "16 February 2017"):
        assert day in words(html)
    assert words(html).count("9,999") >= 2
