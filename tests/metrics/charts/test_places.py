"""Whatever is drawn stands inside the drawing, and no text covers another."""

from decimal import Decimal
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from metrics.charts import ChartPoint, ChartSeries, ChartSpec
from metrics.charts.spec import ChartKind
from tests.metrics.charts.builders import drawn
from tests.metrics.charts.places import collisions, outside

# Names as long as those that texts give, in both scripts.
NAMES = {
    "zh-hans": ("微众银行", "银行业平均", "中国互联网", "平安普惠", "东方财富网站", "蚂蚁金服"),
    "en": ("WeBank", "Industry average", "Internet users", "Ping An", "East Money site", "Ant"),
}
UNITS = {"zh-hans": ("人", "%", "元"), "en": ("persons", "%", "CNY")}
YEARS = tuple(str(year) for year in range(2009, 2019))
WORDS = {"zh-hans": ("超过", "不到"), "en": ("over ", "under ")}


def printed(value: Decimal, qualifier: str, language: str) -> str:
    """A value as the site prints it, with the word of its scale."""
    over, under = WORDS[language]
    word = {"over": over, "under": under, "nearly": under}.get(qualifier, "")
    if language == "en":
        scaled = [(10**9, " bn"), (10**6, " million")]
    else:
        scaled = [(10**8, "亿"), (10**4, "万")]
    size, unit = next(((n, w) for n, w in scaled if abs(value) >= n), (1, ""))
    return f"{word}{value / size:,.4g}{unit}"


@st.composite
def series_of(draw: st.DrawFn, language: str, name: str, sign: int) -> ChartSeries:
    years = draw(st.lists(st.sampled_from(YEARS), min_size=1, max_size=6, unique=True))
    found = []
    for year in sorted(years):
        value = draw(st.none() | st.integers(1, 9999).map(Decimal))
        if value is not None:
            value *= sign * 10 ** draw(st.integers(2, 5))
        qualifier = draw(st.sampled_from(["exact", "exact", "over", "under", "nearly", "about"]))
        bounds = (None, None)
        if value is not None and draw(st.booleans()):
            bounds = (value - abs(value) / 4, value + abs(value) / 5)
        text = printed(value, qualifier, language) if value is not None else "—"
        found.append(
            ChartPoint(
                period=year,
                label=f"{year}年末" if language == "zh-hans" else f"end of {year}",
                value=value,
                lower=bounds[0],
                upper=bounds[1],
                qualifier=qualifier,
                kind=draw(st.sampled_from(["stated", "stated", "implied", "forecast"])),
                text=text,
                is_break=draw(st.sampled_from([False, False, False, True])),
            )
        )
    return ChartSeries(f"a.{name}", name, tuple(found))


def totals(members: tuple[ChartSeries, ...], language: str) -> tuple[ChartPoint, ...]:
    """What the values of each period come to."""
    found = {}
    for year in sorted({one.period for member in members for one in member.points}):
        values = [one.value for member in members for one in member.points if one.period == year]
        total = sum((value for value in values if value is not None), Decimal())
        found[year] = ChartPoint(year, year, total, text=printed(total, "over", language))
    return tuple(found.values())


@st.composite
def specs(draw: st.DrawFn) -> ChartSpec:
    language = draw(st.sampled_from(["zh-hans", "en"]))
    names = NAMES[language][: draw(st.integers(1, 6))]
    signs = draw(st.sampled_from([(1,), (1,), (1, -1)]))
    kind = draw(st.sampled_from(get_args(ChartKind)))
    members = tuple(draw(series_of(language, name, draw(st.sampled_from(signs)))) for name in names)
    return ChartSpec(
        kind=kind,
        title="t",
        description="d",
        language=language,
        series=members,
        totals=totals(members, language) if kind == "stacked" and draw(st.booleans()) else (),
        unit_text=draw(st.sampled_from(UNITS[language])),
        width=draw(st.sampled_from(["wide", "narrow"])),
    )


@given(specs())
def test_texts_do_not_cover_each_other(spec: ChartSpec) -> None:
    assert collisions(drawn(spec)) == []


@given(specs())
def test_all_that_is_drawn_stands_inside(spec: ChartSpec) -> None:
    assert outside(drawn(spec)) == []
