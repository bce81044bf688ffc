"""The bytes of a content folder: which files it has, and a fingerprint of them all."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cases.services.content.problems import ContentError, Problem
from cases.services.content.record import FILES

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of a content folder by name, as they lie on disk."""

    files: Files

    def fingerprint(self, *salts: str) -> str:
        """Equal for equal folders; `salts` stand for whatever else a load depends on."""
        whole = hashlib.sha256("\0".join(salts).encode())
        for name, content in sorted(self.files.items()):
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

    Hidden files, editors' backups (`~`) and subfolders are none of the content.
    """
    if not path.is_dir():
        raise ContentError([Problem(str(path), 0, "no such folder; expected the content folder")])
    names = [item.name for item in sorted(path.iterdir()) if item.is_file()]
    names = [name for name in names if not name.startswith(".") and not name.endswith("~")]
    problems = [
        Problem(name, 0, "missing; expected this file") for name in FILES if name not in names
    ]
    problems += [
        Problem(name, 0, f"unknown file; expected {', '.join(FILES)} or <slug>.<language>.md")
        for name in names
        if name not in FILES and not name.endswith(".md")
    ]
    if problems:
        raise ContentError(problems)
    return Folder({name: (path / name).read_bytes() for name in names})
