"""The commands: what they print and how they end."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from metrics.models import Change, Source
from tests.cases.services.content.conftest import ContentFolder


def run(command: str, path: Path, *options: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command(command, *options, path=path, stdout=out, stderr=err)
    except CommandError as error:
        err.write(f"CommandError: {error}\n")
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
def test_load_prints_progress_and_a_summary(folder: ContentFolder) -> None:
    out, err = run("load_content", folder.path)
    assert "observations.csv: 11 rows, 0 withdrawn" in out
    assert "11 observations new" in out
    assert err == ""
    assert "nothing to load" in run("load_content", folder.path)[0]


@pytest.mark.django_db
def test_load_of_a_bad_folder_prints_every_problem_and_fails(folder: ContentFolder) -> None:
    folder.replace("observations.csv", "4000,,", "4k,,")
    folder.replace("units.yaml", "kind: currency", "kind: money")
    _, err = run("load_content", folder.path)
    lines = err.splitlines()
    assert lines[0].startswith("observations.csv:3: value '4k' is no number; expected")
    assert lines[1].startswith("units.yaml:8: expected 'kind' to be one of count")
    assert lines[2] == "CommandError: 2 problems; nothing was loaded."
    assert not Source.objects.exists()


@pytest.mark.django_db
def test_load_lists_what_stays_in_the_database(folder: ContentFolder) -> None:
    run("load_content", folder.path)
    (folder.path / "acme.en.md").unlink()
    out, _ = run("load_content", folder.path)
    assert "texts: acme.en.md is no longer in the files and stays in the database" in out


@pytest.mark.django_db
def test_dump_names_the_files_it_wrote(folder: ContentFolder, tmp_path: Path) -> None:
    run("load_content", folder.path)
    out, _ = run("dump_content", tmp_path / "out")
    assert "acme.en.md" in out
    assert "12 files written" in out


@pytest.mark.django_db
def test_check_option_loads_nothing(folder: ContentFolder) -> None:
    assert run("load_content", folder.path, "--check") == ("The content is fit to load.\n", "")
    assert not Change.objects.exists()


def test_check_content_needs_no_database(folder: ContentFolder) -> None:
    out, err = run("check_content", folder.path)
    assert (out, err) == ("12 files are complete and in canonical form.\n", "")


def test_check_content_reports_form_and_references(folder: ContentFolder) -> None:
    folder.replace("units.yaml", "decimals: 0", "decimals: '0'")
    _, err = run("check_content", folder.path)
    assert err.startswith("units.yaml:24: not in canonical form; expected this line to be")
    folder.replace("events.yaml", "source: press", "source: rumour")
    _, err = run("check_content", folder.path)
    assert err.startswith("events.yaml:15: unknown source 'rumour'")
