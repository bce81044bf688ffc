"""Files of every make: the same rows out of them, and problems told by row and column."""

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics.models import ImportBatch, ImportRow, Indicator, Series
from metrics.services.imports import blocks, limits, text_files
from tests.metrics.factories import EntityFactory, IndicatorFactory, SourceFactory, make_series
from tests.metrics.services.imports.conftest import checked, make_layout, problems

pytestmark = pytest.mark.django_db
LONG = "entity,period,value\nacme,2018,12.50\nzeta,2018,7\n"
Row = tuple[str, str, str | None]


@pytest.fixture(autouse=True)
def companies() -> None:
    for slug in ("acme", "zeta"):
        make_series(f"{slug}.revenue", nature="flow", unit="currency")


def rows(batch: ImportBatch) -> set[Row]:
    """What was read: series key, period, value as printed."""
    keys = dict(Series.objects.values_list("pk", "key"))
    return {
        (keys[row.series_id], row.period, None if row.value is None else format(row.value, "f"))
        for row in ImportRow.objects.filter(batch=batch)
    }


def workbook(table: list[list[Any]], sheet: str = "Data", above: int = 0) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet(sheet)
        for number, line in enumerate(table, above):
            page.write_row(number, 0, line)
    return out.getvalue()


EXPECTED = {("acme.revenue", "2018", "12.50"), ("zeta.revenue", "2018", "7")}


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        (LONG, {}),
        ("\ufeff" + LONG, {}),
        (LONG.replace("\n", "\r\n"), {}),
        (LONG.rstrip("\n"), {}),
        (LONG.replace(",", ";"), {}),
        (LONG.replace(",", "\t"), {}),
        (LONG.replace(",", "|"), {"delimiter": "|"}),
        (LONG.replace("acme", '"acme"'), {}),
        (LONG.replace("\nzeta", "\n\n,,\nzeta"), {}),
        ("note about the file\n" + LONG, {"header_row": 2}),
        (LONG.replace("acme", " acme ").replace("12.50", " 12.50 "), {}),
        (LONG.replace(".", ",").replace("entity,period,value", "entity;period;value")
            .replace("acme,2018,12,50", "acme;2018;12,50").replace("zeta,2018,7", "zeta;2018;7"),
            {"decimal_mark": ",", "thousands_mark": "."}),
        ("period,comment,entity,value\n2018,a,acme,12.50\n2018,b,zeta,7\n", {}),
        ("entity,2018\nacme,12.50\nzeta,7\n",
            {"shape": "wide", "headers": "periods", "columns": {"entity": "entity"}}),
        ("period,entity,revenue\n2018,acme,12.50\n2018,zeta,7\n",
            {"shape": "wide", "headers": "indicators",
             "columns": {"entity": "entity", "period": "period"}}),
        ("period,acme.revenue,zeta.revenue\n2018,12.50,7\n",
            {"shape": "wide", "headers": "series", "columns": {"period": "period"}}),
        ("series,period,value\nacme.revenue,2018,12.50\nzeta.revenue,2018,7\n",
            {"columns": {"series": "series", "period": "period", "value": "value"}}),
        ("entity,period,value\nacme,2018-01-01,12.50\nzeta,2018/01/01,7\n",
            {"period_format": "first-day"}),
        ("entity,period,value\nacme,2018-05-07,12.50\nzeta,20181231,7\n",
            {"period_format": "any-day"}),
        ("entity,period,value\nA1,2018,12.50\nzeta,2018,7\n", {"entities": {"A1": "acme"}}),
        ("entity,period,value\nAcme,2018,12.50\n机构 zeta,2018,7\n", {"entity_codes": "name"}),
        ("entity,period,value\nacme,2018,0.01250\nzeta,2018,0.007\n", {"scale": 3}),
    ],
)  # fmt: skip
def test_files_of_every_make_give_the_same_rows(text: str, layout: dict[str, Any]) -> None:
    batch = checked(make_layout(**layout), text)
    assert problems(batch) == []
    values = {(key, period, Decimal(value or 0)) for key, period, value in rows(batch)}
    assert values == {(key, period, Decimal(value or 0)) for key, period, value in EXPECTED}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_is_read_in_each_encoding(encoding: str) -> None:
    text = "机构,年份,数值\n机构 acme,2018,12.50\n机构 zeta,2018,7\n"
    columns = {"entity": "机构", "period": "年份", "value": "数值"}
    layout = make_layout(columns=columns, entity_codes="name")
    assert rows(checked(layout, text.encode(encoding))) == EXPECTED


