"""One record of the content in its canonical form, from a file or from the database alike."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

SOURCES: Final = "sources.yaml"
UNITS: Final = "units.yaml"
ENTITIES: Final = "entities.yaml"
INDICATORS: Final = "indicators.yaml"
GROUPS: Final = "groups.yaml"
RULES: Final = "rules.yaml"
EVENTS: Final = "events.yaml"
PICTURES: Final = "pictures.yaml"
CASES: Final = "cases.yaml"
LAYOUTS: Final = "layouts.yaml"
OBSERVATIONS: Final = "observations.csv"
# All texts together; the key of a text is the name of its file.
TEXTS: Final = "texts"

# In the order in which they are applied: each refers only to those before it.
KINDS: Final = (
    SOURCES, UNITS, ENTITIES, INDICATORS, LAYOUTS, OBSERVATIONS, GROUPS, RULES, EVENTS,
    PICTURES, CASES, TEXTS,
)  # fmt: skip
FILES: Final = tuple(kind for kind in KINDS if kind != TEXTS)
# Not there where there is nothing to say.
OPTIONAL: Final = (PICTURES,)

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """A record as a file states it. `data` holds its fields in canonical order, no defaults.

    `lines` gives the line of a field where it is not the record's own.
    """

    kind: str
    key: str
    data: Data
    file: str
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, name: str) -> int:
        return self.lines.get(name, self.line)


# kind → key → record, in file order
Content = dict[str, dict[str, Record]]


def compact(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The fields that say something: no None, no empty text, list or mapping, no false flag."""
    return {
        name: value
        for name, value in pairs
        if value is not None and value is not False and value not in ("", [], {})
    }


def digest(data: Data) -> str:
    """Equal for equal records, whatever the order of keys in a mapping."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
