"""Round trips: what was loaded comes back byte for byte."""

from pathlib import Path

import pytest

from cases.models import CaseText
from cases.services.content.dumping import dump_content
from cases.services.content.loading import load_content
from cases.services.texts import save_revision
from metrics.models import Entity
from tests.cases.services.content.conftest import NOW, ContentFolder

SHIPPED = Path("cases/content")

pytestmark = pytest.mark.django_db


def test_fixture_comes_back_byte_for_byte(folder: ContentFolder, tmp_path: Path) -> None:
    folder.load()
    assert folder.dumped(tmp_path / "out") == folder.files()


def test_shipped_content_comes_back_byte_for_byte(tmp_path: Path) -> None:
    load_content(SHIPPED, now=NOW)
    dumped = ContentFolder(SHIPPED).dumped(tmp_path / "out")
    assert sorted(dumped) == sorted(item.name for item in SHIPPED.iterdir())
    for name, content in dumped.items():
        assert content == (SHIPPED / name).read_bytes(), name


def test_edit_is_dumped_and_loads_without_a_change(folder: ContentFolder) -> None:
    folder.load()
    Entity.objects.filter(slug="bolt").update(name_en="Bolt: edited")
    folder.dumped(folder.path)
    assert "    en: 'Bolt: edited'\n" in folder.read("entities.yaml")
    assert folder.load().change is None


def test_dump_names_only_files_that_differ(folder: ContentFolder) -> None:
    folder.load()
    assert dump_content(folder.path) == []
    Entity.objects.filter(slug="bolt").update(name_en="Bolt Ltd")
    assert dump_content(folder.path) == ["entities.yaml"]


def test_draft_is_not_dumped(folder: ContentFolder, tmp_path: Path) -> None:
    folder.load()
    text = CaseText.objects.get(language="en")
    save_revision(text, title="A draft", standfirst="", body="Mine.\n", actor=None, now=NOW)
    assert folder.dumped(tmp_path / "out")["acme.en.md"] == folder.files()["acme.en.md"]


def test_row_changed_back_and_forth_comes_back(folder: ContentFolder, tmp_path: Path) -> None:
    folder.load()
    before = folder.read("observations.csv")
    folder.replace(
        "observations.csv", "bolt.users,undated,2000,两千人,,,,,press,,,,原文“两千人”\n", ""
    )
    folder.load()
    folder.write("observations.csv", before)
    folder.load()
    assert folder.dumped(tmp_path / "out") == folder.files()


def test_resolution_is_kept_where_the_text_implies_another(
    folder: ContentFolder, tmp_path: Path
) -> None:
    folder.replace("observations.csv", "2018,829000000,8.29亿,,,", "2018,829000000,8.29亿,,0,")
    folder.load()
    assert folder.dumped(tmp_path / "out") == folder.files()
