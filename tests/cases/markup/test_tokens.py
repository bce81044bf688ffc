import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.markup.errors import TokenError
from cases.markup.tokens import (
    SCALES,
    TRANSFORMS,
    Reference,
    find_tokens,
    parse_reference,
    parse_token,
)

KEY = "webank.registered-users"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ webank.registered-users@2017 }}", Reference(KEY, "2017")),
        ("{{webank.registered-users@2017}}", Reference(KEY, "2017")),
        ("{{  webank.registered-users @ 2017  }}", Reference(KEY, "2017")),
        ("{{ a.b.q@2018-Q4 }}", Reference("a.b.q", "2018-Q4")),
        ("{{ a.b.m@2018-12 }}", Reference("a.b.m", "2018-12")),
        ("{{ a.b.s@2018-S1 }}", Reference("a.b.s", "2018-S1")),
        ("{{ a.b.w@2018-W05 }}", Reference("a.b.w", "2018-W05")),
        ("{{ a.b.d@2018-12-31 }}", Reference("a.b.d", "2018-12-31")),
        ("{{ a.b@2007/2018 }}", Reference("a.b", "2007/2018")),
        ("{{ a.b@2016/ }}", Reference("a.b", "2016/")),
        ("{{ a.b@undated }}", Reference("a.b", "undated")),
        ("{{ a.b@latest }}", Reference("a.b", "latest")),
        ("{{ a.b@previous }}", Reference("a.b", "previous")),
        ("{{ 3-a.b-2@2018 }}", Reference("3-a.b-2", "2018")),
        ("{{ a.b@2018 | pc1 }}", Reference("a.b", "2018", "pc1")),
        ("{{ a.b@2018|round:0|plain }}", Reference("a.b", "2018", round_to=0, plain=True)),
        ("{{ a.b@2018 | scale:万亿 | unit }}", Reference("a.b", "2018", scale="万亿", unit=True)),
        ("{{ a.b@2018 | scale : million }}", Reference("a.b", "2018", scale="million")),
        (
            "{{ a.b@2018 | unit | round: 2 | ch1 | scale:亿 | plain }}",
            Reference("a.b", "2018", "ch1", 2, "亿", plain=True, unit=True),
        ),
    ],
)
def test_wellformed_token_gives_its_reference(text: str, expected: Reference) -> None:
    token = parse_token(text)
    assert token.reference == expected
    assert (token.raw, token.start, token.end) == (text, 0, len(text))
    assert (token.series, token.period) == (expected.series, expected.period)


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("", 1, "{{ series@period }}"),
        ("webank.users@2017", 1, "{{ series@period }}"),
        ("{{ a.b@2017 }", 1, "{{ series@period }}"),
        ("{{ a.b@2017\n}}", 1, "same line"),
        ("{{ {a.b@2017} }}", 1, "{{ series@period }}"),
        ("{{ " + "a" * 300 + ".b@2017 }}", 1, "{{ series@period }}"),
        ("{{}}", 1, "{{ series@period }}"),
        ("{{ }}", 4, "series key"),
        ("{{ webank@2017 }}", 4, "not 'webank'"),
        ("{{ WeBank.users@2017 }}", 4, "series key"),
        ("{{ a.b.x@2017 }}", 4, "series key"),
        ("{{ a.b.c.d@2017 }}", 4, "series key"),
        ("{{ a_b.c@2017 }}", 4, "series key"),
        ("{{ 微众.users@2017 }}", 4, "series key"),
        ("{{ a.b }}", 8, "after an @"),
        ("{{ a.b@ }}", 9, "not ''"),
        ("{{ a.b@20177 }}", 8, "not '20177'"),
        ("{{ a.b@2018-Q5 }}", 8, "2018-Q4"),
        ("{{ a.b@2018-13 }}", 8, "expected a period"),
        ("{{ a.b@* }}", 8, "expected a period"),
        ("{{ a.b@now }}", 8, "latest or previous"),
        ("{{ a.b@2017 @2018 }}", 8, "expected a period"),
        ("{{ a.b@2017 | }}", 15, "not ''"),
        ("{{ a.b@2017 | upper }}", 15, "round:n"),
        ("{{ a.b@2017 | PC1 }}", 15, "not 'PC1'"),
        ("{{ a.b@2017 | cagr }}", 15, "lin, chg"),
        ("{{ a.b@2017 | round }}", 15, "round:0"),
        ("{{ a.b@2017 | round:x }}", 15, "round:0"),
        ("{{ a.b@2017 | round:-1 }}", 15, "round:0"),
        ("{{ a.b@2017 | round:10 }}", 15, "round:0 to round:9"),
        ("{{ a.b@2017 | round:１ }}", 15, "round:0"),
        ("{{ a.b@2017 | scale:dozen }}", 15, "万亿"),
        ("{{ a.b@2017 | plain:1 }}", 15, "not 'plain:1'"),
        ("{{ a.b@2017 | plain | plain }}", 23, "once"),
        ("{{ a.b@2017 | pc1 | pch }}", 21, "one transform"),
        ("{{ a.b@2017 | round:1 | round:2 }}", 25, "once"),
    ],
)
def test_malformed_token_is_refused_at_its_place(text: str, column: int, expected: str) -> None:
    with pytest.raises(TokenError) as caught:
        parse_token(text)
    assert caught.value.line == 1
    assert caught.value.column == column
    assert expected in caught.value.message


