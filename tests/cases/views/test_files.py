"""Downloads: one table in four formats, now and as of a moment, and no draft in it."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from xml.etree import ElementTree

import pandas as pd
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from frictionless import validate

from cases.models import CaseText
from cases.services.roles import ensure_roles
from cases.services.texts import save_revision
from metrics.models import Change, Rule, Series, Source
from metrics.services.refresh import refresh_all
from tests.cases.conftest import publish_case, rewrite, write_secret
from tests.cases.views.reading import page, words
from tests.metrics.admin.staff import log_in, make_staff
from tests.metrics.factories import NOW, SourceFactory, make_series, publish

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FORMS = ("csv", "xlsx", "json", "zip")
USERS = "/en/series/webank.users"
CASE = "/en/cases/webank"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(autouse=True)
def offered(users: Series) -> None:
    """The source of webank.users lets its figures be offered."""
    Source.objects.update(
        redistributable=True, licence_en="CC BY 4.0", url="https://source.example/"
    )


def got(client: Client, path: str, **headers: str) -> Any:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, response.content.decode()
    return response


def table(client: Client, path: str) -> list[dict[str, str]]:
    text = got(client, path).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def document(client: Client, path: str) -> Any:
    return json.loads(got(client, path).content)


def unpacked(client: Client, path: str) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(got(client, path).content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def sheet(content: bytes, number: int) -> list[list[tuple[str, str]]]:
    """The cells of a sheet, each with its type and what it holds."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        strings = [
            "".join(node.itertext())
            for node in ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))  # noqa: S314
        ]
        tree = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))  # noqa: S314
    return [
        [_cell(cell, strings) for cell in row.iter(f"{SHEET}c")] for row in tree.iter(f"{SHEET}row")
    ]


def _cell(cell: ElementTree.Element, strings: list[str]) -> tuple[str, str]:
    kind, value = cell.get("t", "n"), cell.findtext(f"{SHEET}v") or ""
    assert cell.find(f"{SHEET}f") is None  # no formula anywhere
    return kind, strings[int(value)] if kind == "s" else value


def test_series_is_a_tidy_table_with_names(client: Client) -> None:
    first, second = table(client, f"{USERS}.csv")
    assert first["period"] == "2017"
    assert {name: second[name] for name in list(second)[:13]} == {
        "series": "webank.users", "period": "2018", "units": "lin", "period_start": "2018-01-01",
        "period_end": "2018-12-31", "value": "60000000", "stated": "超过6,000万",
        "resolution": "10000000", "lower": "60000000", "upper": "", "qualifier": "over",
        "status": "A", "null_reason": "",
    }  # fmt: skip
    assert (second["source"], second["locator"]) == ("report-2019", "1.2.1")
    assert second["valid_from"] == "2026-11-23T08:00:00Z"
    assert second["series_name"] == "Webank · Users"
    assert (second["period_name"], second["source_title"]) == ("end of 2018", "Report")
    chinese = table(client, "/zh-hans/series/webank.users.csv")[1]
    assert (chinese["period_name"], chinese["source_title"]) == ("2018年末", "报告")


