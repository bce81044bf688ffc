from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.bounds import Figure
from metrics.stats.digits import grouped, significant
from metrics.stats.figures import parse_stated
from metrics.stats.numbers import FormattedNumber, format_figure
from metrics.stats.wording import CHINESE_SCALES, ENGLISH_SCALES, Qualifier


def printed(text: str, unit_kind: str, unit_key: str, language: str) -> str:
    stated = parse_stated(text, unit_kind=unit_kind)
    return format_figure(
        stated.value,
        unit_kind=unit_kind,
        unit_key=unit_key,
        language=language,
        qualifier=stated.qualifier,
        stated_scale=stated.scale,
        resolution=stated.resolution,
    ).text


@pytest.mark.parametrize(
    ("text", "unit_kind", "unit_key", "chinese", "english"),
    [
        ("8.29亿", "count", "person", "8.29亿", "829 million"),
        ("8.0亿", "count", "person", "8.0亿", "800 million"),
        ("超过6,000万", "count", "person", "超过6,000万", "over 60 million"),
        ("近1,200万", "count", "person", "近1,200万", "nearly 12 million"),
        ("200多", "count", "city", "超过200", "over 200"),
        ("不到1%", "percent", "percent", "不到1%", "under 1%"),
        ("约34%", "percent", "percent", "约34%", "about 34%"),
        ("6,364万人", "count", "person", "6,364万", "63.64 million"),
        ("140.75万", "count", "person", "140.75万", "1.4075 million"),
        ("2.2亿人次", "count", "person-time", "2.2亿", "220 million"),
        ("13亿次", "count", "time", "13亿", "1.3 billion"),
        ("3,289", "count", "institution", "3,289", "3,289"),
        ("4416只", "count", "fund", "4,416", "4,416"),
        ("8,700亿元", "currency", "CNY", "8,700亿元", "CNY 870 billion"),
        ("514.53亿元", "currency", "CNY", "514.53亿元", "CNY 51.453 billion"),
        ("5,251.62亿元", "currency", "CNY", "5,251.62亿元", "CNY 525.162 billion"),
        ("1.60亿", "currency", "CNY", "1.60亿元", "CNY 160 million"),
        ("超过47万亿元", "currency", "CNY", "超过47万亿元", "over CNY 47 trillion"),
        ("531元", "currency", "CNY", "531元", "CNY 531"),
        ("394亿美元", "currency", "USD", "394亿美元", "US$39.4 billion"),
        ("USD 39.4bn", "currency", "USD", "394亿美元", "US$39.4 billion"),
        ("EUR 5m", "currency", "EUR", "500万欧元", "EUR 5 million"),
        ("0.64%", "percent", "percent", "0.64%", "0.64%"),
        ("10.0%", "growth", "percent-growth", "10.0%", "10.0%"),
        ("1.2倍", "growth", "percent-growth", "1.2倍", "120%"),
        ("1.2倍", "times", "times", "1.2倍", "1.2 times"),
        ("1倍", "times", "times", "1倍", "1 time"),
        ("6.1ppts", "points", "percentage-point", "6.1个百分点", "6.1 percentage points"),
        ("1个百分点", "points", "percentage-point", "1个百分点", "1 percentage point"),
        ("-5.2%", "growth", "percent-growth", "−5.2%", "−5.2%"),
        ("18位", "rank", "rank", "18", "18"),
        ("22.31分钟", "duration", "minute", "22.31", "22.31"),
        ("60,000,000", "count", "person", "60,000,000", "60,000,000"),
        ("5百万", "count", "person", "5百万", "5 million"),
        ("50 thousand", "count", "person", "5万", "50 thousand"),
    ],
)
def test_stated_figure_prints_back_and_in_the_other_language(
    text: str, unit_kind: str, unit_key: str, chinese: str, english: str
) -> None:
    assert printed(text, unit_kind, unit_key, "zh-hans") == chinese
    assert printed(text, unit_kind, unit_key, "en") == english


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        ("0", "0", "0"),
        ("9999", "9,999", "9,999"),
        ("12000", "1.2万", "12,000"),
        ("12851000", "1,285.1万", "12.851 million"),
        ("128510000", "1.2851亿", "128.51 million"),
        ("99999999", "99,999,999", "99,999,999"),
        ("1000000000000", "1万亿", "1 trillion"),
        ("-5300000000", "−53亿", "−5.3 billion"),
        ("128510638.29787", "128,510,638.29787", "128,510,638.29787"),
    ],
)
def test_value_without_scale_prints_exactly_in_the_largest_neat_scale(
    value: str, chinese: str, english: str
) -> None:
    for language, expected in (("zh-hans", chinese), ("en", english)):
        number = format_figure(Decimal(value), unit_kind="count", language=language)
        assert number.text == expected


@pytest.mark.parametrize(
    ("figure", "chinese", "english"),
    [
        (Figure(Decimal("128510638.29787"), Decimal(1), Decimal(2)), "1.285亿", "128.5 million"),
        (Figure(Decimal("15111111.1"), Decimal("15111111.1")), "超过1,511万", "over 15.11 million"),
        (Figure(Decimal(15118888), Decimal(15118888)), "超过1,511万", "over 15.11 million"),
        (Figure(Decimal(15111111), None, Decimal(15111111)), "不到1,512万", "under 15.12 million"),
        (Figure(Decimal(15118888)), "约1,512万", "about 15.12 million"),
        (Figure(Decimal(99999999), Decimal(1), Decimal(2)), "1亿", "100 million"),
        (Figure(Decimal("0.000123456"), Decimal(0), Decimal(1)), "0.0001235", "0.0001235"),
    ],
)
def test_derived_value_has_four_digits_rounded_outward(
    figure: Figure, chinese: str, english: str
) -> None:
    for language, expected in (("zh-hans", chinese), ("en", english)):
        number = format_figure(figure, unit_kind="count", language=language, derived=True)
        assert number.text == expected