def test_workbook_gives_the_same_rows() -> None:
    table = [["entity", "period", "value"], ["acme", 2018, 12.5], ["zeta", 2018.0, 7]]
    batch = checked(make_layout(), workbook(table), "file.xlsx")
    assert rows(batch) == {("acme.revenue", "2018", "12.5"), ("zeta.revenue", "2018", "7")}


def test_sheet_is_chosen_by_name_and_rows_count_as_shown() -> None:
    table = [["entity", "period", "value"], ["acme", 2018, 12.5], ["zeta", "x", 7]]
    layout = make_layout(sheet="Data", header_row=4)
    batch = checked(layout, workbook(table, above=3), "file.xlsx")
    assert problems(batch) == [(6, "period", "x", "not_period")]
    other = checked(make_layout("other", sheet="Other"), workbook(table), "file.xlsx")
    assert problems(other) == [(0, "", "", "no_sheet")]


@pytest.mark.parametrize("number", [0.3, 1e15, -3.25, 2813571753.872532, 1e-7, 5e20])
def test_number_of_a_workbook_is_the_shortest_that_reads_back(number: float) -> None:
    table = [["entity", "period", "value"], ["acme", 2018, number]]
    batch = checked(make_layout(), workbook(table), "file.xlsx")
    ((_, _, value),) = rows(batch)
    assert float(value or "nan") == number
    assert "e" not in (value or "").lower()


def row(cells: str) -> str:
    return f"entity,period,value\n{cells}\n"


@pytest.mark.parametrize(
    ("text", "layout", "expected"),
    [
        (row("acme,2018,abc"), {}, (2, "value", "abc", "not_number")),
        (row("acme,2018,1.2.3"), {}, (2, "value", "1.2.3", "not_number")),
        (row("acme,2018,NaN"), {}, (2, "value", "NaN", "not_number")),
        (row("acme,2018,inf"), {}, (2, "value", "inf", "not_number")),
        (row('acme,2018,"1,234"'), {}, (2, "value", "1,234", "not_number")),
        (row('acme,2018,"12,34"'), {"thousands_mark": ","}, (2, "value", "12,34", "not_number")),
        (row("acme,2018,=1+1"), {}, (2, "value", "=1+1", "not_number")),
        (row("acme,2018," + "9" * 40), {}, (2, "value", "9" * 40, "immense")),
        (row("acme,2018,1e99"), {}, (2, "value", "1e99", "immense")),
        (row("acme,2018-13,1"), {}, (2, "period", "2018-13", "not_period")),
        (row("acme,2018-Q1,1"), {}, (2, "period", "2018-Q1", "period_misfit")),
        (row("acme,2018-02-01,1"), {"period_format": "first-day"},
            (2, "period", "2018-02-01", "not_first_day")),
        (row("acme,yesterday,1"), {"period_format": "any-day"},
            (2, "period", "yesterday", "not_day")),
        (row("nobody,2018,1"), {}, (2, "entity", "nobody", "unknown_entity")),
        (row(",2018,1"), {}, (2, "entity", "", "no_entity")),
        (row("acme,2018"), {}, (2, "", "", "ragged")),
        (row("acme,2018,1,2"), {}, (2, "", "", "ragged")),
        (row('acme,2018,"1'), {}, (2, "", "", "bad_quotes")),
        (row('acme,2018,"1"2'), {}, (2, "", "", "bad_quotes")),
        ("entity,period\nacme,2018\n", {}, (1, "value", "", "no_header")),
        ("entity,value,period,value\nacme,1,2018,2\n", {}, (1, "value", "", "header_twice")),
        ("", {"header_row": 5}, None),
        ("entity,period,value\n", {"header_row": 5}, (0, "", "", "no_header_row")),
        (LONG + "acme,2018,1\n", {}, (4, "", "2018", "twice")),
    ],
)  # fmt: skip
def test_wrong_file_is_told_by_row_column_and_code(
    text: str, layout: dict[str, Any], expected: tuple[int, str, str, str] | None
) -> None:
    if expected is None:
        from metrics.services.imports.problems import FileRefusedError

        with pytest.raises(FileRefusedError, match="empty_file"):
            checked(make_layout(**layout), text)
        return
    batch = checked(make_layout(**layout), text)
    assert batch.state == "invalid"
    assert problems(batch) == [expected]
    assert batch.errors == 1


def test_every_problem_of_the_file_is_told_at_once() -> None:
    text = "entity,period,value\nnobody,2018,1\nacme,x,1\nacme,2018,y\nzeta,2018,7\n"
    assert [found[3] for found in problems(checked(make_layout(), text))] == [
        "unknown_entity",
        "not_period",
        "not_number",
    ]


