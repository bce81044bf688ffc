"""Timelines: where events stand, that their words stay apart, and when only a list will do."""

import re
from dataclasses import replace
from itertools import product
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.charts import Happening, TimelineSpec, render_chart
from metrics.charts.document import Looks, Part, chart_document
from metrics.charts.scale import Scale
from metrics.charts.spec import Width
from metrics.charts.timeline import MOST_EVENTS, can_be_drawn
from metrics.charts.years import new_year, placed, whole_years, year_ticks
from tests.metrics.charts.builders import SVG, classed, drawn, texts
from tests.metrics.charts.places import Box, boxes, collisions, corners, outside

WORDS = {
    "en": ("WeBank receives its financial licence from the Shenzhen banking regulator", "Founded"),
    "zh-hans": ("微众银行获得由深圳银监局颁发的金融许可证，成为首家民营银行", "成立"),
}
PERIODS = ("1988/2005", "2004", "2004-12", "2006", "2006/2015", "2014-Q4", "2016/", "2018",
           "2018-06-30", "2019-03-08", "2019", "undated")  # fmt: skip


def event(period: str, text: str = "Founded", **words: str) -> Happening:
    return Happening(period, words.get("label", period), text, words.get("name", ""))


def timeline(
    *events: Happening, width: Width = "wide", language: str = "en", **words: str
) -> TimelineSpec:
    return TimelineSpec(words.get("title", "t"), "d", language, events, width)


@st.composite
def specs(draw: st.DrawFn) -> TimelineSpec:
    language = draw(st.sampled_from(["en", "zh-hans"]))
    events = draw(
        st.lists(
            st.builds(
                Happening,
                period=st.sampled_from(PERIODS),
                label=st.sampled_from(["2018", "31 December 2018", "2018年12月31日"]),
                text=st.sampled_from(WORDS[language]),
                name=st.sampled_from(["", "WeBank", "Ping An HealthKonnect", "微众银行"]),
                tone=st.integers(0, 7),
            ),
            max_size=12,
        )
    )
    return timeline(*events, width=draw(st.sampled_from(["wide", "narrow"])), language=language)


@given(specs())
def test_words_do_not_cover_each_other(spec: TimelineSpec) -> None:
    assert collisions(drawn(spec)) == []


@given(specs())
def test_all_that_is_drawn_stands_inside(spec: TimelineSpec) -> None:
    assert outside(drawn(spec)) == []


@given(specs())
def test_no_line_runs_through_words(spec: TimelineSpec) -> None:
    root = drawn(spec)
    lines = [corners(path) for path in classed(root, "span")]
    met = [
        (line, box.text) for line, box in product(lines, boxes(root)) if _runs_through(line, box)
    ]
    assert met == []


def _runs_through(line: list[tuple[float, float]], box: Box) -> bool:
    (x, start), (_, end) = line
    low, high = sorted((start, end))
    return box.left + 1 < x < box.right - 1 and low < box.bottom - 1 and high > box.top + 1


@given(specs())
def test_every_dated_event_is_drawn_once_and_said_whole(spec: TimelineSpec) -> None:
    root = drawn(spec)
    have = [one for one in spec.events if one.period != "undated"]
    points = classed(root, "point")
    assert len(points) == len(classed(root, "mark")) == len(have)
    assert all(one.text in " ".join(p.get("data-label", "") for p in points) for one in have)


@given(specs())
def test_drawing_is_well_formed_without_style_and_the_same_each_time(spec: TimelineSpec) -> None:
    markup = render_chart(spec, chart_id="c")
    assert all(element.get("style") is None for element in ET.fromstring(markup).iter())  # noqa: S314
    assert not re.search(r"\b(nan|inf)\b", markup)
    assert markup == render_chart(spec, chart_id="c")


def test_events_stand_where_their_days_are() -> None:
    # Ten whole years on 1000 units: a year is 100 wide, told from its middle.
    events = [event("2010"), event("2012/2013"), event("2019-12-31"), event("2015/")]
    first, end = whole_years(events)
    assert (first, end) == (2010, 2020)
    scale = Scale(new_year(first), new_year(end), 0, 1000)
    year, span, day, open_ = placed(events, scale)
    assert (round(year.start), round(year.end), round(year.anchor)) == (0, 100, 50)
    assert (round(span.start), round(span.end), round(span.anchor)) == (200, 400, 200)
    assert round(day.anchor) == 1000
    assert day.is_dot
    assert (round(open_.start), open_.end, open_.is_open) == (500, 1000, True)


