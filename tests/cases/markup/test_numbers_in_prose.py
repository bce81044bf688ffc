import time

import pytest

from cases.markup.numbers_in_prose import ProseNumber, numbers_in_prose, unbound_numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("用户超过6,000万人", ["6,000万"]),
        ("增长34.6%，不良率0.64％", ["34.6%", "0.64％"]),
        ("贷款8,700亿元", ["8,700亿元"]),
        ("提升6.1个百分点", ["6.1个百分点"]),
        ("覆盖567座城市", ["567"]),
        ("３６家", ["３６"]),
        ("增长1.2倍", ["1.2倍"]),
        ("三千万用户", ["三千万"]),
        ("二十五家机构", ["二十五"]),
        ("一百零五万", ["一百零五万"]),
        ("十五个月", ["十五"]),
        ("十余家", ["十余"]),
        ("数千万人、上百家", ["数千万", "上百"]),
        ("不到行业平均的四成", ["四成"]),
        ("三倍于同业，增加一倍多", ["三倍", "一倍多"]),
        ("规模翻番，又翻了两番", ["翻番", "翻了两番"]),
        ("成倍增长", ["成倍"]),
        ("一半以上，超过半数", ["一半", "半数"]),
        ("百分之三十，三分之一", ["百分之三十", "三分之一"]),
        ("2017家网点", ["2017"]),
        ("约2000亿元", ["2000亿元"]),
        ("over 60 million users", ["60 million"]),
        ("USD 39.4bn", ["39.4bn"]),
        ("rose 34.6 per cent", ["34.6 per cent"]),
        ("6.1 percentage points", ["6.1 percentage points"]),
        ("twenty-five banks", ["twenty-five"]),
        ("three hundred cities", ["three hundred"]),
        ("millions of users", ["millions"]),
        ("more than doubled, and half of them", ["doubled", "half"]),
        ("two thirds, three quarters of", ["two thirds", "three quarters"]),
        ("a tenfold rise, nine in ten", ["tenfold", "nine in ten"]),
        ("twice", ["twice"]),
    ],
)
def test_number_typed_by_hand_is_found(text: str, numbers: list[str]) -> None:
    assert [number.text for number in unbound_numbers(text)] == numbers


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2017年", "date"), ("2017年底", "date"), ("2014年12月", "date"), ("3月8日", "date"),
        ("2018年12月31日", "date"), ("2007年至2018年", "date"), ("2007—2018年", "date"),
        ("2018-12-31", "date"), ("上世纪90年代", "date"), ("2018年上半年", "date"),
        ("December 2014", "date"), ("in 2014", "date"), ("2017", "date"), ("March 8, 2019", "date"),
        ("8 March 2019", "date"), ("2013–2017", "date"), ("Q4 2018", "date"), ("the 2010s", "date"),
        ("second half of 2018", "date"), ("5V特点", "name"), ("4G网络", "name"),
        ("P2P网贷", "name"),
        ("O2O", "name"), ("3.0时代", "name"), ("Fintech 2.0", "name"), ("7×24小时", "name"),
        ("第43次报告", "name"), ("COVID-19", "name"),
    ],
)  # fmt: skip
def test_date_or_name_is_exempt_with_its_reason(text: str, reason: str) -> None:
    assert unbound_numbers(text) == ()
    assert {number.exempt for number in numbers_in_prose(text)} == {reason}


@pytest.mark.parametrize(
    "text",
    [
        "一个平台", "十分重要", "一方面", "一成不变", "千方百计", "万一", "形成", "成为", "统一",
        "一些百分点", "第一", "三大市场", "一体化", "半导体", "one bank", "a third party",
        "the first bank", "bank", "千万不要",
    ],
)  # fmt: skip
def test_word_that_is_no_number_is_not_reported(text: str) -> None:
    assert unbound_numbers(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "用户{{ a.b@2017 | round:1 }}人", "`55`", "```\n55\n```", "    55", "[x](/a/55/)",
        "<https://e.com/55>", "1. 甲\n2. 乙", "&#35;", "[5万元]{constant}以下",
        "```chart\ntype: bar\ntitle: 甲\nseries: [a.b9]\nperiod: 2017\n```",
        "```key-figures\n- value: a.b@2017 | round:1\n  label: 用户\n```",
    ],
)  # fmt: skip
def test_number_bound_marked_or_in_code_is_no_finding(text: str) -> None:
    assert unbound_numbers(text) == ()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("[甲](55 家)", ["55"]),
        ('[甲](/a/66/ "共55家")', ["55"]),
        ("[甲](/a/66/) 共55家", ["55"]),
        ("[甲]()55家", ["55"]),
    ],
)
def test_only_the_target_of_a_link_is_hidden(text: str, numbers: list[str]) -> None:
    assert [number.text for number in unbound_numbers(text)] == numbers


def test_listed_constant_is_exempt_inside_its_phrase_only() -> None:
    text = "余额低于5万元的客户，贷款5万元"
    found = numbers_in_prose(text, constants=["低于5万元"])
    assert [number.exempt for number in found] == ["constant", None]


def test_findings_carry_line_and_column() -> None:
    text = "甲\n\n乙{{ a.b@2017 }}有12家\n"
    assert numbers_in_prose(text) == (ProseNumber(3, 17, "12", None),)


@pytest.mark.parametrize(
    ("exhibit", "line"),
    [
        ("```chart\ntype: column\ntitle: 增长12%\nseries: [a.b]\n```", 3),
        ("```chart\ntype: column\ntitle: 甲\nseries: [a.b]\nlabels: {a.b: 前12家}\n```", 5),
        ("```key-figures\n- value: a.b@2017\n  label: 甲\n  note: 共12家\n```", 4),
        ("```callout\ntext: |\n  甲\n\n  共12家\n```", 5),
    ],
)
def test_number_in_a_caption_is_found_at_its_line(exhibit: str, line: int) -> None:
    assert [number.line for number in unbound_numbers(exhibit)] == [line]


@pytest.mark.parametrize("unit", ["1", "1,", "一", "十", "one ", "2017", "`", "[", "百分之", "A1-"])
def test_repeated_input_is_searched_in_bounded_time(unit: str) -> None:
    started = time.process_time()
    numbers_in_prose((unit * 20_000)[:20_000])
    assert time.process_time() - started < 5
