from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.charts.svg import escape, hatch, number, series_class, tenths


@pytest.mark.parametrize(
    ("value", "text"), [(12.0, "12"), (12.34, "12.3"), (-0.04, "0"), (-3.5, "-3.5"), (0, "0")]
)
def test_coordinate_is_as_short_as_it_can_be(value: float, text: str) -> None:
    assert number(value) == text


def test_tenths_are_written_as_units() -> None:
    assert tenths(123) == "12.3"


@given(st.text())
def test_any_text_survives_as_content_and_attribute(text: str) -> None:
    element = ET.fromstring(f'<a b="{escape(text)}">{escape(text)}</a>')  # noqa: S314 - our own
    for found in (element.text or "", element.get("b", "")):
        assert set(found) <= set(text) | set(" \n")


def test_markup_in_a_label_is_escaped() -> None:
    assert escape('<b a="1">&') == "&lt;b a=&quot;1&quot;&gt;&amp;"


def test_ninth_series_takes_the_first_colour_again() -> None:
    assert [series_class(0), series_class(7), series_class(8)] == [
        "series-1",
        "series-8",
        "series-1",
    ]


def test_hatch_carries_the_chart_and_the_colour() -> None:
    assert 'id="c-hatch-2" class="series-2"' in hatch("c", 1)
