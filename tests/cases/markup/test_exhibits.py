import time

import pytest

from cases.markup.errors import ExhibitError
from cases.markup.exhibit_reading import parse_exhibit
from cases.markup.exhibits import (
    EXHIBIT_NAMES,
    Callout,
    Chart,
    Exhibit,
    Image,
    KeyFigure,
    KeyFigures,
    Quote,
    Table,
    Timeline,
)
from cases.markup.tokens import Reference
from cases.markup.yaml_reader import Prose

GOOD = [
    (
        "chart",
        "type: bar\ntitle: 四成\nseries: [a.b, c.b]\nperiod: 2017\nlabels: {a.b: 微众}\n",
        Chart("bar", "四成", ("a.b", "c.b"), period="2017", labels={"a.b": "微众"}),
    ),
    (
        "chart",
        'type: bar\ntitle: t\nseries: [a.b]\nperiod: "2017"\n',
        Chart("bar", "t", ("a.b",), period="2017"),
    ),
    (
        "chart",
        "type: line\ntitle: t\nsubtitle: s\nseries:\n  - a.b\nunits: pc1\n",
        Chart("line", "t", ("a.b",), subtitle="s", units="pc1"),
    ),
    ("chart", "type: column\ntitle: t\nseries: [a.b]\n", Chart("column", "t", ("a.b",))),
    (
        "chart",
        "type: column\ntitle: 增长 {{ a.b@2017 | pc1 }}\nseries: [a.b]\nperiod: latest\n",
        Chart("column", "增长 {{ a.b@2017 | pc1 }}", ("a.b",), period="latest"),
    ),
    *(
        ("chart", f"type: {kind}\ntitle: t\nseries: [a.b]\n", Chart(kind, "t", ("a.b",)))
        for kind in ("step", "grouped", "stacked", "multiples", "slope")
    ),
    (
        "chart",
        "type: slope\ntitle: t\nseries: [a.b, c.b]\nperiods: [2016, 2018]\nid: users-2\n",
        Chart("slope", "t", ("a.b", "c.b"), periods=("2016", "2018"), name="users-2"),
    ),
    (
        "chart",
        "type: dots\ntitle: t\nseries: [a.b]\nperiod: latest\n",
        Chart("dots", "t", ("a.b",), period="latest"),
    ),
    (
        "chart",
        "type: stacked\ntitle: t\nseries: [a.b]\nunits: ch1\n",
        Chart("stacked", "t", ("a.b",), units="ch1"),
    ),
    (
        "table",
        "title: t\nseries: [a.b, c.d]\nperiods: [2017, '2018', 2018-12-31, 2018-12]\n",
        Table("t", ("a.b", "c.d"), ("2017", "2018", "2018-12-31", "2018-12")),
    ),
    (
        "table",
        "title: t\nseries: [a.b]\nperiods: [undated]\nsubtitle: s\nunits: chg\n"
        "labels:\n  a.b: 标签\n",
        Table("t", ("a.b",), ("undated",), subtitle="s", units="chg", labels={"a.b": "标签"}),
    ),
    (
        "key-figures",
        "- value: a.b@2017\n  label: 用户\n  note: 2017年末\n- value: a.c@latest | round:1\n"
        "  label: 客户\n",
        KeyFigures(
            (
                KeyFigure(Reference("a.b", "2017"), "用户", "2017年末"),
                KeyFigure(Reference("a.c", "latest", round_to=1), "客户"),
            )
        ),
    ),
    (
        "timeline",
        "entity: webank\nfrom: 2004\nto: '2019'\n",
        Timeline(("webank",), start="2004", end="2019"),
    ),
    ("timeline", "id: way\nentity: a\n", Timeline(("a",), name="way")),
    ("timeline", "entities: [a, b-2]\ntitle: 历程\n", Timeline(("a", "b-2"), title="历程")),
    ("callout", "text: 一段 **话**\n", Callout("一段 **话**")),
    ("quote", "text: 有{{ a.b@2017 }}人。\nby: 某人\n", Quote("有{{ a.b@2017 }}人。", "某人")),
    (
        "quote",
        "text: One.\nby: A\nsource: report-2019\nlocator: 2.1\n",
        Quote("One.", "A", "report-2019", "2.1"),
    ),
    ("image", "picture: a-1\nalt: A branch\n", Image("a-1", "A branch")),
    (
        "image",
        "picture: a\nalt: A\ncaption: B {{ a.b@2017 }}\n",
        Image("a", "A", "B {{ a.b@2017 }}"),
    ),
    ("callout", "title: t\ntext: |\n  第一行\n\n  - 项\n", Callout("第一行\n\n- 项", title="t")),
]


@pytest.mark.parametrize(("kind", "body", "expected"), GOOD)
def test_wellformed_exhibit_is_read(kind: str, body: str, expected: Exhibit) -> None:
    assert parse_exhibit(kind, body) == expected


