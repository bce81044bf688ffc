"""Writing many rows of one table by their keys, with their history, in a few queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

RowType = TypeVar("RowType", bound=Model)
Key = Any
# column → value
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """The rows that were written, and the ids of every row of the table by key."""

    ids: dict[Key, int]
    new: list[Any]
    changed: list[Any]


def write_rows(
    rows: QuerySet[RowType],
    key_of: Callable[[RowType], Key],
    wanted: Mapping[Key, Values],
    *,
    among: Mapping[Key, Mapping[str, Key]] | None = None,
) -> Written:
    """Create or update the wanted rows and their history.

    `among` gives references between rows of this same table, as column → key; they are set once
    all rows have an id. Queries: one read, one insert, one update, two of history.
    """
    standing = {key_of(row): row for row in rows.select_for_update(of=("self",))}
    changed = [standing[key] for key in wanted if key in standing]
    new = [rows.model(**values) for key, values in wanted.items() if key not in standing]
    for row in changed:
        _set(row, wanted[key_of(row)])
    rows.model._default_manager.bulk_create(new)
    by_key = standing | dict(zip(_missing(wanted, standing), new, strict=True))
    ids = {key: row.pk for key, row in by_key.items()}
    linked = _link(by_key, ids, among or {})
    columns = sorted(
        {c for v in wanted.values() for c in v} | {c for r in (among or {}).values() for c in r}
    )
    updated = list({id(row): row for row in [*changed, *linked]}.values())
    if updated:
        rows.model._default_manager.bulk_update(updated, columns)
    _record_history(rows.model, new, changed)
    return Written(ids, new, changed)


def _missing(wanted: Mapping[Key, Values], standing: Mapping[Key, Model]) -> list[Key]:
    return [key for key in wanted if key not in standing]


def _set(row: Model, values: Values) -> None:
    for column, value in values.items():
        setattr(row, column, value)


def _link(
    by_key: Mapping[Key, RowType], ids: Mapping[Key, int], among: Mapping[Key, Mapping[str, Key]]
) -> list[RowType]:
    """Set references among the rows; the rows that have one."""
    linked = []
    for key, references in among.items():
        for column, other in references.items():
            setattr(by_key[key], column, ids[other] if other else None)
        if any(references.values()):
            linked.append(by_key[key])
    return linked


def _record_history(model: type[Model], new: Sequence[Model], changed: Sequence[Model]) -> None:
    history = getattr(model, "history", None)
    if history is None:
        return
    reason = "load_content"
    history.bulk_history_create(new, batch_size=2000, default_change_reason=reason)
    history.bulk_history_create(changed, batch_size=2000, update=True, default_change_reason=reason)
