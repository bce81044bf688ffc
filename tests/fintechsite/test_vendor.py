"""What is vendored: each folder names package, version and licence, and keeps what is listed."""

from pathlib import Path

import pytest

from fintechsite.vendor import KEPT, VENDOR


def test_every_folder_with_a_version_is_refreshed_by_make_vendor() -> None:
    folders = {str(file.parent.relative_to(VENDOR)) for file in VENDOR.rglob("VERSION")}
    assert folders == set(KEPT)


@pytest.mark.parametrize("folder", KEPT)
def test_readme_tells_the_version_and_the_files_are_there(folder: str) -> None:
    name, version = (VENDOR / folder / "VERSION").read_text().split()
    assert f"| `{folder}` | `{name}` | {version} |" in (VENDOR / "README.md").read_text()
    assert {Path(path).name for path in KEPT[folder]} <= {
        file.name for file in (VENDOR / folder).iterdir()
    }
