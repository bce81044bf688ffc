"""Charts of texts: every type on a page, described in its language, and refused where it lies."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.markup.chart_fields import CHART_TYPES, OF_ONE_PERIOD
from cases.models import PageSnapshot
from cases.selectors.problems import text_problems
from metrics.models import Indicator
from tests.cases.conftest import publish_case, rewrite
from tests.cases.views.reading import page, plain
from tests.metrics.factories import NOW, make_series, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LATER = NOW + timedelta(hours=1)


def chart_of(kind: str, *keys: str, **fields: str) -> str:
    """The fenced block of a chart; of one period where its type shows one."""
    if kind in OF_ONE_PERIOD:
        fields = {"period": "'2018'"} | fields
    lines = [f"type: {kind}", "title: T", f"series: [{', '.join(keys)}]"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    return "\n".join(["```chart", *lines, "```", ""])


@pytest.fixture(autouse=True)
def revenue() -> None:
    """Two flows of one unit, a share, and a case that quotes the first."""
    shop = make_series("acme.shop", nature="flow", unit="currency")
    cloud = make_series("acme.cloud", nature="flow", unit="currency")
    share = make_series("acme.share", nature="ratio", unit="percent")
    publish(
        (shop, "2016", "3亿"), (shop, "2017", "超过4亿"), (shop, "2018", "5亿"),
        (cloud, "2017", "1亿"), (cloud, "2018", "2亿"), (share, "2018", "29%"),
    )  # fmt: skip
    publish_case("acme", key="acme.shop")


def shown(client: Client, body: str, language: str = "en") -> str:
    """The page of the case once it says something else."""
    rewrite("acme", body=body, now=LATER, language=language)
    return page(client, f"/{language}/cases/acme/")


def described(html: str) -> str:
    found = re.search(r"<desc[^>]*>(.*?)</desc>", html, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("kind", CHART_TYPES)
def test_every_type_is_drawn_in_two_widths_with_its_table(client: Client, kind: str) -> None:
    html = shown(client, chart_of(kind, "acme.shop", "acme.cloud"))
    assert html.count('class="chart__svg chart__svg--') == 2
    table = html.partition("data-readings")[2].partition("</table>")[0]
    assert "CNY" in html or "currency" in html
    assert "5" in plain(table)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Slope chart, 2 series, unit: currency. Users: over currency 400 million (2017); "),
        ("zh-hans", "斜率图，2个序列，单位：currency。用户：超过4亿currency（2017年）；"),
    ],
)
def test_chart_is_described_in_the_language_of_the_page(
    client: Client, language: str, expected: str
) -> None:
    html = shown(client, chart_of("slope", "acme.shop", "acme.cloud"), language)
    assert described(html).startswith(expected), described(html)


def test_slope_shows_the_first_and_last_period_that_all_have(client: Client) -> None:
    html = shown(client, chart_of("slope", "acme.shop", "acme.cloud"))
    table = plain(html.partition("data-readings")[2].partition("</table>")[0])
    assert "2016" not in table
    assert {"2017", "2018"} <= set(re.findall(r"\d{4}", table))


def test_slope_shows_the_periods_it_names(client: Client) -> None:
    html = shown(client, chart_of("slope", "acme.shop", periods="['2016', '2018']"))
    table = plain(html.partition("data-readings")[2].partition("</table>")[0])
    assert "2017" not in table


@pytest.mark.usefixtures("in_english")
def test_slope_of_a_period_without_a_value_is_refused() -> None:
    body = chart_of("slope", "acme.cloud", periods="['2016', '2018']")
    assert "has no value for 2016" in text_problems("t", "s", body)[0].message


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (chart_of("stacked", "acme.share"), "those of “acme.share” do not add"),
        (chart_of("stacked", "acme.shop", "acme.share"), "those of “acme.share” do not add"),
        (chart_of("line", "acme.shop", "acme.share"), "different units and cannot share an axis"),
        (chart_of("multiples", "acme.shop", "acme.share"), "cannot share an axis"),
    ],
)
@pytest.mark.usefixtures("in_english")
def test_chart_that_would_lie_is_refused_with_its_line(body: str, message: str) -> None:
    problem = text_problems("t", "s", f"One.\n\n{body}")[0].message
    assert problem.startswith("Line 3: ")
    assert message in problem


def test_growth_of_different_units_may_share_an_axis() -> None:
    make_series("acme.users", nature="stock")
    publish((make_series("acme.users"), "2018", "5"))
    body = chart_of("line", "acme.shop", "acme.users", units="pc1")
    assert text_problems("t", "s", body) == []


@pytest.mark.parametrize(
    ("language", "name", "rows"),
    [
        (
            "en",
            "Total (sum of the series shown)",
            ["2016 currency 300 million — —",
             "2017 over currency 400 million currency 100 million over currency 450 million",
             "2018 currency 500 million currency 200 million currency 700 million"],
        ),
        (
            "zh-hans",
            "合计（所示序列之和）",
            ["2016年 3亿currency — —",
             "2017年 超过4亿currency 1亿currency 超过4.5亿currency",
             "2018年 5亿currency 2亿currency 7亿currency"],
        ),
    ],
)  # fmt: skip
def test_stack_tells_its_total_with_what_is_known_of_it(
    client: Client, language: str, name: str, rows: list[str]
) -> None:
    # 1亿 is known to 1亿: between 0.5亿 and 1.5亿, so the sum is over 4亿 + 0.5亿.
    html = shown(client, chart_of("stacked", "acme.shop", "acme.cloud"), language)
    table = html.partition("data-readings")[2].partition("</table>")[0]
    assert name in plain(table.partition("</thead>")[0])
    said = [plain(row) for row in table.partition("<tbody>")[2].split("</tr>")]
    assert said[:3] == rows
    assert f"{name}" in described(html)


def test_total_of_a_part_that_is_missing_says_why_there_is_none(client: Client) -> None:
    html = shown(client, chart_of("stacked", "acme.shop", "acme.cloud"))
    first = html.partition("<tbody>")[2].partition("</tr>")[0]
    assert 'title="an input is missing">—' in first
    drawing = html.partition("<svg")[2].partition("</svg>")[0]
    assert drawing.count('class="total"') == 2
    assert ">partial<" in drawing


@pytest.mark.parametrize("keys", [("acme.shop",), ("acme.shop", "acme.cloud")])
@pytest.mark.parametrize("kind", CHART_TYPES)
def test_only_a_stack_of_several_has_a_total(
    client: Client, kind: str, keys: tuple[str, ...]
) -> None:
    html = shown(client, chart_of(kind, *keys))
    assert ("sum of the series shown" in html) is (kind == "stacked" and len(keys) > 1)


def test_total_of_changes_is_in_the_unit_of_changes(client: Client) -> None:
    body = chart_of("stacked", "acme.shop", "acme.cloud", units="chg")
    table = shown(client, body).partition("<tbody>")[2].partition("</table>")[0]
    last = plain(table.split("</tr>")[2])
    assert last.startswith("2018"), last
    assert last.count("currency") == 3, last


def test_stack_that_no_longer_adds_up_is_drawn_side_by_side(client: Client) -> None:
    html = shown(client, chart_of("stacked", "acme.shop", "acme.cloud"))
    assert "Stacked column chart" in html
    Indicator.objects.filter(key="cloud").update(nature="index")
    PageSnapshot.objects.all().delete()
    assert "Grouped column chart" in page(client, "/en/cases/acme/")


def test_number_of_charts_does_not_change_the_number_of_queries(client: Client) -> None:
    def queries(body: str, hours: int) -> int:
        rewrite("acme", body=body, now=NOW + timedelta(hours=hours))
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/en/cases/acme/").status_code == 200
        return len(captured)

    one = chart_of("line", "acme.shop")
    many = "".join(chart_of(kind, "acme.shop", "acme.cloud") for kind in CHART_TYPES)
    assert queries(one, 2) == queries(many, 3)