CHART = "type: bar\ntitle: t\nseries: [a.b]\nperiod: 2017\n"
BAD = [
    ("chrat", CHART, 1, "expected chart, table, key-figures, timeline, callout"),
    ("chart", "", 2, "a chart to be a mapping"),
    ("chart", "- a\n", 2, "a chart to be a mapping"),
    ("chart", "text\n", 2, "a chart to be a mapping"),
    ("chart", "title: t\nseries: [a.b]\n", 2, "expected the key 'type'"),
    ("chart", "type: bar\nseries: [a.b]\nperiod: 2017\n", 2, "expected the key 'title'"),
    ("chart", CHART + "colour: red\n", 6, "unknown key 'colour' in a chart; expected type, title"),
    ("chart", CHART.replace("bar", "pie"), 2, "one of bar, line, column, step, grouped"),
    ("chart", CHART.replace("title: t", "title: [t]"), 3, "'title' of a chart to be a text"),
    ("chart", CHART.replace("title: t", "title:"), 3, "'title' of a chart to be a text"),
    ("chart", CHART.replace("title: t", "title: ''"), 3, "1 to 200 characters"),
    ("chart", CHART.replace("title: t", "title: " + "t" * 201), 3, "1 to 200 characters"),
    ("chart", CHART.replace("title: t", 'title: "a\\nb"'), 3, "on one line"),
    ("chart", CHART.replace("title: t", "title: x {{ a.b }}"), 3, "after an @"),
    ("chart", CHART.replace("title: t", "title: {{ a.b@2017 }}"), 3, "in quotes"),
    ("chart", CHART.replace("[a.b]", "a.b"), 4, "to be a list"),
    ("chart", CHART.replace("[a.b]", "[]"), 4, "1 to 8 items"),
    ("chart", CHART.replace("[a.b]", str([f"a.b{n}" for n in range(9)])), 4, "not 9"),
    ("chart", CHART.replace("[a.b]", "[a.b, a.b]"), 4, "once"),
    ("chart", CHART.replace("[a.b]", "[webank]"), 4, "not 'webank'"),
    ("chart", CHART.replace("[a.b]", "[{a: b}]"), 4, "to be a text"),
    ("chart", CHART.replace("[a.b]", "\n  - a.b\n  - A.b"), 6, "not 'A.b'"),
    ("chart", CHART.replace("2017", "20177"), 5, "expected a period"),
    ("chart", CHART.replace("2017", "[2017]"), 5, "to be a text"),
    ("chart", CHART.replace("period: 2017\n", ""), 2, "expected the key 'period'"),
    ("chart", CHART.replace("bar", "line"), 5, "expected no 'period'"),
    ("chart", CHART.replace("bar", "dots").replace("period: 2017\n", ""), 2, "the key 'period'"),
    *(
        ("chart", CHART.replace("bar", kind), 5, f"no 'period' in a chart of the type {kind}")
        for kind in ("step", "multiples", "slope")
    ),
    ("chart", CHART + "periods: [2016, 2017]\n", 6, "only a slope takes two"),
    *(
        ("chart", f"type: slope\ntitle: t\nseries: [a.b]\nperiods: {given}\n", 5, expected)
        for given, expected in (
            ("[2016]", "two periods of a slope"),
            ("[2018, 2017]", "the earlier one first"),
            ("[2016, 2017, 2018]", "1 to 2 items"),
            ("[2016, latest]", "not 'latest'"),
        )
    ),
    ("chart", "type: stacked\ntitle: t\nseries: [a.b]\nunits: pc1\n", 5, "one of lin, chg, ch1 as"),
    *(
        ("chart", CHART + f"id: {name}\n", 6, "expected a short name in a-z")
        for name in ("Users", "chart-1", "a b", "x" * 41)
    ),
    ("chart", CHART + "labels: [a]\n", 6, "to be a mapping"),
    ("chart", CHART + "labels: {c.d: x}\n", 6, "unknown key 'c.d' in 'labels'; expected a.b"),
    ("chart", CHART + "units: percent\n", 6, "one of lin, chg"),
    ("chart", CHART + "type: bar\n", 6, "once"),
    ("chart", "type: bar\n title: t\n", 3, "expected YAML"),
    ("chart", "type: 'bar\n", 3, "expected YAML"),
    ("chart", CHART.replace("title: t", "title: &t t"), 3, "without anchors"),
    ("chart", CHART.replace("title: t", "title: !!str t"), 3, "without tags"),
    ("chart", CHART.replace("title: t", "title: !!python/name:os.system t"), 3, "without tags"),
    ("chart", CHART + "--- \ntitle: u\n", 6, "expected YAML"),
    ("chart", CHART + "? [x]\n: y\n", 6, "plain word"),
    ("table", "title: t\nseries: [a.b]\n", 2, "expected the key 'periods'"),
    ("table", "title: t\nseries: [a.b]\nperiods: [x]\n", 4, "expected a period"),
    ("table", "title: t\nperiods: [2017]\nseries: [" + ",".join(f"a.b{n}" for n in range(41)) + "]",
     4, "1 to 40 items"),
    ("table", "title: t\nseries: [a.b]\nperiods: [" + ",".join(str(y) for y in range(1990, 2015))
     + "]", 4, "1 to 24 items"),
    ("key-figures", "value: a.b@2017\nlabel: x\n", 2, "key-figures to be a list"),
    ("key-figures", "", 2, "key-figures to be a list"),
    ("key-figures", "- a.b@2017\n", 2, "a key figure to be a mapping"),
    ("key-figures", "- value: a.b@2017\n  label: x\n- label: y\n", 4, "expected the key 'value'"),
    ("key-figures", "- value: a.b@2017\n", 2, "expected the key 'label'"),
    ("key-figures", "- label: x\n  value: a.b\n", 3, "after an @"),
    ("key-figures", "- label: x\n  value: a.b@2017\n  note: '{{ x }}'\n", 4, "series key"),
    ("key-figures", "- label: x\n  value: a.b@2017\n" * 9, 2, "1 to 8 items"),
    ("timeline", "title: t\n", 2, "either 'entity' or 'entities'"),
    ("timeline", "entity: a\nentities: [b]\n", 2, "either 'entity' or 'entities'"),
    ("timeline", "entity: We Bank\n", 2, "an entity such as webank"),
    ("timeline", "entity: a\nfrom: latest\n", 3, "not 'latest'"),
    ("timeline", "entity: a\nto: soon\n", 3, "expected a period"),
    ("timeline", "entity: a\nid: timeline-2\n", 3, "not chart-1, which names one by its place"),
    ("callout", "title: t\n", 2, "expected the key 'text'"),
    ("quote", "text: t\n", 2, "expected the key 'by' in a quote"),
    ("quote", "text: '{{ x }}'\nby: A\n", 2, "'text' of a quote: expected a series key"),
    ("quote", "text: |\n  a\n\n  b\nby: A\n", 2, "on one line"),
    ("image", "picture: a\n", 2, "expected the key 'alt' in an image"),
    ("image", "picture: a\nalt: ''\n", 3, "'alt'"),
    ("image", "picture: A.png\nalt: b\n", 2, "expected the slug of a picture, not 'A.png'"),
    ("image", "picture: a\nalt: '{{ x }}'\n", 3, "expected a series key"),
    ("quote", "text: t\nby: A\nsource: A B\n", 4, "expected the slug of a source, not 'A B'"),
    ("callout", "text: [x]\n", 2, "to be a text"),
    ("callout", "text: " + "x" * 4001, 2, "1 to 4000 characters"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "body", "line", "expected"), BAD)