def test_tokens_in_text_are_found_in_order_with_offsets() -> None:
    text = "用户{{ a.b@2017 }}，其中{{ a.c@2018 | pc1 }}。"
    tokens = find_tokens(text)
    assert [text[t.start : t.end] for t in tokens] == [t.raw for t in tokens]
    assert [t.series for t in tokens] == ["a.b", "a.c"]


@pytest.mark.parametrize("text", ["", "没有数字", "{ a.b@2017 }", "}} {", "a | b"])
def test_text_without_tokens_finds_none(text: str) -> None:
    assert find_tokens(text) == ()


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("ab {{ a.b@2017", 1, 4),
        ("ab\ncd {{ a.b@x }}", 2, 11),
        ("{{ a.b@2017 }} {{", 1, 16),
        ("{{{ a.b@2017 }}}", 1, 1),
    ],
)
def test_fault_in_longer_text_names_line_and_column(text: str, line: int, column: int) -> None:
    with pytest.raises(TokenError) as caught:
        find_tokens(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_reference_without_braces_is_read_for_exhibits() -> None:
    assert parse_reference("a.b@2017 | round:1") == Reference("a.b", "2017", round_to=1)


def test_cell_drops_print_options_and_keeps_the_transform() -> None:
    reference = Reference("a.b", "2017", "pc1", 1, "亿", plain=True, unit=True)
    assert reference.cell == Reference("a.b", "2017", "pc1")


NAMES = st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True)


@settings(deadline=None)
@given(
    entity=NAMES,
    indicator=NAMES,
    suffix=st.sampled_from(["", ".q", ".m"]),
    period=st.sampled_from(["2018", "2018-Q4", "latest", "undated", "2016/", "2007/2018"]),
    transform=st.sampled_from(TRANSFORMS),
    round_to=st.none() | st.integers(0, 9),
    scale=st.none() | st.sampled_from(SCALES),
    plain=st.booleans(),
    unit=st.booleans(),
)
def test_canonical_text_of_any_reference_parses_back(
    entity: str,
    indicator: str,
    suffix: str,
    period: str,
    transform: str,
    round_to: int | None,
    scale: str | None,
    plain: bool,
    unit: bool,
) -> None:
    key = f"{entity}.{indicator}{suffix}"
    reference = Reference(key, period, transform, round_to, scale, plain, unit)
    assert parse_token(reference.text).reference == reference


def fault_of(text: str) -> TokenError | None:
    try:
        parse_token(text)
    except TokenError as error:
        return error
    return None


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_between_braces_is_a_token_or_a_token_error(text: str) -> None:
    fault = fault_of("{{" + text + "}}")
    if fault:
        assert fault.line == 1
        assert 1 <= fault.column <= len(text) + 5
