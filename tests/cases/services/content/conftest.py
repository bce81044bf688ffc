"""A small content folder to spoil, load and compare."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cases.services.content.dumping import dump_content
from cases.services.content.job import Loaded
from cases.services.content.loading import load_content

FIXTURE = Path(__file__).parents[3] / "data" / "content"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@dataclass
class ContentFolder:
    """A copy of the fixture folder. Every load is a minute after the one before."""

    path: Path
    loads: int = 0

    def write(self, name: str, text: str) -> None:
        (self.path / name).write_text(text, encoding="utf-8", newline="\n")

    def read(self, name: str) -> str:
        return (self.path / name).read_bytes().decode()

    def replace(self, name: str, old: str, new: str) -> None:
        text = self.read(name)
        assert old in text
        self.write(name, text.replace(old, new, 1))

    def append(self, name: str, text: str) -> None:
        self.write(name, self.read(name) + text)

    def load(self) -> Loaded:
        self.loads += 1
        return load_content(self.path, now=NOW + timedelta(minutes=self.loads))

    def files(self) -> dict[str, bytes]:
        return {item.name: item.read_bytes() for item in self.path.iterdir()}

    def dumped(self, path: Path) -> dict[str, bytes]:
        dump_content(path)
        return {item.name: item.read_bytes() for item in path.iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> ContentFolder:
    shutil.copytree(FIXTURE, tmp_path / "content")
    return ContentFolder(tmp_path / "content")