def test_problems_beyond_the_limit_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    from metrics.services.imports import checking

    monkeypatch.setattr(checking, "MOST_PROBLEMS", 3)
    batch = checked(make_layout(), "entity,period,value\n" + "acme,2018,x\n" * 10)
    assert (batch.errors, len(problems(batch))) == (10, 3)


def test_wrong_row_far_down_has_its_number() -> None:
    lines = [f"acme,{n},1" for n in range(1000, 9000)] + ["acme,9001,x"]
    batch = checked(make_layout(), "entity,period,value\n" + "\n".join(lines))
    assert problems(batch) == [(8002, "value", "x", "not_number")]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"entity,period,value\nacme,2018,1\n\xff\xff,2018,1\n", (3, "not_text")),
        (b"entity,period,value\nacme,2018,\x001\n", (2, "nul")),
        ("entity,period,value\n".encode("utf-16"), (0, "utf_16")),
    ],
)
def test_bytes_that_are_no_text_are_refused(data: bytes, expected: tuple[int, str]) -> None:
    found = problems(checked(make_layout(), data))
    assert [(row, code) for row, _, _, code in found] == [expected]


def test_missing_markers_are_left_out_and_counted() -> None:
    text = "entity,period,value\nacme,2017,..\nacme,2018,12.50\nzeta,2017, \nzeta,2018,7\n"
    batch = checked(make_layout(), text)
    assert (rows(batch), batch.skipped) == (EXPECTED, 2)


def test_missing_values_are_recorded_with_the_reason_where_the_layout_says_so() -> None:
    layout = make_layout(missing="null", missing_reason="restricted")
    batch = checked(layout, "entity,period,value\nacme,2017,..\nacme,2018,12.50\n")
    assert rows(batch) == {("acme.revenue", "2017", None), ("acme.revenue", "2018", "12.50")}


def test_stated_texts_are_read_as_their_sources_print_them() -> None:
    columns = {"entity": "entity", "period": "period", "stated": "stated"}
    text = "entity,period,stated\nacme,2018,超过8.29亿元\nzeta,2018,more than 34 million\n"
    batch = checked(make_layout(columns=columns), text)
    assert problems(batch) == []
    found = {
        row.stated: (row.value, row.qualifier, row.resolution)
        for row in ImportRow.objects.filter(batch=batch)
    }
    assert found == {
        "超过8.29亿元": (Decimal(829000000), "over", Decimal(1000000)),
        "more than 34 million": (Decimal(34000000), "over", Decimal(1000000)),
    }


def test_stated_text_that_contradicts_the_value_is_told() -> None:
    columns = {"entity": "entity", "period": "period", "stated": "stated", "value": "value"}
    text = "entity,period,stated,value\nacme,2018,8.29亿元,1\nzeta,2018,几乎没有,\n"
    batch = checked(make_layout(columns=columns), text)
    assert [(found[0], found[3]) for found in problems(batch)] == [
        (2, "contradicts"),
        (3, "not_stated"),
    ]


@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1", "@x", "＝1", "\t=1"])
def test_text_that_begins_like_a_formula_is_refused_where_it_is_kept(text: str) -> None:
    columns = {"entity": "entity", "period": "period", "value": "value", "note": "note"}
    batch = checked(
        make_layout(columns=columns), f'entity,period,value,note\nacme,2018,1,"{text}"\n'
    )
    expected = [] if text == "\t=1" else [(2, "note", text, "formula")]
    assert problems(batch) == expected or problems(batch)[0][3] == "formula"


def test_formula_in_the_place_of_a_stated_text_is_refused() -> None:
    columns = {"entity": "entity", "period": "period", "stated": "stated", "value": "value"}
    text = "entity,period,stated,value\nacme,2018,=HYPERLINK(1),5\nzeta,2018,@SUM(1),7\n"
    batch = checked(make_layout(columns=columns), text)
    assert [(found[0], found[3]) for found in problems(batch)] == [(2, "formula"), (3, "formula")]
    signed = text.replace("=HYPERLINK(1),5", "-5亿,").replace("@SUM(1)", "零")
    assert problems(checked(make_layout("signed", columns=columns), signed)) == []


def test_formula_as_the_name_of_a_new_entity_is_refused() -> None:
    columns = {"entity": "e", "entity_name": "n", "period": "p", "value": "v"}
    layout = make_layout(columns=columns, unknown_entities="create")
    batch = checked(layout, "e,n,p,v\nnew,=HYPERLINK(1),2018,1\n")
    assert problems(batch) == [(2, "e", "new", "formula")]


