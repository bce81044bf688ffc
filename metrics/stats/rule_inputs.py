"""The inputs and outputs of rules, as plain mappings."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TypeAlias

from metrics.stats.bounds import Figure
from metrics.stats.breaks import Breaks
from metrics.stats.periods import Period

Values: TypeAlias = Mapping[Period, Figure]
# role → series ids, for one output
Roles: TypeAlias = Mapping[str, Collection[int]]
# output series id → its roles
Edges: TypeAlias = Mapping[int, Roles]
Panel: TypeAlias = Mapping[int, Values]
Outputs: TypeAlias = dict[int, dict[Period, Figure]]
# series id → where its definition changed
AllBreaks: TypeAlias = Mapping[int, Breaks]

EMPTY: AllBreaks = MappingProxyType({})


def only(roles: Roles, role: str, panel: Panel) -> Values:
    """The values of the single series in a role; none where it is absent."""
    for pk in roles.get(role, ()):
        return panel.get(pk, {})
    return {}