def test_derived_value_is_no_finer_than_the_unit() -> None:
    figure = Decimal("0.64157")
    assert format_figure(
        figure, unit_kind="percent", language="en", derived=True, decimals=2
    ).text == ("0.64%")


def test_negative_one_sided_value_rounds_away_from_the_open_side() -> None:
    over = Figure(Decimal("-1.23456"), Decimal("-1.23456"))
    assert format_figure(over, unit_kind="growth", language="en", derived=True).number == "−1.235"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"scale": "billion", "round_to": 1}, "0.8 billion"),
        ({"scale": "million"}, "829 million"),
        ({"scale": "one"}, "829,000,000"),
        ({"scale": "thousand"}, "829,000 thousand"),
        ({"round_to": 2}, "829.00 million"),
        ({"qualifier": "over"}, "over 829 million"),
        ({"qualifier": "over", "plain": True}, "829 million"),
        ({"qualifier": "over", "scale": "billion", "round_to": 1}, "over 0.8 billion"),
        ({"qualifier": "under", "scale": "billion", "round_to": 1}, "under 0.9 billion"),
        ({"stated_scale": "亿"}, "829 million"),
    ],
)
def test_options_choose_scale_rounding_and_qualifier(
    options: dict[str, object], expected: str
) -> None:
    number = format_figure(Decimal(829000000), unit_kind="count", language="en", **options)
    assert number.text == expected


def test_negative_currency_puts_the_sign_before_the_prefix() -> None:
    number = format_figure(
        Decimal(-5300000000), unit_kind="currency", unit_key="USD", language="en"
    )
    assert number == FormattedNumber("", "−US$", "5.3", " billion", "en")


def test_parts_join_without_space_in_chinese_and_with_in_english() -> None:
    chinese = FormattedNumber("超过", "", "6,000", "万", "zh-hans")
    english = FormattedNumber("over", "CNY ", "870", " billion", "en")
    assert str(chinese) == chinese.text == "超过6,000万"
    assert english.text == "over CNY 870 billion"
    assert english.qualifier_word == "over"


def test_bounds_keep_the_trailing_zero_of_a_stated_value() -> None:
    figure = Figure.stated(Decimal(160000000), Decimal(1000000))
    number = format_figure(figure, unit_kind="count", language="zh-hans", stated_scale="亿")
    assert number.text == "1.60亿"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"language": "fr"}, "expected one of zh-hans, en"),
        ({"language": "en", "scale": "亿"}, "expected one of 个, one, thousand"),
        ({"language": "zh-hans", "scale": "million"}, "expected one of 个, one, 千"),
        (
            {"language": "en", "unit_kind": "percent", "scale": "million"},
            "expected one of 个, one$",
        ),
    ],
)
def test_impossible_request_names_what_is_allowed(options: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        format_figure(Decimal(1), **{"unit_kind": "count", **options})


def test_missing_figure_has_no_number() -> None:
    with pytest.raises(ValueError, match="null reason"):
        format_figure(Figure.missing("not_reported"), unit_kind="count", language="en")


def test_rounding_at_the_half_goes_to_even() -> None:
    assert grouped(Decimal("2.5"), 0) == "2"
    assert grouped(Decimal("1234.565"), 2) == "1,234.56"
    assert significant(Decimal("1.2345"), 4) == Decimal("1.234")


@given(
    st.decimals(-9999, 9999, places=2),
    st.sampled_from(["", *CHINESE_SCALES]),
    st.sampled_from(["zh-hans", "en"]),
)
def test_printed_stated_value_parses_back_to_it(
    mantissa: Decimal, scale: str, language: str
) -> None:
    value = mantissa.scaleb(CHINESE_SCALES.get(scale, 0))
    text = format_figure(value, unit_kind="count", language=language, stated_scale=scale).text
    assert parse_stated(text, unit_kind="count").value == value


@given(st.decimals(1, 10**15, places=4), st.sampled_from(["zh-hans", "en"]))
def test_value_without_scale_parses_back_to_it(value: Decimal, language: str) -> None:
    text = format_figure(value, unit_kind="currency", unit_key="CNY", language=language).text
    assert parse_stated(text, unit_kind="currency").value == value


@given(
    st.decimals(-(10**15), 10**15, places=4),
    st.sampled_from([Qualifier.OVER, Qualifier.UNDER, Qualifier.NEARLY]),
    st.sampled_from(["zh-hans", "en"]),
)
def test_one_sided_number_never_claims_more_than_the_bound(
    value: Decimal, qualifier: Qualifier, language: str
) -> None:
    text = format_figure(
        value, unit_kind="count", language=language, qualifier=qualifier, derived=True
    ).text
    told = parse_stated(text, unit_kind="count")
    assert told.qualifier is qualifier
    assert told.value <= value if qualifier is Qualifier.OVER else told.value >= value


@given(st.decimals(1, 9, places=1), st.sampled_from(sorted(ENGLISH_SCALES)))
def test_scaling_the_value_scales_only_the_word(mantissa: Decimal, scale: str) -> None:
    value = mantissa.scaleb(ENGLISH_SCALES[scale])
    number = format_figure(value, unit_kind="count", language="en", scale=scale, round_to=1)
    assert number.text == f"{mantissa} {scale}"
