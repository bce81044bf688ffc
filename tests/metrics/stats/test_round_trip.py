"""What is read prints back, and what is printed reads back, in every unit and both languages."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.figures import StatedFigure, StatedFigureError, parse_stated
from metrics.stats.numbers import format_figure
from metrics.stats.wording import CHINESE_CURRENCIES, Qualifier

CHINESE, ENGLISH = "zh-hans", "en"
OVER, UNDER, NEARLY, ABOUT, EXACT = (
    Qualifier.OVER,
    Qualifier.UNDER,
    Qualifier.NEARLY,
    Qualifier.ABOUT,
    Qualifier.EXACT,
)

SPELLED = [
    ("四成", "percent", "40", "10", EXACT, "%"),
    ("近七成", "percent", "70", "10", NEARLY, "%"),
    ("超过四成", "percent", "40", "10", OVER, "%"),
    ("四成多", "percent", "40", "10", OVER, "%"),
    ("四成以上", "percent", "40", "10", OVER, "%"),
    ("七成左右", "percent", "70", "10", ABOUT, "%"),
    ("四成五", "percent", "45", "1", EXACT, "%"),
    ("十成", "percent", "100", "10", EXACT, "%"),
    ("4成", "percent", "40", "10", EXACT, "%"),
    ("４．５成", "percent", "45", "1", EXACT, "%"),
    ("三成", "growth", "30", "10", EXACT, "%"),
    ("一半", "percent", "50", "10", EXACT, "%"),
    ("半数以上", "percent", "50", "10", OVER, "%"),
    ("过半", "percent", "50", "10", OVER, "%"),
    ("不到一半", "percent", "50", "10", UNDER, "%"),
    ("more than half", "percent", "50", "10", OVER, "%"),
    ("nearly a half", "percent", "50", "10", NEARLY, "%"),
    ("翻番", "growth", "100", "100", EXACT, "times"),
    ("翻一番", "growth", "100", "100", EXACT, "times"),
    ("翻了一番", "growth", "100", "100", EXACT, "times"),
    ("翻两番", "growth", "300", "100", EXACT, "times"),
    ("doubled", "growth", "100", "100", EXACT, "times"),
    ("more than doubled", "growth", "100", "100", OVER, "times"),
    ("Tripled", "growth", "200", "100", EXACT, "times"),
    ("一倍", "growth", "100", "100", EXACT, "times"),
    ("两倍多", "growth", "200", "100", OVER, "times"),
    ("两倍", "times", "2", "1", EXACT, "times"),
    ("十倍", "times", "10", "1", EXACT, "times"),
    ("翻番", "times", "2", "1", EXACT, "times"),
    ("翻三番", "times", "8", "1", EXACT, "times"),
    ("近翻番", "growth", "100", "100", NEARLY, "times"),
]


@pytest.mark.parametrize(("text", "unit_kind", "value", "resolution", "qualifier", "hint"), SPELLED)
def test_spelled_out_figure_is_read(
    text: str, unit_kind: str, value: str, resolution: str, qualifier: Qualifier, hint: str
) -> None:
    figure = parse_stated(text, unit_kind=unit_kind)
    assert (figure.value, figure.resolution) == (Decimal(value), Decimal(resolution))
    assert (figure.qualifier, figure.unit_hint, figure.text) == (qualifier, hint, text)


@pytest.mark.parametrize(
    ("text", "unit_kind", "position"),
    [
        ("四成", "count", 1),
        ("四成", "points", 1),
        ("四成%", "percent", 3),
        ("四成十", "percent", 3),
        ("翻番", "percent", 1),
        ("翻五番", "growth", 1),
        ("两倍", "percent", 1),
        ("半", "growth", None),
        ("半年", "percent", 2),
        ("half-time", "percent", 5),
        ("doubled twice", "growth", 9),
        ("超过一半左右", "percent", 1),
        ("-", "currency", 1),
        ("-US$-5", "currency", 7),
        ("负-US$5", "currency", 2),
        ("-百分之-5", "percent", 7),
        ("负-百分之5", "percent", 2),
    ],
)
def test_words_out_of_place_are_refused_at_the_place(
    text: str, unit_kind: str, position: int | None
) -> None:
    if position is None:
        assert parse_stated(text, unit_kind=unit_kind).value == 50
        return
    with pytest.raises(StatedFigureError) as caught:
        parse_stated(text, unit_kind=unit_kind)
    assert caught.value.position == position


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [("翻番", "1倍", "100%"), ("超过四成", "超过40%", "over 40%"), ("三成", "30%", "30%")],
)
def test_spelled_out_figure_prints_in_digits(text: str, chinese: str, english: str) -> None:
    figure = parse_stated(text, unit_kind="growth")
    assert printed(figure, "growth", CHINESE) == chinese
    assert printed(figure, "growth", ENGLISH) == english


def printed(figure: StatedFigure, unit_kind: str, language: str) -> str:
    return format_figure(
        figure.value,
        unit_kind=unit_kind,
        unit_key=figure.unit_hint if unit_kind == "currency" else "",
        language=language,
        qualifier=figure.qualifier,
        stated_scale=figure.scale,
        resolution=figure.resolution,
    ).text


LEADING = {
    CHINESE: {
        EXACT: "",
        OVER: "超过 逾 过 至少",
        UNDER: "不到 不足",
        NEARLY: "近 接近",
        ABOUT: "约",
    },
    ENGLISH: {
        EXACT: "",
        OVER: "over |more than |at least ",
        UNDER: "under |less than ",
        NEARLY: "nearly |almost ",
        ABOUT: "about |around ",
    },
}
TRAILING = {
    CHINESE: {OVER: "以上", UNDER: "以下", ABOUT: "左右"},
    ENGLISH: {OVER: " or more", UNDER: " or less", ABOUT: " or so"},
}
SCALES = {
    CHINESE: ("", "千", "万", "百万", "千万", "亿", "十亿", "百亿", "千亿", "万亿"),
    ENGLISH: ("", " thousand", " million", " billion", " trillion", "k", "m", "bn", "tn"),
}
MARKS = {
    "percent": {CHINESE: ("%", ""), ENGLISH: ("%", " percent", " per cent")},
    "growth": {CHINESE: ("%", "倍"), ENGLISH: ("%", " percent", "x")},
    "points": {CHINESE: ("个百分点", "百分点"), ENGLISH: (" percentage points", "ppts", " pp")},
    "times": {CHINESE: ("倍",), ENGLISH: (" times", "x", "-fold")},
    "index": {CHINESE: ("",), ENGLISH: ("",)},
    "count": {CHINESE: ("", "人", "家"), ENGLISH: ("", " users", " people")},
    "duration": {CHINESE: ("分钟", "个月"), ENGLISH: (" minutes", " months")},
}
PREFIXES = {"CNY": ("CNY ", "¥", "RMB "), "USD": ("US$", "USD ", "$"), "EUR": ("EUR ", "€")}
_FULL_WIDTH = {ord(narrow): ord(narrow) + 0xFEE0 for narrow in "0123456789.,%"}


@st.composite
def mantissas(draw: st.DrawFn) -> str:
    """Digits as printed: thousand separators or not, up to three decimals, zeros kept."""
    whole = draw(st.integers(0, 999_999))
    places = draw(st.integers(0, 3))
    digits = format(whole, "," if draw(st.booleans()) else "d")
    if not places:
        return digits
    return f"{digits}.{draw(st.integers(0, 10**places - 1)):0{places}d}"


@st.composite
def amounts(draw: st.DrawFn, unit_kind: str, language: str) -> str:
    """A number with its scale and unit, as a source prints it."""
    number = draw(mantissas())
    if unit_kind == "currency":
        code = draw(st.sampled_from(sorted(PREFIXES)))
        scale = draw(st.sampled_from(SCALES[language]))
        if language == CHINESE:
            return f"{number}{scale}{CHINESE_CURRENCIES[code]}"
        return f"{draw(st.sampled_from(PREFIXES[code]))}{number}{scale}"
    scaled = SCALES[language] if unit_kind == "count" else ("",)
    scale = draw(st.sampled_from(scaled))
    return f"{number}{scale}{draw(st.sampled_from(MARKS[unit_kind][language]))}"


@st.composite
def stated(draw: st.DrawFn, unit_kind: str, language: str) -> tuple[str, Qualifier]:
    """A whole figure with its qualifier, before or after it, in full-width digits or not."""
    text = draw(amounts(unit_kind, language))
    qualifier = draw(st.sampled_from(Qualifier))
    trailing = TRAILING[language].get(qualifier)
    if trailing and draw(st.booleans()):
        text += trailing
    else:
        words = LEADING[language][qualifier].split("|" if language == ENGLISH else None)
        text = (draw(st.sampled_from(words)) if words else "") + text
    return (text.translate(_FULL_WIDTH) if draw(st.booleans()) else text), qualifier


@pytest.mark.parametrize("language", [CHINESE, ENGLISH])
@pytest.mark.parametrize("unit_kind", [*MARKS, "currency"])
@given(data=st.data())
def test_stated_figure_prints_back_to_itself(
    unit_kind: str, language: str, data: st.DataObject
) -> None:
    """In its own language nothing is lost but the counted noun; in the other, no value is."""
    text, qualifier = data.draw(stated(unit_kind, language))
    figure = parse_stated(text, unit_kind=unit_kind)
    assert figure.qualifier is qualifier
    again = parse_stated(printed(figure, unit_kind, language), unit_kind=unit_kind)
    assert (again.value, again.qualifier) == (figure.value, figure.qualifier)
    if not (unit_kind == "growth" and language == ENGLISH):  # 2.0x prints as 200%
        assert again.resolution == figure.resolution
    if unit_kind == "currency":
        assert again.unit_hint == figure.unit_hint
    other = ENGLISH if language == CHINESE else CHINESE
    translated = parse_stated(printed(figure, unit_kind, other), unit_kind=unit_kind)
    assert (translated.value, translated.qualifier) == (figure.value, figure.qualifier)


@pytest.mark.parametrize("language", [CHINESE, ENGLISH])
@given(value=st.decimals(-(10**12), 10**12, places=2), code=st.sampled_from(["CNY", "USD", "EUR"]))
def test_negative_amounts_of_money_read_back(language: str, value: Decimal, code: str) -> None:
    text = format_figure(value, unit_kind="currency", unit_key=code, language=language).text
    again = parse_stated(text, unit_kind="currency")
    assert (again.value, again.unit_hint) == (value, code)


@given(st.integers(1, 9), st.integers(0, 9), st.sampled_from(["percent", "growth"]))
def test_tenths_in_words_are_those_in_digits(tenths: int, percents: int, unit_kind: str) -> None:
    words = "〇一二三四五六七八九"
    tail = words[percents] if percents else ""
    spelled = parse_stated(f"{words[tenths]}成{tail}", unit_kind=unit_kind)
    digits = parse_stated(f"{tenths}成{tail}", unit_kind=unit_kind)
    assert spelled.value == digits.value == 10 * tenths + percents
    assert spelled.resolution == digits.resolution


@pytest.mark.parametrize("unit_kind", ["count", "currency", "percent", "growth", "points", "times"])
@given(
    text=st.text(alphabet="0123456789.,万亿%倍成半翻番约近超过多元USD$bnm −-+负百分之", max_size=14)
)
def test_any_text_is_read_exactly_or_refused_within_it(unit_kind: str, text: str) -> None:
    try:
        figure = parse_stated(text, unit_kind=unit_kind)
    except StatedFigureError as error:
        place = error.position
    else:
        place = 1
        assert figure.value.is_finite()
        assert figure.text == text
    assert 1 <= place <= len(text) + 1
