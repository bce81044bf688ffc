"""Writing what the database holds back to a folder, in canonical form."""

from __future__ import annotations

from pathlib import Path

from django.db import connection, transaction

from cases.services.content.canonical import render
from cases.services.content.pictures import dump_pictures
from cases.services.content.record import KINDS
from cases.services.content.stored import stored_records


def dump_content(path: Path) -> list[str]:
    """Write every file of the folder; the names of those whose bytes differ from before.

    Live texts, current observations, definitions and rules in force, all as of one moment. Files
    of texts that are not live are left alone.
    """
    is_nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not is_nested:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        files = render({kind: stored_records(kind) for kind in KINDS})
        path.mkdir(parents=True, exist_ok=True)
        pictures = dump_pictures(path)
    return [name for name, content in files.items() if _write(path / name, content)] + pictures


def _write(path: Path, content: bytes) -> bool:
    """Replace a file whole, so that an interrupted dump leaves no half of one."""
    if path.exists() and path.read_bytes() == content:
        return False
    whole = path.with_name(f".{path.name}.new")
    whole.write_bytes(content)
    whole.replace(path)
    return True
