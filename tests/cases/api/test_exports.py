"""Everything as one file: complete, valid, resumable, built once and never half."""

import hashlib
import io
import threading
import zipfile
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd
import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.test import Client
from frictionless import Package, system

from cases.models import Case, Export
from cases.services import exporting
from cases.services.exporting import KEPT, LONGEST_WAIT, QUIET, build_export, is_due
from metrics.models import Change, Source
from tests.metrics.api.contract import faults
from tests.metrics.factories import NOW, make_series, publish

EXPORTS = "/api/v1/exports"
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A storage of this test alone."""
    files = tmp_path / "exports"
    files.mkdir()
    field = Export._meta.get_field("file")
    monkeypatch.setattr(field, "storage", FileSystemStorage(files))
    return files


@pytest.fixture
def export(draft: Case) -> Export:
    made = build_export(LATER)
    assert made is not None
    return made


def body(response: Any) -> bytes:
    content: bytes = response.getvalue()
    return content


def whole(client: Client, export: Export) -> bytes:
    return body(client.get(f"{EXPORTS}/{export.seq}.zip"))


def test_list_tells_what_each_file_is(client: Client, export: Export) -> None:
    (row,) = client.get(EXPORTS).json()["results"]
    content = body(client.get(row["url"]))
    assert row["seq"] == Change.objects.latest_seq()
    assert row["bytes"] == len(content)
    assert row["sha256"] == hashlib.sha256(content).hexdigest()
    assert row["built_at"] == "2026-11-24T08:00:00Z"
    assert client.get(f"{EXPORTS}/{export.seq}").json() == row
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        table = pd.read_csv(archive.open("observations.csv"), dtype={"period": "string"})
        assert len(table) == row["rows"] == 1
        assert table["value"].tolist() == [60_000_000]
        assert set(archive.namelist()) == {
            "datapackage.json", "README.md", "README.zh-hans.md", "LICENCES.md",
            "observations.csv", "series.csv", "entities.csv", "indicators.csv", "units.csv",
            "sources.csv", "cases.csv",
        }  # fmt: skip
        cases = pd.read_csv(archive.open("cases.csv"))
        assert set(cases["language"]) == {"en", "zh-hans"}


def test_package_is_valid(client: Client, export: Export, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(whole(client, export))) as archive:
        archive.extractall(tmp_path / "package")
    with system.use_context(trusted=True):
        report = Package(str(tmp_path / "package" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])


def test_no_draft_is_in_it(client: Client, export: Export) -> None:
    with zipfile.ZipFile(io.BytesIO(whole(client, export))) as archive:
        for name in archive.namelist():
            assert b"secret" not in archive.read(name).lower()


def test_restricted_values_are_not_in_it(client: Client, webank: Case) -> None:
    Source.objects.update(redistributable=False)
    made = build_export(LATER)
    assert made is not None
    with zipfile.ZipFile(made.file.open("rb")) as archive:
        text = archive.read("observations.csv").decode()
    assert "restricted" in text
    assert "6000" not in text


def test_two_halves_are_the_whole(client: Client, export: Export) -> None:
    address = f"{EXPORTS}/{export.seq}.zip"
    first = client.get(address, headers={"Range": f"bytes=0-{export.size // 2}"})
    assert first.status_code == 206
    assert first["Content-Range"] == f"bytes 0-{export.size // 2}/{export.size}"
    had = body(first)
    assert int(first["Content-Length"]) == len(had) == export.size // 2 + 1
    rest = client.get(address, headers={"Range": f"bytes={len(had)}-", "If-Range": first["ETag"]})
    assert rest.status_code == 206
    assert had + body(rest) == whole(client, export)


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-0", 206, slice(0, 1)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=5-", 206, slice(5, None)),
        ("bytes=0-99999999999", 206, slice(None)),
        ("bytes=0-1,5-6", 200, slice(None)),
        ("bytes=9-5", 200, slice(None)),
        ("bytes=-", 200, slice(None)),
        ("lines=0-5", 200, slice(None)),
        ("nonsense", 200, slice(None)),
    ],
)
def test_range_is_answered_as_the_rfc_has_it(
    client: Client, export: Export, asked: str, status: int, part: slice
) -> None:
    answer = client.get(f"{EXPORTS}/{export.seq}.zip", headers={"Range": asked})
    assert answer.status_code == status
    assert answer["Accept-Ranges"] == "bytes"
    assert body(answer) == whole(client, export)[part]


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_part_that_is_not_there_is_refused(client: Client, export: Export, asked: str) -> None:
    answer = client.get(f"{EXPORTS}/{export.seq}.zip", headers={"Range": asked})
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{export.size}"
    assert faults(answer) == [(None, "range_not_satisfiable")]


def test_range_of_another_file_gets_the_whole(client: Client, export: Export) -> None:
    address = f"{EXPORTS}/{export.seq}.zip"
    first = client.get(address)
    assert body(first)
    for condition, status in (
        ('"other"', 200), (f"W/{first['ETag']}", 200), (first["Last-Modified"], 206),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 200), (first["ETag"], 206),
    ):  # fmt: skip
        answer = client.get(address, headers={"Range": "bytes=5-", "If-Range": condition})
        assert (answer.status_code, len(body(answer)) > 0) == (status, True), condition


def test_head_tells_the_size_and_sends_nothing(client: Client, export: Export) -> None:
    head = client.head(f"{EXPORTS}/{export.seq}.zip")
    assert (head.status_code, body(head)) == (200, b"")
    assert head["Content-Length"] == str(export.size)
    assert head["ETag"] == f'"{export.sha256}"'
    digest = b64encode(bytes.fromhex(export.sha256)).decode()
    assert head["Repr-Digest"] == f"sha-256=:{digest}:"


def test_file_that_is_there_already_is_not_sent(client: Client, export: Export) -> None:
    answer = client.get(
        f"{EXPORTS}/{export.seq}.zip", headers={"If-None-Match": f'"{export.sha256}"'}
    )
    assert (answer.status_code, answer.content) == (304, b"")
    assert client.get(f"{EXPORTS}/999.zip").status_code == 404
    refused = client.get(f"{EXPORTS}/{export.seq}.zip?x=1")
    assert faults(refused) == [("x", "unknown_parameter")]


def test_file_is_asked_for_again_as_it_may_be_withdrawn(client: Client, export: Export) -> None:
    answer = client.head(f"{EXPORTS}/{export.seq}.zip")
    assert answer["Cache-Control"] == "public, max-age=0, s-maxage=5"


def test_options_of_a_file_tells_what_is_allowed(client: Client, export: Export) -> None:
    options = client.options(f"{EXPORTS}/{export.seq}.zip")
    assert (options.status_code, options["Content-Type"]) == (200, "application/json")
    assert options["Allow"] == "GET, HEAD, OPTIONS"


def test_list_changes_its_tag_with_a_new_file(client: Client, webank: Case) -> None:
    first = client.get(EXPORTS)
    assert first.json()["results"] == []
    build_export(LATER)
    again = client.get(EXPORTS, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, len(again.json()["results"])) == (200, 1)


def test_same_seq_gives_the_same_bytes(client: Client, export: Export) -> None:
    content = whole(client, export)
    assert build_export(LATER + timedelta(days=1)) == export
    Export.objects.all().delete()
    again = build_export(LATER + timedelta(days=2))
    assert again is not None
    assert whole(client, again) == content


def test_only_the_newest_are_kept(export: Export, folder: Path) -> None:
    for number in range(KEPT + 1):
        publish((make_series("webank.users"), str(1990 + number), "5"))
        build_export(LATER)
    assert Export.objects.count() == KEPT == len(list(folder.iterdir()))
    assert not Export.objects.filter(pk=export.pk).exists()


def test_builder_that_dies_lists_nothing_and_leaves_nothing(webank: Case, folder: Path) -> None:
    with (
        patch.object(exporting, "write_whole", side_effect=OSError("no space")),
        pytest.raises(OSError, match="no space"),
    ):
        build_export(LATER)
    with (
        patch.object(Export, "save", side_effect=OSError("killed")),
        pytest.raises(OSError, match="killed"),
    ):
        build_export(LATER)
    assert not Export.objects.exists()
    assert len(list(folder.iterdir())) == 1  # of the second, with no row
    made = build_export(LATER)
    assert made is not None
    assert [one.name for one in folder.iterdir()] == [made.file.name]


@pytest.mark.django_db(transaction=True)
def test_two_workers_build_an_export_once(folder: Path) -> None:
    publish((make_series("webank.users"), "2018", "5"))
    started, go_on = threading.Event(), threading.Event()
    write_whole = exporting.write_whole

    def slowly(*args: Any) -> Any:
        started.set()
        assert go_on.wait(30)
        return write_whole(*args)

    found: list[Any] = []

    def work() -> None:
        found.append(build_export(LATER))
        connection.close()

    with patch.object(exporting, "write_whole", slowly):
        first = threading.Thread(target=work)
        first.start()
        assert started.wait(30)
        assert build_export(LATER) is None
        go_on.set()
        first.join()
    assert Export.objects.count() == 1 == len(list(folder.iterdir()))
    assert build_export(LATER) == found[0]


def test_release_settles_before_it_is_exported(webank: Case) -> None:
    latest = Change.objects.latest("seq").published_at
    assert not is_due(latest + QUIET / 2)
    assert is_due(latest + QUIET)
    build_export(LATER)
    assert not is_due(LATER)


def test_no_change_waits_for_ever(webank: Case) -> None:
    """Releases that follow one another put it off only so long."""
    at = NOW + LONGEST_WAIT
    publish((make_series("webank.users"), "1999", "5"), now=at)
    assert is_due(at)


def test_what_was_taken_out_takes_older_files_with_it(client: Client, export: Export) -> None:
    assert client.get(f"{EXPORTS}/{export.seq}").status_code == 200
    Source.objects.update(redistributable=False)
    assert client.get(EXPORTS).json()["results"] == []
    for path in (f"{EXPORTS}/{export.seq}", f"{EXPORTS}/{export.seq}.zip"):
        assert client.get(path).status_code == 404
    change = publish((make_series("webank.users"), "1999", "5"))
    Change.objects.filter(seq=change.seq).update(kind="redaction")
    assert client.get(EXPORTS).json()["results"] == []
    build_export(LATER)
    assert [row["seq"] for row in client.get(EXPORTS).json()["results"]] == [change.seq]
