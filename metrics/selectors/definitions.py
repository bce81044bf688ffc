"""What an indicator means, and what it meant before."""

from collections.abc import Iterable
from dataclasses import dataclass

from metrics.models import Indicator, Redefinition


@dataclass(frozen=True, slots=True)
class DefinitionVersion:
    """A version of a definition; texts by language.

    `since` is the first period measured by it, None for the first version. `comparable` says why
    its values may be compared with those before; None where they are not, or nothing was before.
    """

    number: int
    since: str | None
    definition: dict[str, str]
    comparable: dict[str, str] | None

    @property
    def is_break(self) -> bool:
        return self.since is not None and self.comparable is None


def definition_versions(
    indicator: Indicator, redefinitions: Iterable[Redefinition] | None = None
) -> list[DefinitionVersion]:
    """All versions of an indicator's definition, the first one first.

    `redefinitions` are the current ones where they are loaded already; else one query.
    """
    rows = indicator.redefinitions.current() if redefinitions is None else redefinitions
    return _versions(rows, _both(indicator, "definition"))


def past_definition_versions(indicator: Indicator, seq: int) -> list[DefinitionVersion]:
    """The versions that stood at a seq. One query.

    The newest has no texts where its redefinition was taken back since: nothing keeps them. What
    was edited without a redefinition reads as it does today.
    """
    rows = list(indicator.redefinitions.all())
    standing = [row for row in rows if _stands(row, seq)]
    return _versions(standing, _newest_text(indicator, rows, seq))


def _versions(rows: Iterable[Redefinition], newest: dict[str, str]) -> list[DefinitionVersion]:
    steps = sorted(rows, key=lambda row: row.version)
    told = [_both(row, "before") for row in steps] + [newest]
    versions = [DefinitionVersion(1, None, told[0], None)]
    for row, text in zip(steps, told[1:], strict=True):
        comparable = None if row.is_break else _both(row, "comparable")
        versions.append(DefinitionVersion(row.version, row.since, text, comparable))
    return versions


def _stands(row: Redefinition, seq: int) -> bool:
    return row.seq_from <= seq and (row.seq_to is None or row.seq_to > seq)


def _newest_text(indicator: Indicator, rows: list[Redefinition], seq: int) -> dict[str, str]:
    """The text that was in force at a seq: what the next redefinition replaced, else today's.

    A row that ends where another of its version begins was only given other words.
    """
    starts = {(row.version, row.seq_from) for row in rows}
    ends = {(row.version, row.seq_to) for row in rows}
    made = [one for one in rows if one.seq_from > seq and (one.version, one.seq_from) not in ends]
    undone = [one.seq_to for one in rows if (one.version, one.seq_to) not in starts]
    following = min(made, key=lambda row: row.seq_from, default=None)
    taken_back = min((end for end in undone if end is not None and end > seq), default=None)
    if taken_back is not None and (following is None or taken_back < following.seq_from):
        return {}
    return _both(following, "before") if following else _both(indicator, "definition")


def _both(row: Indicator | Redefinition, name: str) -> dict[str, str]:
    columns = {"zh-hans": f"{name}_zh_hans", "en": f"{name}_en"}
    return {code: getattr(row, column) for code, column in columns.items()}
