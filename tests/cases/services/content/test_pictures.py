"""Pictures in the content folder: loaded with their record, written back, never changed."""

import hashlib
from pathlib import Path

import pytest

from cases.models import Picture
from cases.services.content.dumping import dump_content
from cases.services.content.folder import read_folder
from cases.services.content.problems import ContentError
from cases.services.content.reading import canonical_problems, read_content
from tests.cases.drawn import drawn
from tests.cases.services.content.conftest import ContentFolder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
PNG = drawn()
DIGEST = hashlib.sha256(PNG).hexdigest()
RECORD = f"branch:\n  file: branch.png\n  sha256: {DIGEST}\n  credit:\n    en: A. Artist\n"


@pytest.fixture
def pictured(folder: ContentFolder) -> ContentFolder:
    (folder.path / "pictures").mkdir()
    (folder.path / "pictures" / "branch.png").write_bytes(PNG)
    folder.write("pictures.yaml", RECORD)
    folder.append("acme.en.md", "\n```image\npicture: branch\nalt: A branch.\n```\n")
    return folder


def problems(folder: ContentFolder) -> str:
    with pytest.raises(ContentError) as caught:
        folder.load()
    return str(caught.value)


def test_folder_with_a_picture_comes_back_byte_for_byte(
    pictured: ContentFolder, tmp_path: Path
) -> None:
    assert pictured.load().new["pictures.yaml"] == 1
    picture = Picture.objects.get()
    assert (picture.slug, picture.credit_en, picture.width) == ("branch", "A. Artist", 40)
    assert picture.publications.exists()
    out = tmp_path / "out"
    assert "pictures/branch.png" in dump_content(out)
    assert (out / "pictures" / "branch.png").read_bytes() == PNG
    assert (out / "pictures.yaml").read_text() == RECORD
    assert dump_content(out) == []


def test_folder_with_a_picture_is_canonical(pictured: ContentFolder) -> None:
    folder = read_folder(pictured.path)
    assert canonical_problems(folder, read_content(folder).content) == []


def test_credit_may_change_and_bytes_may_not(pictured: ContentFolder) -> None:
    pictured.load()
    pictured.replace("pictures.yaml", "A. Artist", "B. Artist")
    assert pictured.load().changed == {"pictures.yaml": 1}
    assert Picture.objects.get().credit_en == "B. Artist"
    other = drawn("PNG", 50, 50)
    (pictured.path / "pictures" / "branch.png").write_bytes(other)
    pictured.replace("pictures.yaml", DIGEST, hashlib.sha256(other).hexdigest())
    assert "pictures.yaml:3: a picture stays as it was" in problems(pictured)


@pytest.mark.usefixtures("in_english")
def test_what_is_wrong_is_told_with_file_and_line(pictured: ContentFolder) -> None:
    pictured.replace("pictures.yaml", DIGEST, "0" * 64)
    assert "pictures.yaml:2: branch.png has the sha256" in problems(pictured)
    pictured.write("pictures.yaml", RECORD.replace("branch.png", "other.png"))
    told = problems(pictured)
    assert "pictures.yaml:2: no file pictures/other.png" in told
    assert "pictures/branch.png: unknown file" in told
    pictured.write("pictures.yaml", RECORD)
    (pictured.path / "pictures" / "branch.png").write_bytes(b"no picture")
    assert "pictures.yaml:2: Expected a picture" in problems(pictured)


def test_picture_named_for_another_format_is_told(pictured: ContentFolder) -> None:
    (pictured.path / "pictures" / "branch.png").rename(pictured.path / "pictures" / "branch.jpg")
    pictured.replace("pictures.yaml", "branch.png", "branch.jpg")
    assert "expected the file to be named branch.png" in problems(pictured)


def test_text_that_shows_an_unknown_picture_is_told(pictured: ContentFolder) -> None:
    pictured.replace("acme.en.md", "picture: branch", "picture: trunk")
    assert "unknown picture 'trunk' in an image; expected a key of pictures.yaml" in problems(
        pictured
    )
