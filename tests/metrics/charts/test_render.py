"""What holds for every chart, whatever its kind."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import get_args
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.charts import (
    ChartPoint,
    ChartSeries,
    ChartSpec,
    render_both_widths,
    render_chart,
)
from metrics.charts.dots import shown_point
from metrics.charts.render import READ_BY_PERIOD
from metrics.charts.spec import ChartKind, Width
from tests.metrics.charts.builders import SVG, chart, classed, drawn, point, series, texts

KINDS = get_args(ChartKind)
values = st.none() | st.decimals(
    min_value=Decimal("-1e13"), max_value=Decimal("1e13"), allow_nan=False, places=2
)
codes = st.sampled_from(["2016", "2017", "2018", "2018-Q3", "2018-12-31", "2007/2018", "undated"])
points = st.builds(
    ChartPoint,
    period=codes,
    label=st.text(max_size=12),
    value=values,
    lower=values,
    upper=values,
    qualifier=st.sampled_from(["exact", "over", "under", "nearly", "about"]),
    kind=st.sampled_from(["stated", "implied", "derived", "forecast"]),
    text=st.text(max_size=20),
    null_reason=st.just(""),
)
all_series = st.builds(
    ChartSeries,
    key=st.just("a.b"),
    label=st.text(max_size=30),
    points=st.lists(points, max_size=6, unique_by=lambda item: item.period).map(tuple),
)
specs = st.builds(
    ChartSpec,
    kind=st.sampled_from(KINDS),
    title=st.text(max_size=30),
    description=st.text(max_size=30),
    language=st.sampled_from(["zh-hans", "en"]),
    series=st.lists(all_series, max_size=9).map(tuple),
    unit_text=st.sampled_from(["", "%", "人", "USD"]),
    width=st.sampled_from(["wide", "narrow"]),
)


@given(specs)
@settings(deadline=None)
def test_any_chart_is_well_formed_and_without_inline_style(spec: ChartSpec) -> None:
    markup = render_chart(spec, chart_id="c")
    root = ET.fromstring(markup)  # noqa: S314 - our own output
    assert all(element.get("style") is None for element in root.iter())
    assert not re.search(r"\b(nan|inf)\b", " ".join(e.get("d", "") for e in root.iter()))


@given(specs)
@settings(deadline=None)
def test_every_stated_value_is_drawn_once(spec: ChartSpec) -> None:
    root = drawn(spec)
    if spec.kind in READ_BY_PERIOD or all(item.value is None for item in spec.points):
        return
    shown = spec.points
    if spec.kind == "dots":
        shown = tuple(item for one in spec.series if (item := shown_point(one)))
    assert len(classed(root, "mark")) == sum(item.value is not None for item in shown)


@pytest.mark.parametrize("kind", KINDS)
def test_chart_has_an_accessible_name_and_description(kind: ChartKind) -> None:
    root = drawn(chart(kind, series("用户", point("2018", "6"))), "users")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "users-t users-d"
    assert [root.findtext(f"{SVG}{name}") for name in ("title", "desc")] == ["标题", "说明"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_single_point_is_drawn_with_its_value(kind: ChartKind, width: Width) -> None:
    spec = chart(kind, series("用户", point("2018", "60000000", text="超过6,000万")))
    assert "超过6,000万" in " ".join(texts(drawn(replace(spec, width=width))))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("language", "words"), [("zh-hans", "无数据"), ("en", "No data")])
def test_chart_of_nulls_says_so(kind: ChartKind, language: str, words: str) -> None:
    spec = chart(kind, series("用户", point("2018", None)), language=language)
    assert texts(drawn(spec)) == [words]


@pytest.mark.parametrize("kind", KINDS)
def test_chart_without_series_says_so(kind: ChartKind) -> None:
    assert texts(drawn(chart(kind))) == ["无数据"]


@pytest.mark.parametrize("kind", KINDS)
def test_zero_only_is_drawn(kind: ChartKind) -> None:
    assert "0%" in " ".join(texts(drawn(chart(kind, series("率", point("2018", "0", text="0%"))))))


@pytest.mark.parametrize("kind", KINDS)
def test_one_sided_value_is_drawn_open(kind: ChartKind) -> None:
    over = point("2018", "6", qualifier="over", bounds=("6", None))
    exact = point("2018", "6")
    assert render_chart(chart(kind, series("用户", over))) != render_chart(
        chart(kind, series("用户", exact))
    )


@pytest.mark.parametrize("kind", KINDS)
def test_markup_in_labels_is_shown_not_obeyed(kind: ChartKind) -> None:
    nasty = "<script>&\"'"
    spec = chart(
        kind,
        series(nasty, point("2017", "5", text=nasty), point("2018", "6", text=nasty)),
        series("b", point("2017", "5")),
    )
    markup = render_chart(replace(spec, title=nasty, description=nasty), chart_id="c")
    assert "<script" not in markup
    ET.fromstring(markup)  # noqa: S314 - our own output


@pytest.mark.parametrize("kind", KINDS)
def test_text_is_never_under_12_units(kind: ChartKind) -> None:
    spec = chart(kind, series("用户", point("2017", "6"), point("2018", "7")), width="narrow")
    root = drawn(spec)
    sizes = [float(item.get("font-size", root.get("font-size", "0"))) for item in root.iter()]
    assert min(sizes) >= 12


def test_both_widths_have_ids_of_their_own() -> None:
    spec = chart("bar", series("用户", point("2016", "3", kind="implied"), point("2017", "6")))
    markup = render_both_widths(spec, chart_id="users")
    ids = re.findall(r' id="([^"]+)"', markup)
    assert len(ids) == len(set(ids)) == 8
    assert 'viewBox="0 0 860 ' in markup
    assert 'viewBox="0 0 340 ' in markup


def test_same_chart_is_drawn_the_same_twice() -> None:
    spec = chart("line", series("用户", point("2016", "3"), point("2017", "6")))
    assert render_chart(spec) == render_chart(spec)
