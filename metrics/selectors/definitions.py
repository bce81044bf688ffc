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
    steps = sorted(rows, key=lambda row: row.version)
    told = [_both(row, "before") for row in steps] + [_both(indicator, "definition")]
    versions = [DefinitionVersion(1, None, told[0], None)]
    for row, text in zip(steps, told[1:], strict=True):
        comparable = None if row.is_break else _both(row, "comparable")
        versions.append(DefinitionVersion(row.version, row.since, text, comparable))
    return versions


def _both(row: Indicator | Redefinition, name: str) -> dict[str, str]:
    columns = {"zh-hans": f"{name}_zh_hans", "en": f"{name}_en"}
    return {code: getattr(row, column) for code, column in columns.items()}