def test_pandas_reads_it_in_one_line_with_its_types(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_bytes(got(client, f"{USERS}.csv").content)
    frame = pd.read_csv(path, dtype={"period": "string"}, parse_dates=["period_start"])
    assert frame.columns[0] == "series"  # the mark is no part of the first name
    assert frame["value"].tolist() == [50_000_000, 60_000_000]
    assert frame["value"].dtype == "int64"
    assert frame["upper"].isna().all()
    assert frame["period_start"].dt.year.tolist() == [2017, 2018]


def test_csv_has_the_mark_that_excel_in_chinese_needs(client: Client) -> None:
    response = got(client, f"{USERS}.csv")
    assert response.content.startswith(b"\xef\xbb\xbfseries,")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert unpacked(client, f"{USERS}.zip")["data.csv"].startswith("series,")


def test_all_formats_hold_the_same_values(client: Client) -> None:
    rows = table(client, f"{CASE}.csv")
    assert document(client, f"{CASE}.json")["observations"] == [
        {name: text or None for name, text in row.items()} for row in rows
    ]
    packed = unpacked(client, f"{CASE}.zip")["data.csv"]
    assert list(csv.DictReader(io.StringIO(packed, newline=""))) == rows
    cells = sheet(got(client, f"{CASE}.xlsx").content, 1)
    assert [value for _, value in cells[0]] == list(rows[0])
    assert len(cells) == len(rows) + 1


@pytest.fixture(autouse=True)
def case(offered: None) -> None:
    publish_case("webank")


def test_text_has_every_value_it_quotes_once(client: Client) -> None:
    rows = table(client, f"{CASE}.csv")
    assert sorted((row["series"], row["period"], row["units"]) for row in rows) == [
        ("webank.users", "2017", "lin"),
        ("webank.users", "2018", "lin"),
    ]


def test_quoted_transform_is_a_row_of_its_own(client: Client) -> None:
    body = "It grew by {{ webank.users@2018 | pc1 }} from {{ webank.users@2015 }}."
    rewrite("webank", body=body, now=NOW + DAY)
    rows = {(row["period"], row["units"]): row for row in table(client, f"{CASE}.csv")}
    assert rows["2018", "pc1"]["null_reason"] == "not_determinable"
    assert rows["2018", "pc1"]["rule"] == "units:pc1"
    assert rows["2015", "lin"]["null_reason"] == "not_reported"
    assert rows["2015", "lin"]["value"] == ""


@pytest.mark.parametrize("path", [USERS, f"{USERS}.zip"[:-4], "/zh-hans/series/webank.users", CASE,
                                  "/zh-hans/cases/webank"])  # fmt: skip
@pytest.mark.parametrize("query", ["", "?as_of=1", "?as_of=3"])
def test_package_is_valid(client: Client, tmp_path: Path, path: str, query: str) -> None:
    if "cases" in path and query == "?as_of=1":
        query = "?as_of=3"  # the texts are younger than the values
    if query:
        users = Series.objects.get(key="webank.users")
        publish((users, "2018", "7,000万"), kind="correction", now=NOW + DAY)
    response = client.get(f"{path}.zip{query}")
    assert response.status_code == 200
    packed = tmp_path / "package.zip"
    packed.write_bytes(response.content)
    report = validate(str(packed))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])
    assert report.stats["tasks"] == 3


def test_package_says_what_it_holds(client: Client) -> None:
    files = unpacked(client, f"{USERS}.zip")
    assert list(files) == ["datapackage.json", "README.md", "data.csv", "series.csv", "sources.csv"]
    package = json.loads(files["datapackage.json"])
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    data = package["resources"][0]["schema"]
    assert data["primaryKey"] == ["series", "period", "units"]
    assert [key["reference"]["resource"] for key in data["foreignKeys"]] == ["series", "sources"]
    assert data["missingValues"] == [""]
    fields = {field["name"]: field for field in data["fields"]}
    assert fields["value"]["type"] == "number"
    assert "restricted" in fields["null_reason"]["constraints"]["enum"]
    assert package["sources"][0]["licence"] == "CC BY 4.0"
    assert "Registered users." in files["series.csv"]
    assert "CC BY 4.0,true,https://source.example/" in files["sources.csv"]
    assert "Fintech Cases: “Webank · Users”, as of 23 November 2026." in files["README.md"]
    chinese = unpacked(client, "/zh-hans/series/webank.users.zip")["README.md"]
    assert "## 来源与许可" in chinese


@pytest.mark.parametrize("form", FORMS)
def test_same_seq_gives_the_same_bytes(client: Client, form: str) -> None:
    for path in (f"{USERS}.{form}", f"{CASE}.{form}"):
        assert got(client, path).content == got(client, path).content


@pytest.mark.parametrize("form", FORMS)
def test_file_as_of_a_seq_stays_as_it_was(client: Client, users: Series, form: str) -> None:
    seq = Change.objects.latest_seq()
    then = got(client, f"{CASE}.{form}?as_of={seq}").content
    publish((users, "2018", "7,000万"), kind="correction", now=NOW + DAY)
    assert got(client, f"{CASE}.{form}?as_of={seq}").content == then
    assert got(client, f"{CASE}.{form}").content != then


def test_as_of_has_the_values_of_then(client: Client, users: Series) -> None:
    seq = Change.objects.latest_seq()
    publish((users, "2018", "7,000万"), kind="correction", now=NOW + DAY)
    assert table(client, f"{USERS}.csv")[1]["value"] == "70000000"
    assert table(client, f"{USERS}.csv?as_of={seq}")[1]["value"] == "60000000"
    told = document(client, f"{USERS}.json?as_of={seq}")["metadata"]
    assert told["seq"] == seq
    assert "Names, units, labels and events are those of today." in told["notes"]


