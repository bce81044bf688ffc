from decimal import Decimal

import pytest

from metrics.stats.bounds import stated_bounds
from metrics.stats.figures import UNIT_KINDS, Qualifier, StatedFigureError, parse_stated

OVER, UNDER, NEARLY, ABOUT, EXACT = (
    Qualifier.OVER,
    Qualifier.UNDER,
    Qualifier.NEARLY,
    Qualifier.ABOUT,
    Qualifier.EXACT,
)

# Every figure of the 2019 report, in its order: text, unit kind, value, resolution, qualifier,
# scale, unit hint.
REPORT = [
    ("8.29亿", "count", "829000000", "1000000", EXACT, "亿", ""),
    ("8.17亿", "count", "817000000", "1000000", EXACT, "亿", ""),
    ("98.6%", "percent", "98.6", "0.1", EXACT, "", "%"),
    ("16.7%", "percent", "16.7", "0.1", EXACT, "", "%"),
    ("18.3%", "percent", "18.3", "0.1", EXACT, "", "%"),
    ("1.51亿", "count", "151000000", "1000000", EXACT, "亿", ""),
    ("17.5%", "growth", "17.5", "0.1", EXACT, "", "%"),
    ("首家", "rank", "1", None, EXACT, "", ""),
    ("超过6,000万人", "count", "60000000", "10000000", OVER, "万", "人"),
    ("31个", "count", "31", "1", EXACT, "", "个"),
    ("567座", "count", "567", "1", EXACT, "", "座"),
    ("超过3,400万人", "count", "34000000", "1000000", OVER, "万", "人"),
    ("1.2倍", "growth", "120", "10", EXACT, "倍", "times"),
    ("近1,200万人", "count", "12000000", "1000000", NEARLY, "万", "人"),
    ("8,700亿元", "currency", "870000000000", "10000000000", EXACT, "亿", "CNY"),
    ("78%", "percent", "78", "1", EXACT, "", "%"),
    ("76%", "percent", "76", "1", EXACT, "", "%"),
    ("92%", "percent", "92", "1", EXACT, "", "%"),
    ("低于5万元", "currency", "50000", "10000", UNDER, "万", "CNY"),
    ("0.64%", "percent", "0.64", "0.01", EXACT, "", "%"),
    ("1.74%", "percent", "1.74", "0.01", EXACT, "", "%"),
    ("近70%", "percent", "70", "10", NEARLY, "", "%"),
    ("32%", "growth", "32", "1", EXACT, "", "%"),
    ("13个月", "duration", "13", "1", EXACT, "", "个月"),
    ("95.4%", "percent", "95.4", "0.1", EXACT, "", "%"),
    ("36个月", "duration", "36", "1", EXACT, "", "个月"),
    ("15个月", "duration", "15", "1", EXACT, "", "个月"),
    ("2.2亿人次", "count", "220000000", "10000000", EXACT, "亿", "人次"),
    ("13亿次", "count", "1300000000", "100000000", EXACT, "亿", "次"),
    ("10.8亿条", "count", "1080000000", "10000000", EXACT, "亿", "条"),
    ("24小时", "duration", "24", "1", EXACT, "", "小时"),
    ("1%", "percent", "1", "1", EXACT, "", "%"),
    ("1小时", "duration", "1", "1", EXACT, "", "小时"),
    ("2,900万", "count", "29000000", "1000000", EXACT, "万", ""),
    ("10%", "growth", "10", "10", EXACT, "", "%"),
    ("514.53亿元", "currency", "51453000000", "1000000", EXACT, "亿", "CNY"),
    ("18.8%", "growth", "18.8", "0.1", EXACT, "", "%"),
    ("45.9%", "percent", "45.9", "0.1", EXACT, "", "%"),
    ("56.6%", "percent", "56.6", "0.1", EXACT, "", "%"),
    ("6,364万人", "count", "63640000", "10000", EXACT, "万", "人"),
    ("34.6%", "percent", "34.6", "0.1", EXACT, "", "%"),
    ("6.1ppts", "points", "6.1", "0.1", EXACT, "", "points"),
    ("9.1%", "growth", "9.1", "0.1", EXACT, "", "%"),
    ("2.53份", "count", "2.53", "0.01", EXACT, "", "份"),
    ("18.1%", "growth", "18.1", "0.1", EXACT, "", "%"),
    ("531元", "currency", "531", "1", EXACT, "", "CNY"),
    ("3,289家", "count", "3289", "1", EXACT, "", "家"),
    ("260家", "count", "260", "10", EXACT, "", "家"),
    ("超过47万亿元", "currency", "47000000000000", "1000000000000", OVER, "万亿", "CNY"),
    ("200多个", "count", "200", "100", OVER, "", "个"),
    ("超过5,000家", "count", "5000", "1000", OVER, "", "家"),
    ("394亿", "currency", "39400000000", "100000000", EXACT, "亿", ""),
    ("75亿", "currency", "7500000000", "100000000", EXACT, "亿", ""),
    ("88亿美元", "currency", "8800000000", "100000000", EXACT, "亿", "USD"),
    ("18.13亿", "currency", "1813000000", "1000000", EXACT, "亿", ""),
    ("58%", "percent", "58", "1", EXACT, "", "%"),
    ("10.65亿", "currency", "1065000000", "1000000", EXACT, "亿", ""),
    ("34%", "percent", "34", "1", EXACT, "", "%"),
    ("1.60亿", "currency", "160000000", "1000000", EXACT, "亿", ""),
    ("5%", "percent", "5", "1", EXACT, "", "%"),
    ("0.71亿", "currency", "71000000", "1000000", EXACT, "亿", ""),
    ("2%", "percent", "2", "1", EXACT, "", "%"),
    ("9.51%", "percent", "9.51", "0.01", EXACT, "", "%"),
    ("6,058万人", "count", "60580000", "10000", EXACT, "万", "人"),
    ("首位", "rank", "1", None, EXACT, "", ""),
    ("11.27%", "percent", "11.27", "0.01", EXACT, "", "%"),
    ("3分钟", "duration", "3", "1", EXACT, "", "分钟"),
    ("18位", "rank", "18", None, EXACT, "", ""),
    ("1.94%", "percent", "1.94", "0.01", EXACT, "", "%"),
    ("4416只", "count", "4416", "1", EXACT, "", "只"),
    ("132家", "count", "132", "1", EXACT, "", "家"),
    ("5,251.62亿元", "currency", "525162000000", "1000000", EXACT, "亿", "CNY"),
    ("27%", "growth", "27", "1", EXACT, "", "%"),
    ("562万", "count", "5620000", "10000", EXACT, "万", ""),
    ("22.31分钟", "duration", "22.31", "0.01", EXACT, "", "分钟"),
    ("140.75万", "count", "1407500", "100", EXACT, "万", ""),
    ("约34%", "percent", "34", "1", ABOUT, "", "%"),
    ("超过10亿", "count", "1000000000", "1000000000", OVER, "亿", ""),
]