def test_malformed_exhibit_is_refused_at_its_line(
    kind: str, body: str, line: int, expected: str
) -> None:
    with pytest.raises(ExhibitError) as caught:
        parse_exhibit(kind, body)
    assert expected in caught.value.message
    assert caught.value.line == line


def test_fault_line_counts_from_the_fence() -> None:
    with pytest.raises(ExhibitError) as caught:
        parse_exhibit("chart", "type: bar\ntitle: t\nseries: [x]\nperiod: 2017\n", line=40)
    assert caught.value.line == 43


def test_alias_bomb_is_refused_at_once() -> None:
    levels = "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
    started = time.monotonic()
    with pytest.raises(ExhibitError, match="anchors"):
        parse_exhibit("chart", "a0: &a0 [x]\n" + levels)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("body", ["a: " + "[" * 5000, "x" * 20_001, "a: {b: " * 2000])
def test_oversized_yaml_is_refused(body: str) -> None:
    with pytest.raises(ExhibitError):
        parse_exhibit("callout", body)


def test_control_character_is_an_exhibit_error() -> None:
    with pytest.raises(ExhibitError, match="expected YAML"):
        parse_exhibit("callout", "text: a\x01b\n")


def test_shown_texts_carry_their_lines() -> None:
    chart = parse_exhibit("chart", "type: column\ntitle: t\nsubtitle: s\nseries: [a.b]\n", line=10)
    assert chart.line == 10
    assert chart.texts == (Prose("t", 12), Prose("s", 13))
    callout = parse_exhibit("callout", "text: |\n  话\n", line=10)
    assert callout.texts == (Prose("话", 12),)


def test_position_takes_no_part_in_equality() -> None:
    body = "entity: webank\n"
    assert parse_exhibit("timeline", body, line=3) == parse_exhibit("timeline", body, line=9)


@pytest.mark.parametrize(("kind", "body", "expected"), GOOD)
def test_every_exhibit_knows_the_name_of_its_fence(kind: str, body: str, expected: Exhibit) -> None:
    assert EXHIBIT_NAMES[type(parse_exhibit(kind, body))] == kind
