"""Charts and cards as documents that need nothing else."""

import re
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree as ET

import pytest

from metrics.charts.card import Card, card_document
from metrics.charts.document import Looks, Part, chart_document
from metrics.charts.palette import PALETTES
from metrics.charts.spec import ChartKind
from tests.metrics.charts.builders import SVG, chart, point, series, texts
from tests.metrics.charts.places import boxes, collisions

USERS = (series("甲", point("2017", "5"), point("2018", "6")), series("乙", point("2018", "3")))
NOTES = ("来源：报告，第2节", "第12次变更 · https://example.org/zh-hans/cases/webank/?as_of=12")


def document(kind: ChartKind = "line", *, width: int = 908, title: str = "标题") -> ET.Element:
    part = Part(chart(kind, *USERS), title, "人，年末")
    return ET.fromstring(chart_document((part,), NOTES, Looks(width)))  # noqa: S314 - our own output


@pytest.mark.parametrize("kind", get_args(ChartKind))
@pytest.mark.parametrize("width", [320, 1200])
def test_document_has_title_subtitle_notes_and_drawing(kind: ChartKind, width: int) -> None:
    root = document(kind, width=width)
    said = "".join(texts(root))
    assert {"标题", "人，年末"} <= set(texts(root))
    assert "来源：报告，第2节" in said
    assert "?as_of=12" in said
    assert root.get("width") == str(width)


def test_document_is_named_described_and_without_script() -> None:
    root = document()
    assert root.findtext(f"{SVG}title") == "标题"
    assert root.findtext(f"{SVG}desc") == "说明"
    assert root.get("lang") == "zh-Hans"
    assert not {item.tag for item in root.iter()} & {f"{SVG}script", f"{SVG}foreignObject"}
    assert not [name for item in root.iter() for name in item.attrib if name.startswith("on")]


def test_narrow_document_has_the_narrow_drawing() -> None:
    assert document(width=400).get("viewBox", "").startswith("0 0 388 ")
    assert document(width=600).get("viewBox", "").startswith("0 0 908 ")


def test_long_title_is_wrapped_above_the_drawing() -> None:
    root = document(title="一年里的用户比上一年多了很多" * 4, width=400)
    found = boxes(root)
    titles = [box for box in found if box.text.startswith("一年") or "用户比" in box.text]
    assert len(titles) > 1
    width = float(root.get("viewBox", "").split()[2])
    assert all(box.right <= width for box in titles)


def test_several_parts_stand_below_each_other() -> None:
    parts = tuple(Part(chart("column", one), one.label) for one in USERS)
    root = ET.fromstring(chart_document(parts, (), Looks(908)))  # noqa: S314 - our own output
    moved = [
        float(item.get("transform", "").split()[1].rstrip(")")) for item in root.findall(f"{SVG}g")
    ]
    assert moved[1] > moved[0] + 200
    ids = [item.get("id") for item in root.iter() if item.get("id")]
    assert len(ids) == len(set(ids))


def test_dark_document_has_other_colours() -> None:
    part = Part(chart("line", *USERS), "t")
    light, dark = (
        chart_document((part,), (), Looks(900, theme))
        for theme in ("light", "dark")
    )  # fmt: skip
    assert PALETTES["dark"]["series-1"] in dark
    assert PALETTES["dark"]["series-1"] not in light


def test_markup_in_words_is_shown_not_obeyed() -> None:
    nasty = "<script>alert(1)</script>"
    part = Part(chart("line", *USERS), nasty, nasty)
    assert "<script" not in chart_document((part,), (nasty,), Looks(900))


def test_colours_are_those_of_the_style_sheet() -> None:
    css = Path(__file__).parents[3].joinpath("static", "css", "tokens.css").read_text()
    pairs = re.findall(r"--([a-z0-9-]+): light-dark\((#\w+), (#\w+)\);", css)
    tokens = {name: (light, dark) for name, light, dark in pairs}
    for name in PALETTES["light"]:
        assert tokens[name] == (PALETTES["light"][name], PALETTES["dark"][name]), name


def card(**fields: object) -> ET.Element:
    made = Card(**{"site": "S", "kicker": "K", "title": "T", "language": "en"} | fields)  # type: ignore[arg-type]
    return ET.fromstring(card_document(made, Looks(1200)))  # noqa: S314 - our own output


def test_card_shows_the_figure_over_what_it_is() -> None:
    root = card(value="over 60 million", label="Users, end of 2017")
    assert {"S", "K", "T", "over 60 million", "Users, end of 2017"} == set(texts(root))
    assert collisions(root) == []


@pytest.mark.parametrize(
    "title", ["短", "一个很长的标题说了很多事情" * 8, "Long words and more " * 14]
)
@pytest.mark.parametrize("value", ["", "超过一百二十三亿四千五百六十七万元"])
def test_title_of_any_length_stays_inside_and_covers_nothing(title: str, value: str) -> None:
    root = card(title=title, value=value, label="用户，2017年末")
    assert collisions(root) == []
    assert all(box.left >= 0 and box.right <= 1200 and box.bottom <= 630 for box in boxes(root))


def test_card_without_a_figure_has_the_chart_beside_the_title() -> None:
    root = card(chart=chart("column", *USERS), title="一个很长的标题说了很多事情" * 5)
    (group,) = [item for item in root.findall(f"{SVG}g") if item.get("transform")]
    assert group.get("transform", "").startswith("translate(640 72)")
    titles = [box for box in boxes(root) if "标题" in box.text]
    assert titles
    assert all(box.right <= 640 for box in titles)