def test_series_takes_the_parameters_of_its_page(client: Client) -> None:
    monthly = make_series("acme.logins", frequency="M", nature="flow")
    publish(*((monthly, f"{y}-{m:02}", "10") for y in (2016, 2017) for m in range(1, 13)))
    path = "/en/series/acme.logins.csv?units=pch&frequency=A&aggregation_method=sum&from=2017"
    (row,) = table(client, path)
    assert (row["period"], row["value"], row["units"]) == ("2017", "0", "pch")
    assert (row["rule"], row["status"], row["source"]) == ("aggregation:sum units:pch", "E", "")
    assert row["period_name"] == "2017"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (f"{USERS}.csv?page=2", "This page takes only aggregation_method, as_of"),
        (f"{USERS}.csv?units=nope", "Expected one of lin"),
        (f"{USERS}.csv?units=idx", "Expected with units=idx."),
        (f"{USERS}.csv?window=3", "Expected only with units=rm."),
        (f"{USERS}.zip?from=x", "Expected one period"),
        (f"{CASE}.json?units=pch", "This page takes only as_of."),
        (f"{CASE}.json?as_of=tomorrow", "Expected one day"),
    ],
)
def test_what_is_refused_says_what_is_allowed(client: Client, path: str, told: str) -> None:
    response = client.get(path)
    assert response.status_code == 400
    assert told in words(response.content.decode())


def test_more_values_than_a_file_holds_are_refused(client: Client) -> None:
    with patch("cases.selectors.data_files.MOST_ROWS", 1):
        response = client.get(f"{USERS}.csv")
        assert response.status_code == 400
        assert "A file holds at most" in words(response.content.decode())
        assert client.get(f"{USERS}.csv?from=2018").status_code == 200
    with patch("cases.selectors.data_files.MOST_READ", 1):
        assert client.get(f"{USERS}.csv?from=2018").status_code == 400


@pytest.mark.parametrize("form", FORMS)
def test_unchanged_file_is_not_sent_again(client: Client, users: Series, form: str) -> None:
    path = f"{CASE}.{form}"
    first = got(client, path)
    assert first["Last-Modified"] == "Mon, 23 Nov 2026 08:01:00 GMT"
    assert first["Cache-Control"] == "public, s-maxage=5"
    with CaptureQueriesContext(connection) as captured:
        again = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert len(captured) == 2
    since = client.get(path, headers={"if-modified-since": first["Last-Modified"]})
    assert since.status_code == 304
    publish((users, "2018", "7,000万"), kind="correction", now=NOW + DAY)
    assert got(client, path, **{"if-none-match": first["ETag"]})["ETag"] != first["ETag"]


@pytest.mark.parametrize("form", FORMS)
def test_file_is_named_by_slug_language_and_seq(client: Client, form: str) -> None:
    seq = Change.objects.latest_seq()
    response = got(client, f"/zh-hans/cases/webank.{form}")
    assert response["Content-Disposition"] == (
        f'attachment; filename="webank-zh-hans-{seq}.{form}"'
    )
    head = client.head(f"/zh-hans/cases/webank.{form}")
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == response["ETag"]
    assert client.post(f"/zh-hans/cases/webank.{form}").status_code == 405


def test_technologies_and_the_overview_have_files(client: Client) -> None:
    publish_case("big-data", kind="technology")
    publish_case("overview", kind="overview")
    for path in ("technologies/big-data", "overview"):
        assert len(table(client, f"/en/{path}.csv")) == 2
    assert client.get("/en/technologies/webank.csv").status_code == 404


def test_formula_in_a_text_cell_is_harmless(client: Client, users: Series) -> None:
    Source.objects.update(title_en='=HYPERLINK("http://evil.example","x")')
    assert table(client, f"{USERS}.csv")[0]["source_title"].startswith("'=HYPERLINK")
    assert "'=HYPERLINK" in unpacked(client, f"{USERS}.zip")["sources.csv"]
    content = got(client, f"{USERS}.xlsx").content
    assert ("s", '=HYPERLINK("http://evil.example","x")') in sheet(content, 1)[1]


def test_numbers_of_a_workbook_are_numbers_where_a_cell_holds_them(client: Client) -> None:
    series = make_series("acme.users")
    publish((series, "2017", "12345678901234567"), (series, "2018", "8.29"))
    Source.objects.update(redistributable=True)
    content = got(client, "/en/series/acme.users.xlsx").content
    rows = sheet(content, 1)
    assert ("s", "12345678901234567") in rows[1]
    assert ("n", "8.29") in rows[2]
    about = [value for row in sheet(content, 2) for _, value in row]
    assert any("more than 15 digits" in text for text in about)
    assert any("acme.users" in text for text in about)


