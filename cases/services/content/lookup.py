"""Rows by key, where the lack of one is a message and no traceback."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from cases.services.content.problems import ContentError, Problem

T = TypeVar("T")


class Lookup(Generic[T]):
    """Rows of a kind by key, for records of the files that need them.

    The files are complete in themselves, so a row can only be missing because it was deleted in
    the database, which stands.
    """

    def __init__(self, kind: str, rows: Mapping[str, T]) -> None:
        self.kind = kind
        self.rows = rows

    def __getitem__(self, key: str) -> T:
        if key not in self.rows:
            message = (
                f"{key} was deleted in the database and records to be loaded need it; "
                "expected them to be removed from the files too, or it to be made again"
            )
            raise ContentError([Problem(self.kind, 0, message)])
        return self.rows[key]