def test_every_column_is_read() -> None:
    SourceFactory(slug="other")
    columns = {
        name: name
        for name in (
            "entity", "indicator", "period", "value", "qualifier", "status", "source", "locator",
            "note", "vintage_on",
        )
    }  # fmt: skip
    text = (
        f"{','.join(columns)}\n"
        "acme,revenue,2018,1,over,P,other,2.1,a\\tb,2019-04-20\n"
        "zeta,revenue,2018,2,,,other,,,\n"
    )
    batch = checked(make_layout(columns=columns), text)
    assert problems(batch) == []
    first, second = ImportRow.objects.filter(batch=batch).order_by("place")
    assert (first.qualifier, first.status, first.locator, first.note) == (
        "over", "P", "2.1", "a\\tb",
    )  # fmt: skip
    assert str(first.vintage_on) == "2019-04-20"
    assert (second.qualifier, second.status, second.vintage_on) == (None, None, None)


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("qualifier", "maybe", "not_qualifier"),
        ("status", "Z", "not_status"),
        ("source", "nobody", "unknown_source"),
        ("indicator", "nothing", "unknown_indicator"),
        ("vintage_on", "soon", "not_day"),
        ("null_reason", "whatever", "not_reason"),
        ("locator", "x" * 201, "text_too_long"),
    ],
)
def test_wrong_cell_of_a_further_column_is_told(column: str, cell: str, code: str) -> None:
    columns = {"entity": "entity", "period": "period", "value": "value", column: column}
    value = "" if column == "null_reason" else "1"
    text = f"entity,period,value,{column}\nacme,2018,{value},{cell}\n"
    assert problems(checked(make_layout(columns=columns), text)) == [(2, column, cell[:200], code)]


# -- limits --------------------------------------------------------------------------------------
def test_row_limit_holds_before_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_files, "MOST_ROWS", 1)
    assert [found[3] for found in problems(checked(make_layout(), LONG))] == ["too_many_rows"]


def test_size_limit_holds_at_the_upload(monkeypatch: pytest.MonkeyPatch) -> None:
    from metrics.services.imports.problems import FileRefusedError

    monkeypatch.setattr(limits, "MOST_BYTES", 10)
    with pytest.raises(FileRefusedError, match="too_many_bytes"):
        checked(make_layout(), LONG)
    assert not ImportBatch.objects.exists()


def test_wide_and_long_headers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    many = ",".join(f"c{n}" for n in range(20_000))
    assert [found[3] for found in problems(checked(make_layout(), many + "\n"))] == [
        "too_many_columns"
    ]


def test_endless_cell_is_refused() -> None:
    text = f'entity,period,value\nacme,2018,"{"1" * 20_000}"\n'
    assert [found[3] for found in problems(checked(make_layout(), text))] == ["cell_too_long"]


def test_chunks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"acme,{year},{year}.5" for year in range(1000, 1100)]
    text = "entity,period,value\n" + "\n".join(lines)
    whole = rows(checked(make_layout(), text))
    monkeypatch.setattr(blocks, "CHUNK", 7)
    assert rows(checked(make_layout("again"), text)) == whole
    assert len(whole) == 100


# -- properties ----------------------------------------------------------------------------------
decimals = st.decimals(
    min_value=Decimal("-1e15"), max_value=Decimal("1e15"), places=4, allow_nan=False
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(decimals, min_size=1, max_size=30), st.sampled_from(["plain", "grouped", "comma"]))
def test_numbers_come_back_as_they_were_written(numbers: list[Decimal], form: str) -> None:
    written: dict[str, Callable[[Decimal], str]] = {
        "plain": lambda n: format(n, "f"),
        "grouped": lambda n: format(n, ",f"),
        "comma": lambda n: format(n, ",f").translate(str.maketrans(",.", ".,")),
    }
    marks = {
        "plain": {},
        "grouped": {"thousands_mark": ","},
        "comma": {"thousands_mark": ".", "decimal_mark": ","},
    }[form]
    lines = [f"acme;{year};{written[form](n)}" for year, n in enumerate(numbers, 1900)]
    text = "entity;period;value\n" + "\n".join(lines)
    Indicator.objects.filter(key="revenue").exists() or IndicatorFactory(key="revenue")
    EntityFactory(slug="acme")
    from metrics.models import ImportLayout

    ImportBatch.objects.all().delete()
    ImportLayout.objects.all().delete()
    batch = checked(make_layout(delimiter=";", **marks), text)
    assert problems(batch) == []
    found = ImportRow.objects.filter(batch=batch).order_by("place")
    assert [row.value for row in found] == numbers