@pytest.fixture
def withholding(users: Series) -> Series:
    """A sum of a value that may be offered and of one that may not; the group's name is "both"."""
    shy = SourceFactory(slug="shy", title_en="Shy", redistributable=False)
    hidden = make_series("acme.users")
    publish((hidden, "2017", "700"), (hidden, "2018", "777"), source=shy)
    total = make_series("market.total")
    rule = Rule.objects.create(key="double", kind="formula", name_en="Double")
    publish(
        rule_definitions={
            rule.key: {"output": total.key, "formula": "a * 2", "inputs": {"a": hidden.key}}
        },
        definitions_changed=True,
    )
    refresh_all(now=NOW)
    return hidden


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("as_of", [False, True])
def test_restricted_values_are_not_in_a_file(
    client: Client, withholding: Series, form: str, *, as_of: bool
) -> None:
    query = f"?as_of={Change.objects.latest_seq()}" if as_of else "?from=2017"
    for key in ("acme.users", "market.total"):
        content = got(client, f"/en/series/{key}.{form}{query}").content
        text = content.decode(errors="ignore") if form in ("csv", "json") else ""
        if form == "zip":
            text = zipfile.ZipFile(io.BytesIO(content)).read("data.csv").decode()
        if form == "xlsx":
            text = str(sheet(content, 1))
        assert "restricted" in text
        for secret in ("777", "700", "1554", "1400"):
            assert secret not in text


def test_transform_of_restricted_values_has_nothing_to_take(
    client: Client, withholding: Series
) -> None:
    rows = table(client, "/en/series/acme.users.csv?units=pch")
    assert {row["value"] for row in rows} == {""}
    notes = document(client, "/en/series/acme.users.json")["metadata"]["notes"]
    assert any("2 values are restricted" in note for note in notes)


@pytest.fixture(params=("nobody", "Author", "Editor", "Publisher", "superuser"))
def reader(request: pytest.FixtureRequest) -> Client:
    ensure_roles()
    if request.param == "nobody":
        return Client()
    if request.param == "superuser":
        return log_in(User.objects.create_superuser("root"))
    return log_in(make_staff(request.param))


@pytest.mark.parametrize("form", FORMS)
def test_draft_is_in_no_file_of_any_reader(reader: Client, form: str) -> None:
    write_secret("hidden")
    assert reader.get(f"/en/cases/hidden.{form}").status_code == 404
    before = got(reader, f"{CASE}.{form}").content
    secret = make_series("secret.figure")
    publish((secret, "2018", "31,337"), now=NOW + DAY)
    text = CaseText.objects.get(case__slug="webank", language="en")
    save_revision(text, title="A secret title", standfirst="", actor=None, now=NOW + DAY,
                  body="{{ secret.figure@2018 }}")  # fmt: skip
    content = got(reader, f"{CASE}.{form}").content
    assert b"secret" not in content
    if form == "csv":
        assert content == before
    assert reader.get(f"/zh-hans/cases/hidden.{form}").status_code == 404


def test_text_of_one_language_points_to_it(client: Client) -> None:
    publish_case("solo", languages=("en",))
    response = client.get("/zh-hans/cases/solo.csv")
    assert response.status_code == 404
    assert "/en/cases/solo.csv" in response.content.decode()


def test_file_of_a_moment_before_the_text_is_not_found(client: Client) -> None:
    response = client.get(f"{CASE}.csv?as_of=1")
    assert response.status_code == 404
    assert "/en/cases/webank.csv" in response.content.decode()
    assert client.get("/en/series/no.such.csv").status_code == 404


def test_pages_lead_to_their_files(client: Client, users: Series) -> None:
    html = page(client, f"{USERS}/")
    for form in FORMS:
        assert f'href="{USERS}.{form}"' in html
    assert "Download 2 values:" in words(html)
    html = page(client, f"{USERS}/?units=pch&from=2018&as_of=1")
    assert f'href="{USERS}.zip?units=pch&amp;from=2018&amp;as_of=1"' in html
    assert f'href="{CASE}.csv"' in page(client, f"{CASE}/")
    seq = Change.objects.latest_seq()
    assert f'href="{CASE}.csv?as_of={seq}"' in page(client, f"{CASE}/?as_of={seq}")


@pytest.mark.parametrize("add", ["periods", "series"])
def test_queries_do_not_grow_with_what_is_quoted(client: Client, users: Series, add: str) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            got(client, path)
        return len(captured)

    rewrite("webank", body="{{ webank.users@2018 }}", now=NOW + timedelta(hours=1))
    one = queries(f"{CASE}.csv")
    numbers = range(20)
    if add == "periods":
        publish(*((users, str(1990 + n), "7万") for n in numbers), now=NOW + DAY)
    else:
        series = [make_series(f"webank.measure-{n}") for n in numbers]
        publish(*((each, "2018", "7") for each in series), now=NOW + DAY)
        body = " ".join(f"{{{{ {each.key}@2018 }}}}" for each in series)
        rewrite("webank", body=body, now=NOW + 2 * DAY)
    assert queries(f"{CASE}.csv") == one