OTHER_FORMS = [
    ("3,400万", "count", "34000000", "1000000", EXACT, "万", ""),
    ("6.1个百分点", "points", "6.1", "0.1", EXACT, "", "points"),
    ("6.1百分点", "points", "6.1", "0.1", EXACT, "", "points"),
    ("6.1 percentage points", "points", "6.1", "0.1", EXACT, "", "points"),
    ("6.1 pp", "points", "6.1", "0.1", EXACT, "", "points"),
    ("6.1", "points", "6.1", "0.1", EXACT, "", ""),
    ("USD 39.4bn", "currency", "39400000000", "100000000", EXACT, "billion", "USD"),
    ("US$39.4 billion", "currency", "39400000000", "100000000", EXACT, "billion", "USD"),
    ("$5.5m", "currency", "5500000", "100000", EXACT, "million", "USD"),
    ("CNY 1.2tn", "currency", "1200000000000", "100000000000", EXACT, "trillion", "CNY"),
    ("CNY 870 billion", "currency", "870000000000", "10000000000", EXACT, "billion", "CNY"),
    ("¥870 billion", "currency", "870000000000", "10000000000", EXACT, "billion", "CNY"),
    ("870 billion yuan", "currency", "870000000000", "10000000000", EXACT, "billion", "CNY"),
    ("394亿美元", "currency", "39400000000", "100000000", EXACT, "亿", "USD"),
    ("人民币8亿元", "currency", "800000000", "100000000", EXACT, "亿", "CNY"),
    ("8.0亿", "count", "800000000", "10000000", EXACT, "亿", ""),
    ("1.2倍", "times", "1.2", "0.1", EXACT, "", "times"),
    ("1.2x", "times", "1.2", "0.1", EXACT, "", "times"),
    ("1.2 times", "times", "1.2", "0.1", EXACT, "", "times"),
    ("2倍", "growth", "200", "100", EXACT, "倍", "times"),
    ("-5.2%", "growth", "-5.2", "0.1", EXACT, "", "%"),
    ("−5.2%", "growth", "-5.2", "0.1", EXACT, "", "%"),
    ("34.6 percent", "percent", "34.6", "0.1", EXACT, "", "%"),
    ("34.6 per cent", "percent", "34.6", "0.1", EXACT, "", "%"),
    ("34.6", "percent", "34.6", "0.1", EXACT, "", ""),
    ("６，０００万", "count", "60000000", "10000000", EXACT, "万", ""),
    ("３４．６％", "percent", "34.6", "0.1", EXACT, "", "%"),
    ("60,000,000", "count", "60000000", "10000000", EXACT, "", ""),
    ("more than 60 million", "count", "60000000", "10000000", OVER, "million", ""),
    ("More than 60 million users", "count", "60000000", "10000000", OVER, "million", "users"),
    ("over 3.4m", "count", "3400000", "100000", OVER, "million", ""),
    ("60 million or more", "count", "60000000", "10000000", OVER, "million", ""),
    ("nearly 12 million", "count", "12000000", "1000000", NEARLY, "million", ""),
    ("almost 12 million", "count", "12000000", "1000000", NEARLY, "million", ""),
    ("less than 5%", "percent", "5", "1", UNDER, "", "%"),
    ("fewer than 50", "count", "50", "10", UNDER, "", ""),
    ("about 34%", "percent", "34", "1", ABOUT, "", "%"),
    ("~34%", "percent", "34", "1", ABOUT, "", "%"),
    (">200", "count", "200", "100", OVER, "", ""),
    ("200+", "count", "200", "100", OVER, "", ""),
    ("50k", "count", "50000", "10000", EXACT, "thousand", ""),
    ("5 months", "duration", "5", "1", EXACT, "", "months"),
    ("5百万", "count", "5000000", "1000000", EXACT, "百万", ""),
    ("超6,000万", "count", "60000000", "10000000", OVER, "万", ""),
    ("逾3,400万", "count", "34000000", "1000000", OVER, "万", ""),
    ("200多", "count", "200", "100", OVER, "", ""),
    ("200多万", "count", "2000000", "1000000", OVER, "万", ""),
    ("200万多", "count", "2000000", "1000000", OVER, "万", ""),
    ("200余家", "count", "200", "100", OVER, "", "家"),
    ("8,700亿多元", "currency", "870000000000", "10000000000", OVER, "亿", "CNY"),
    ("8,700亿元以上", "currency", "870000000000", "10000000000", OVER, "亿", "CNY"),
    ("5,000家以上", "count", "5000", "1000", OVER, "", "家"),
    ("不少于20", "count", "20", "10", OVER, "", ""),
    ("超过200多", "count", "200", "100", OVER, "", ""),
    ("接近70%", "percent", "70", "10", NEARLY, "", "%"),
    ("将近70%", "percent", "70", "10", NEARLY, "", "%"),
    ("不到1%", "percent", "1", "1", UNDER, "", "%"),
    ("不足40%", "percent", "40", "10", UNDER, "", "%"),
    ("不超过5天", "duration", "5", "1", UNDER, "", "天"),
    ("20个以内", "count", "20", "10", UNDER, "", "个"),
    ("大约20个", "count", "20", "10", ABOUT, "", "个"),
    ("20%左右", "percent", "20", "10", ABOUT, "", "%"),
    ("约20左右", "count", "20", "10", ABOUT, "", ""),
    ("103.5", "index", "103.5", "0.1", EXACT, "", ""),
    ("0", "count", "0", "1", EXACT, "", ""),
    ("  8.29 亿 ", "count", "829000000", "1000000", EXACT, "亿", ""),
    ("100万次/天", "count", "1000000", "1000000", EXACT, "万", "次/天"),
    ("第一", "rank", "1", None, EXACT, "", ""),
    ("第一位", "rank", "1", None, EXACT, "", ""),
    ("榜首", "rank", "1", None, EXACT, "", ""),
    ("第18位", "rank", "18", None, EXACT, "", ""),
    ("第十八", "rank", "18", None, EXACT, "", ""),
    ("第二十", "rank", "20", None, EXACT, "", ""),
    ("三十二位", "rank", "32", None, EXACT, "", ""),
    ("18th", "rank", "18", None, EXACT, "", ""),
    ("No. 18", "rank", "18", None, EXACT, "", ""),
    ("#1", "rank", "1", None, EXACT, "", ""),
    ("first", "rank", "1", None, EXACT, "", ""),
    ("third place", "rank", "3", None, EXACT, "", ""),
    ("18", "rank", "18", None, EXACT, "", ""),
]


