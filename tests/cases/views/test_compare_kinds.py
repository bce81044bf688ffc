"""The types of drawing that a comparison can be asked for, and why it may be another."""

import re

import pytest
from django.test import Client

from cases.selectors.compare_kinds import TYPES
from tests.cases.views.reading import page, plain, words
from tests.cases.views.test_compare import drawings, named
from tests.metrics.factories import make_series, publish

pytestmark = pytest.mark.django_db
BOTH = "s=acme.sales~bolt.sales"
KINDS = {
    "line": "Line chart", "step": "Step chart", "grouped": "Grouped column chart",
    "stacked": "Stacked column chart", "multiples": "Small multiples", "slope": "Slope chart",
}  # fmt: skip


@pytest.fixture(autouse=True)
def sales() -> None:
    """Two flows of one unit, a share, and one of another unit."""
    named("acme.sales", "100", "120", "150", nature="flow")
    named("bolt.sales", "200", "220", "260", nature="flow")
    named("acme.share", "12%", "15%", nature="ratio", unit="percent")
    named("bolt.share", "14%", "18%", nature="ratio", unit="percent")


def compared(client: Client, query: str, language: str = "en") -> str:
    return page(client, f"/{language}/compare/?{query}")


def described(html: str) -> list[str]:
    return [re.findall(r"<desc[^>]*>(.*?)</desc>", one)[0] for one in drawings(html)]


@pytest.mark.parametrize(("kind", "name"), KINDS.items())
def test_series_are_drawn_as_asked(client: Client, kind: str, name: str) -> None:
    html = compared(client, f"{BOTH}&type={kind}")
    (told,) = described(html)
    assert told.startswith(f"{name}, 2 series")
    assert "Not drawn as asked" not in html
    assert f'<option value="{kind}" selected>' in html
    assert html.count('class="compare-lines__tone') == 2
    assert f"compare/chart.svg?s=acme.sales~bolt.sales&amp;type={kind}" in html


@pytest.mark.parametrize("kind", ["bar", "dots"])
def test_one_period_is_drawn_as_asked(client: Client, kind: str) -> None:
    html = compared(client, f"{BOTH}&type={kind}&from=2018&to=2018")
    assert "Not drawn as asked" not in html
    assert described(html)[0].startswith("Bar chart" if kind == "bar" else "Dot plot")


def test_stack_tells_its_total(client: Client) -> None:
    html = compared(client, f"{BOTH}&type=stacked")
    assert "Total (sum of the series shown)" in html
    assert plain(html.partition("<tbody>")[2]).count("410") >= 1


def test_slope_has_the_first_and_the_last_period(client: Client) -> None:
    table = compared(client, f"{BOTH}&type=slope").partition("data-readings")[2]
    rows = plain(table.partition("<tbody>")[2].partition("</tbody>")[0])
    assert rows == "2016 100 200 2018 150 260"


@pytest.mark.parametrize(
    ("query", "reason", "instead"),
    [
        ("s=acme.share~bolt.share&type=stacked", "those of “acme.share” do not add", "Line chart"),
        (f"{BOTH}&type=stacked&units=pch", "Growth rates, indices and logarithms", "Line chart"),
        ("s=acme.sales~acme.share&type=multiples", "several series that share an axis", ""),
        (f"{BOTH}&type=slope&layout=panels", "several series that share an axis", ""),
        (f"{BOTH}&type=dots", "It shows one period", "Line chart"),
        (f"{BOTH}&type=step&from=2018&to=2018", "It takes two periods or more", "Bar chart"),
        ("s=acme.sales&type=multiples", "several series that share an axis", "Column chart"),
    ],
)
def test_type_that_does_not_suit_says_why_and_is_drawn_as_usual(
    client: Client, query: str, reason: str, instead: str
) -> None:
    html = compared(client, query)
    assert "Not drawn as asked" in words(html)
    assert reason in words(html)
    assert all(told.startswith(instead) for told in described(html))


def test_panels_are_drawn_as_asked_each(client: Client) -> None:
    html = compared(client, "s=acme.sales~acme.share&type=step")
    assert [told.partition(",")[0] for told in described(html)] == ["Step chart", "Step chart"]
    html = compared(client, "s=acme.sales~acme.share&type=grouped")
    assert [told.partition(",")[0] for told in described(html)] == ["Column chart"] * 2
    assert "Not drawn as asked" not in html


def test_very_many_columns_are_refused_with_what_to_do(client: Client) -> None:
    for key in ("cord.sales", "dune.sales"):
        series = make_series(key, nature="flow")
        publish(*((series, str(year), "5") for year in range(1980, 2010)))
    html = compared(client, "s=cord.sales~dune.sales&type=grouped")
    assert "It shows at most 24 periods" in words(html)
    shorter = compared(client, "s=cord.sales~dune.sales&type=grouped&from=1990")
    assert "Not drawn as asked" not in shorter


@pytest.mark.parametrize("kind", TYPES)
def test_picture_is_of_the_type_asked_for(client: Client, kind: str) -> None:
    answer = client.get(f"/en/compare/chart.svg?{BOTH}&type={kind}")
    assert answer.status_code == 200
    told = re.findall(r"<desc[^>]*>(.*?)</desc>", answer.content.decode())[0]
    assert told.startswith(KINDS.get(kind, "Line chart"))


def test_form_offers_every_type_in_the_language_of_the_page(client: Client) -> None:
    form = compared(client, f"{BOTH}&type=step", "zh-hans")
    for name in ("适合所选序列的方式", "阶梯线", "共用坐标轴的小图"):
        assert name in form
    assert "未按所选方式绘制" in compared(client, f"{BOTH}&type=dots", "zh-hans")
