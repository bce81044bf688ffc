"""The command: what is told, what is published, how it ends."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from metrics.management.commands.import_observations import progress_text
from metrics.models import ImportBatch, Observation, Release
from tests.metrics.factories import make_series, publish
from tests.metrics.services.imports.conftest import make_layout, private_files

__all__ = ["private_files"]
pytestmark = pytest.mark.django_db
FIRST = "entity,period,value\nacme,2017,10\nacme,2018,12.50\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    make_series("acme.revenue", nature="flow")
    make_layout()
    path = tmp_path / "file.csv"
    path.write_text(FIRST)
    return path


def run(*arguments: Any, **options: Any) -> str:
    out = StringIO()
    call_command("import_observations", *map(str, arguments), stdout=out, stderr=out, **options)
    return out.getvalue()


def refused(*arguments: Any) -> tuple[str, str, int]:
    """What is printed, the message at the end, the exit status."""
    out = StringIO()
    with pytest.raises(CommandError) as raised:
        call_command("import_observations", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue(), str(raised.value), raised.value.returncode


def test_check_tells_what_would_change_and_publishes_nothing(file: Path) -> None:
    told = run(file, "--layout", "revenue")
    assert "2 new, 0 changed, 0 the same" in told
    assert "again with --publish" in told
    assert not Observation.objects.exists()


def test_publish_publishes_with_kind_and_reason(file: Path) -> None:
    assert "published as change 1" in run(
        file, "--layout", "revenue", "--publish", "--kind", "revision", "--reason", "yearly"
    )
    release = Release.objects.get()
    assert (release.kind, release.reason_en, release.reason_zh_hans) == (
        "revision", "yearly", "yearly",
    )  # fmt: skip
    assert Observation.objects.count() == 2


def test_file_checked_before_is_gone_on_with(file: Path) -> None:
    run(file, "--layout", "revenue")
    told = run(file, "--layout", "revenue", "--publish")
    assert "the same file waits as import" in told
    assert "published as change" in told
    assert ImportBatch.objects.count() == 1


def test_unchanged_file_publishes_nothing(file: Path) -> None:
    run(file, "--layout", "revenue", "--publish")
    told = run(file, "--layout", "revenue", "--publish")
    assert "0 new, 0 changed, 2 the same" in told
    assert told.endswith("nothing to publish\n")


def test_problems_are_told_with_row_and_column_in_either_language(file: Path) -> None:
    file.write_text("entity,period,value\nacme,2018,abc\nacme,x,1\n")
    printed, message, status = refused(file, "--layout", "revenue")
    assert "row 2, value “abc”: Not a number" in printed
    assert "row 3, period “x”: Not a period" in printed
    assert (message, status) == ("2 problems; nothing was imported.", 1)
    printed, _, _ = refused(file, "--layout", "revenue", "--lang", "zh-hans")
    assert "不是版式所述的数字" in printed


def test_slot_edited_since_is_told(file: Path) -> None:
    run(file, "--layout", "revenue")
    publish((make_series("acme.revenue"), "2018", "3"))
    _, message, status = refused(file, "--layout", "revenue", "--publish")
    assert "acme.revenue@2018" in message
    assert status == 1


def test_undo_restores_and_lists_what_it_left(file: Path) -> None:
    run(file, "--layout", "revenue", "--publish")
    publish((make_series("acme.revenue"), "2018", "3"), kind="correction")
    told = run("--undo", ImportBatch.objects.get().pk)
    assert "acme.revenue@2018: edited since, left as it is" in told
    assert "1 left" in told
    _, message, _ = refused("--undo", ImportBatch.objects.get().pk)
    assert "Only a published one is undone" in message


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "Expected a file and --layout"),
        (["nowhere.csv", "--layout", "revenue"], "No such file"),
        (["nowhere.csv", "--layout", "other"], "there are: revenue"),
        (["--undo", "99999999"], "There is no import"),
        (["x", "--layout", "revenue", "--vintage-on", "soon"], "expected a day such as"),
    ],
)
@pytest.mark.usefixtures("file")
def test_wrong_arguments_say_what_is_expected(arguments: list[str], expected: str) -> None:
    _, message, _ = refused(*arguments)
    assert expected in message


def test_empty_file_is_told(file: Path) -> None:
    file.write_text("")
    assert refused(file, "--layout", "revenue")[1:] == ("The file is empty.", 1)


def test_progress_tells_rows_rate_and_what_remains() -> None:
    batch = ImportBatch(phase="reading", rows_done=5000, rows_total=20_000)
    with translation.override("en"):
        told = progress_text(batch, 10.0)
    assert told == "reading the file: 5,000 of 20,000 rows, 500 rows/s, about 30 s left"
