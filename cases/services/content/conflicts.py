"""What a load has to do: the files, what was last loaded, and the database, compared.

A record is applied when the file changed and the database did not. When only the database
changed, its version stands. When both did and they differ, that is a conflict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cases.services.content.problems import Problem
from cases.services.content.record import KINDS, OBSERVATIONS, TEXTS, Content, Data, Record, digest
from cases.services.content.stored import drafts, stored_records

# kind → key → digest
Remembered = Mapping[str, Mapping[str, str]]

RESOLVE: Final = (
    "expected a change on one side only; dump_content writes the database's version to the files, "
    "where the change can then be made again"
)


@dataclass(slots=True)
class LoadPlan:
    """What to write. `left` are records removed from the files that stay in the database."""

    new: dict[str, list[Record]] = field(default_factory=dict)
    changed: dict[str, list[Record]] = field(default_factory=dict)
    withdrawn: dict[str, Data] = field(default_factory=dict)
    left: list[tuple[str, str]] = field(default_factory=list)
    remember: dict[tuple[str, str], str] = field(default_factory=dict)
    forget: list[tuple[str, str]] = field(default_factory=list)
    conflicts: list[Problem] = field(default_factory=list)

    def records(self, kind: str) -> list[Record]:
        """The records of a kind to write, new ones first."""
        return [*self.new.get(kind, []), *self.changed.get(kind, [])]

    def __bool__(self) -> bool:
        return bool(self.withdrawn) or any(self.records(kind) for kind in KINDS)


def plan_load(content: Content, remembered: Remembered) -> LoadPlan:
    """Compare; the database is read only for kinds of which the files changed."""
    plan = LoadPlan()
    for kind in KINDS:
        _plan_kind(kind, content[kind], remembered.get(kind, {}), plan)
    return plan


def _plan_kind(
    kind: str, records: Mapping[str, Record], remembered: Mapping[str, str], plan: LoadPlan
) -> None:
    marks = {key: digest(record.data) for key, record in records.items()}
    changed = [key for key in records if marks[key] != remembered.get(key)]
    removed = [key for key in remembered if key not in records]
    if not changed and not removed:
        return
    stored = stored_records(kind)
    unpublished = drafts(changed) if kind == TEXTS else {}
    plan.remember |= {(kind, key): marks[key] for key in changed}
    for key in changed:
        here = digest(stored[key]) if key in stored else None
        draft = digest(unpublished[key]) if key in unpublished else marks[key]
        if here == marks[key]:
            continue
        if here != remembered.get(key) or draft != marks[key]:
            plan.conflicts.append(_conflict(records[key], is_known=key in remembered))
        elif here is None:
            plan.new.setdefault(kind, []).append(records[key])
        else:
            plan.changed.setdefault(kind, []).append(records[key])
    for key in removed:
        plan.forget.append((kind, key))
        if key in stored:
            _plan_removal(kind, key, stored[key], remembered[key], plan)


def _plan_removal(kind: str, key: str, data: Data, mark: str, plan: LoadPlan) -> None:
    if kind != OBSERVATIONS:
        plan.left.append((kind, key))
    elif digest(data) == mark:
        plan.withdrawn[key] = data
    else:
        message = f"{key} was removed from the file and changed in the database; {RESOLVE}"
        plan.conflicts.append(Problem(kind, 0, message))


def _conflict(record: Record, *, is_known: bool) -> Problem:
    what = "changed in the database and in the file since the last load"
    if not is_known:
        what = "in the database already, with other contents than in the file"
    return Problem(record.file, record.line, f"{record.key} is {what}; {RESOLVE}")