@pytest.mark.parametrize(
    ("text", "unit_kind", "value", "resolution", "qualifier", "scale", "hint"), REPORT + OTHER_FORMS
)
def test_stated_figure_gives_value_resolution_and_qualifier(
    text: str,
    unit_kind: str,
    value: str,
    resolution: str | None,
    qualifier: Qualifier,
    scale: str,
    hint: str,
) -> None:
    figure = parse_stated(text, unit_kind=unit_kind)
    assert figure.value == Decimal(value)
    assert figure.resolution == (None if resolution is None else Decimal(resolution))
    assert figure.qualifier is qualifier
    assert (figure.scale, figure.unit_hint, figure.text) == (scale, hint, text)


@pytest.mark.parametrize("text", ["8.29亿", "8,700亿", "514.53亿"])
def test_scaled_value_has_no_exponent(text: str) -> None:
    assert "E" not in str(parse_stated(text, unit_kind="count").value)


@pytest.mark.parametrize(
    ("text", "unit_kind", "position", "expected"),
    [
        ("7×24×365", "count", 2, "the end of the figure"),
        ("7x24", "count", 2, "a counted noun"),
        ("", "count", 1, "a number"),
        ("许多", "count", 1, "a number"),
        ("超过", "count", 3, "a number"),
        ("1,28", "count", 1, "a number"),
        ("1.2.3", "count", 1, "a number"),
        ("12,3456", "count", 1, "a number"),
        ("34.6%", "count", 5, "the end of the figure"),
        ("1.2倍", "count", 4, "a counted noun"),
        ("1.2倍", "percent", 4, "the end of the figure"),
        ("6.1%", "points", 4, "the end of the figure"),
        ("6.1ppts", "percent", 4, "the end of the figure"),
        ("34万%", "percent", 3, "the end of the figure"),
        ("人民币8亿美元", "currency", 6, "CNY, as before the number"),
        ("8亿人", "currency", 3, "the end of the figure"),
        ("8亿元", "count", 3, "a counted noun"),
        ("5m", "duration", 2, "a unit of time in full"),
        ("超过20左右", "count", 1, "one qualifier"),
        ("20 30", "count", 4, "the end of the figure"),
        ("10至20", "count", 3, "a counted noun"),
        ("龙头", "rank", 1, "a rank"),
        ("前20名", "rank", 1, "a rank"),
        ("首次", "rank", 1, "a rank"),
    ],
)
def test_unreadable_figure_names_the_place(
    text: str, unit_kind: str, position: int, expected: str
) -> None:
    with pytest.raises(StatedFigureError) as caught:
        parse_stated(text, unit_kind=unit_kind)
    assert caught.value.position == position
    assert expected in caught.value.expected
    assert f"character {position}" in str(caught.value)


