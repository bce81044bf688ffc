"""The bytes of a content folder: which files it has, and a fingerprint of them all."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from cases.services.content.problems import ContentError, Problem
from cases.services.content.record import FILES, OPTIONAL

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of a content folder by name, as they lie on disk; pictures by themselves."""

    PICTURES: ClassVar[str] = "pictures"

    files: Files
    pictures: Files = field(default_factory=dict)

    def fingerprint(self, *salts: str) -> str:
        """Equal for equal folders; `salts` stand for whatever else a load depends on."""
        whole = hashlib.sha256("\0".join(salts).encode())
        for name, content in [*sorted(self.files.items()), *sorted(self.pictures.items())]:
            whole.update(f"\0{name}\0{len(content)}\0".encode())
            whole.update(content)
        return whole.hexdigest()

    def text(self, name: str) -> str:
        """A file as text; raises ContentError where it is not UTF-8."""
        try:
            return self.files[name].decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = self.files[name].count(b"\n", 0, error.start) + 1
            raise ContentError([Problem(name, line, "expected UTF-8 text")]) from None


def read_folder(path: Path) -> Folder:
    """Every content file of a folder; raises ContentError where one is missing or unknown.

    Hidden files, editors' backups (`~`) and subfolders but that of pictures are none of it.
    """
    if not path.is_dir():
        raise ContentError([Problem(str(path), 0, "no such folder; expected the content folder")])
    names = _names(path)
    problems = [
        Problem(name, 0, "missing; expected this file")
        for name in FILES
        if name not in (*names, *OPTIONAL)
    ]
    problems += [
        Problem(name, 0, f"unknown file; expected {', '.join(FILES)} or <slug>.<language>.md")
        for name in names
        if name not in FILES and not name.endswith(".md")
    ]
    if problems:
        raise ContentError(problems)
    pictures = path / Folder.PICTURES
    return Folder(
        {name: (path / name).read_bytes() for name in names},
        {name: (pictures / name).read_bytes() for name in _names(pictures)},
    )


def _names(path: Path) -> list[str]:
    if not path.is_dir():
        return []
    names = [item.name for item in sorted(path.iterdir()) if item.is_file()]
    return [name for name in names if not name.startswith(".") and not name.endswith("~")]
