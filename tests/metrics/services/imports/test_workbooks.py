"""Workbooks that would unpack to more than they may, or are none."""

import io
import struct
import zipfile
import zlib

import pytest

from metrics.services.imports import limits
from metrics.services.imports.limits import refuse_bomb
from metrics.services.imports.problems import FileRefusedError
from tests.metrics.factories import make_series
from tests.metrics.services.imports.conftest import checked, make_layout, problems
from tests.metrics.services.imports.test_reading import workbook

TABLE = [["entity", "period", "value"], ["acme", 2018, 12.5]]


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(FileRefusedError) as raised:
        refuse_bomb(io.BytesIO(data))
    return str(raised.value)


def test_honest_workbook_passes_and_is_read_from_its_start() -> None:
    file = io.BytesIO(workbook(TABLE))
    refuse_bomb(file)
    assert file.tell() == 0


def test_zeros_without_end_are_refused_by_their_ratio() -> None:
    assert refused(archive(sheet=bytes(50_000_000))) == "zip_bomb"


def test_sum_of_parts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_UNPACKED_BYTES", 1000)
    assert refused(archive(a=b"x" * 600, b=b"y" * 600)) == "zip_bomb"


def test_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_PARTS", 3)
    assert refused(archive(a=b"", b=b"", c=b"", d=b"")) == "zip_bomb"


def test_directory_that_lies_about_a_part_is_refused() -> None:
    """A part of ten million bytes that its directory calls a hundred."""
    data = bytes(10_000_000)
    honest = archive(sheet=data)
    lying = honest.replace(struct.pack("<L", len(data)), struct.pack("<L", 100))
    assert lying != honest
    assert refused(lying) == "zip_bomb"


def test_parts_that_overlap_are_counted_each() -> None:
    """The same packed bytes named by many entries: each is as long as it says."""
    data = archive(**{f"part{n}": b"a" * 2000 for n in range(3)})
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        first = made.infolist()[0].header_offset
    assert first == 0
    refuse_bomb(io.BytesIO(data))


@pytest.mark.parametrize(
    "sheet",
    [
        b'<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row>',
        b'<x:row r="1048576"><x:c s="1" r = \'XFD1048576\'></x:c></x:row>',
        b'<row r="1048576"><c' + b" " * 70_000 + b'r="A1048576"/>' + b"<c/>" * 20,
        b'<row r="1048575"/><row>' + b"<c><v>1</v></c>" * 20 + b"</row>",
    ],
    ids=["far", "prefixed", "long", "unnamed"],
)
def test_cells_that_reach_too_far_are_refused(sheet: bytes) -> None:
    """Read, the first would take half a terabyte; the reader would end the process."""
    assert refused(archive(sheet=sheet + b"</sheetData>")) == "sparse"
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as made:
        made.writestr("sheet", sheet + b"</sheetData>")
    assert refused(stored.getvalue()) == "sparse"


def test_long_and_wide_sheets_pass() -> None:
    refuse_bomb(io.BytesIO(archive(sheet=b'<row r="1048576"><c r="I1048576"/></row><x>')))
    refuse_bomb(io.BytesIO(archive(sheet=b'<row r="600"><c r="XFD600"/></row><x>')))
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as made:
        made.writestr("picture", b"<" + bytes(3_000_000))
    refuse_bomb(stored)


@pytest.mark.parametrize("name", ["content.xml", "xl/workbook.bin"])
def test_other_formats_are_refused(name: str) -> None:
    assert refused(archive(**{name: b"<table/>"})) == "not_xlsx"


def test_encrypted_part_is_told() -> None:
    data = bytearray(archive(sheet=b"x"))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    assert refused(bytes(data)) == "encrypted"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"entity,period,value\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),  # an old or an encrypted workbook
        archive(sheet=b"x")[:-30],
        zlib.compress(b"x"),
    ],
    ids=["nothing", "text", "old", "cut", "zlib"],
)
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    assert refused(data) == "not_xlsx"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data", [archive(sheet=b"x"), b"PK\x03\x04" + bytes(100)], ids=["archive", "header"]
)
def test_archive_that_is_no_workbook_is_a_problem_of_the_file(data: bytes) -> None:
    batch = checked(make_layout(), data, "file.xlsx")
    assert (batch.state, problems(batch)) == ("invalid", [(0, "", "", "not_xlsx")])


@pytest.mark.django_db
def test_text_file_named_as_a_workbook_is_a_problem_of_the_file() -> None:
    batch = checked(make_layout(), "entity,period,value\n", "file.xlsx")
    assert problems(batch) == [(0, "", "", "not_xlsx")]


@pytest.mark.django_db
def test_formula_of_a_workbook_is_what_it_came_to() -> None:
    import xlsxwriter

    make_series("acme.revenue", nature="flow")
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, line in enumerate(TABLE):
            page.write_row(number, 0, line)
        page.write_formula(1, 2, "=5+2", None, 7)
    batch = checked(make_layout(), out.getvalue(), "file.xlsx")
    assert [str(row.value) for row in batch.rows.all()] == ["7"]


@pytest.mark.django_db
@pytest.mark.parametrize(("above", "left"), [(0, 0), (2, 0), (0, 1), (2, 1)])
def test_error_of_a_workbook_is_told_and_never_taken_for_nothing(above: int, left: int) -> None:
    import xlsxwriter

    make_series("acme.revenue", nature="flow")
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Other").write_formula(above + 1, left + 2, "=1/0", None, "#REF!")
        page = book.add_worksheet("Data")
        for number, line in enumerate([*TABLE, ["acme", 2019, 7]], above):
            page.write_row(number, left, line)
        page.write_formula(above + 1, left + 2, "=1/0", None, "#DIV/0!")
    layout = make_layout(sheet="Data", header_row=above + 1)
    batch = checked(layout, out.getvalue(), "file.xlsx")
    assert problems(batch) == [(above + 2, "value", "#DIV/0!", "not_number")]
    marked = make_layout("marked", sheet="Data", header_row=above + 1, missing_markers=["#DIV/0!"])
    batch = checked(marked, out.getvalue(), "file.xlsx")
    assert (problems(batch), batch.skipped) == ([], 1)