def test_unknown_unit_kind_names_the_known() -> None:
    with pytest.raises(ValueError, match="expected one of count, currency"):
        parse_stated("1", unit_kind="people")
    assert "rank" in UNIT_KINDS


def test_figure_of_more_digits_than_the_default_context_keeps_them_all() -> None:
    digits = "1234567890123456789012345678901.25"
    assert parse_stated(f"{digits}亿", unit_kind="count").value == Decimal(
        digits.replace(".", "") + "000000"
    )


@pytest.mark.parametrize("digits", ["9" * 34, "9" * 31 + ".99", "1," + ",".join(["999"] * 11)])
def test_longest_figure_lies_within_its_bounds(digits: str) -> None:
    figure = parse_stated(digits, unit_kind="count")
    lower, upper = stated_bounds(figure.value, figure.resolution)
    assert lower is not None
    assert upper is not None
    assert lower <= figure.value <= upper


@pytest.mark.parametrize(
    ("text", "position"),
    [("9" * 35, 35), ("9" * 100, 35), ("约" + "1" * 35 + "亿", 36), ("0." + "1" * 40, 36)],
)
def test_more_digits_than_can_be_computed_with_are_refused(text: str, position: int) -> None:
    with pytest.raises(StatedFigureError, match="at most 34 digits") as caught:
        parse_stated(text, unit_kind="count")
    assert caught.value.position == position