def test_times_that_overlap_get_tracks_of_their_own() -> None:
    events = [event("2010/2019"), event("2012"), event("2013"), event("2012")]
    scale = Scale(new_year(2010), new_year(2020), 0, 1000)
    assert [one.track for one in placed(events, scale)] == [0, 1, 1, 1]


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ((2010, 2020), [2010, 2011, 2012, 2013, 2014, 2015, 2016, 2017, 2018, 2019]),
        ((1988, 2020), [1990, 1995, 2000, 2005, 2010, 2015]),
        ((2013, 2014), [2013]),
        ((9990, 10000), list(range(9990, 10000))),
    ],
)
def test_years_are_round_and_have_room(years: tuple[int, int], expected: list[int]) -> None:
    scale = Scale(new_year(years[0]), new_year(years[1]), 0, 600)
    assert year_ticks(*years, scale, 48) == expected


def test_narrow_drawing_keeps_the_order_and_shows_how_long() -> None:
    spec = timeline(event("2004/2006", "Era"), event("2005"), event("2010"), width="narrow")
    root = drawn(spec)
    assert texts(root) == ["2004/2006", "Era", "2005", "Founded", "2010", "Founded"]
    (bar,) = root.findall(f".//{SVG}path[@class='mark']")
    last = classed(root, "point")[-1]
    ends = max(y for _, y in corners(bar))
    assert ends < min(float(text.get("y", "")) for text in last.iter(f"{SVG}text"))
    assert ends > float(classed(root, "point")[1][1].get("y", ""))


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "1 more without a date: see the list."), ("zh-hans", "另有1件没有日期，见列表。")],
)
def test_what_has_no_date_is_counted(language: str, words: str) -> None:
    spec = timeline(event("2004"), event("2010"), event("undated"), language=language)
    assert can_be_drawn(spec)
    assert texts(drawn(spec))[-1] == words


def test_no_dated_event_is_a_dash() -> None:
    assert texts(drawn(timeline(event("undated")))) == ["—"]


def test_names_tell_whose_an_event_is() -> None:
    spec = timeline(event("2004", name="Alipay"), event("2010", name="WeBank"))
    assert {"2004 · Alipay", "2010 · WeBank"} <= set(texts(drawn(spec)))
    said = classed(drawn(spec), "point")[0].get("data-label")
    assert said == "2004 · Alipay: Founded"


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], False),
        ([event("2004")], False),
        ([event("2004"), event("2004")], False),
        ([event("2004"), event("undated")], False),
        ([event("2004"), event("2005")], True),
        ([event(str(1990 + n)) for n in range(MOST_EVENTS)], True),
        ([event(str(1990 + n)) for n in range(MOST_EVENTS + 1)], False),
        # A score of sentences in one month would be a tower of words.
        ([event(f"2018-12-{n:02}", WORDS["en"][0]) for n in range(1, 21)], False),
    ],
)
def test_too_little_or_too_much_is_left_to_the_list(
    events: list[Happening], expected: bool
) -> None:
    assert can_be_drawn(timeline(*events)) is expected
    assert can_be_drawn(timeline(*events, width="narrow")) is expected


def test_timeline_is_a_document_of_its_own() -> None:
    spec = timeline(event("2004"), event("2010"), title="From Alipay on")
    for width in (300, 900):
        root = ET.fromstring(chart_document((Part(spec, spec.title),), ("note",), Looks(width)))  # noqa: S314
        assert root.findtext(f"{SVG}title") == "From Alipay on"
        assert {"2004", "2010", "note"} <= set(texts(root))


def test_markup_in_words_is_shown_not_obeyed() -> None:
    nasty = "<script>&\"'"
    spec = replace(timeline(event("2004", nasty), event("2005")), title=nasty, description=nasty)
    markup = render_chart(spec, chart_id="c")
    assert "<script" not in markup
    ET.fromstring(markup)  # noqa: S314
