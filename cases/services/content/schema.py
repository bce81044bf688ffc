"""Which fields a record of a YAML file has, and how each is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import yaml

from cases.markup.document import LANGUAGES
from cases.markup.yaml_reader import Fields, Place, mapping_items, scalar
from cases.services.content.record import compact

SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
WORD: Final = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*", re.ASCII)
MOST_ITEMS: Final = 20_000

Reader = Callable[[Fields, str], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record. `refers_to` names the kind whose keys its value (or values) are."""

    name: str
    read: Reader
    required: bool = False
    refers_to: str = ""
    default: Any = None


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of a kind of record, in canonical order."""

    what: str
    fields: tuple[Field, ...]
    key: re.Pattern[str] = SLUG
    key_limit: int = 80

    def read(self, node: yaml.Node, place: Place, what: str) -> tuple[dict[str, Any], Fields]:
        """A record's data and the fields it was read from; raises `place.error`."""
        fields = Fields(
            node,
            place,
            what=what,
            required=[field.name for field in self.fields if field.required],
            optional=[field.name for field in self.fields if not field.required],
        )
        pairs = [(field, field.read(fields, field.name)) for field in self.present(fields)]
        return compact((f.name, None if v == f.default else v) for f, v in pairs), fields

    def present(self, fields: Fields) -> list[Field]:
        return [field for field in self.fields if field.name in fields]


def text(limit: int, pattern: re.Pattern[str] | None = None) -> Reader:
    """A text on one line."""

    def read(fields: Fields, name: str) -> str:
        value = fields.text(name, limit=limit)
        if pattern is not None and not pattern.fullmatch(value):
            message = f"expected {name!r} of {fields.what} to be letters, digits and single hyphens"
            raise fields.place.fault(f"{message}, not {value!r}", fields.nodes[name].start_mark)
        return value

    return read


def translated(limit: int, *, both: bool = True) -> Reader:
    """A text in both languages, `{zh-hans: …, en: …}`; not `both`: in one of them at least."""

    def read(fields: Fields, name: str) -> dict[str, str]:
        node, what = fields.nodes[name], f"{name!r} of {fields.what}"
        languages = LANGUAGES if both else ()
        inner = Fields(
            node, fields.place, what=what, required=languages, optional=() if both else LANGUAGES
        )
        return compact((key, inner.text(key, limit=limit, multiline=True)) for key in LANGUAGES)

    return read


def own_words(limit: int) -> Reader:
    """A text that stands for itself in both languages, or one in each: `{zh-hans: …, en: …}`."""
    each = translated(limit, both=False)

    def read(fields: Fields, name: str) -> str | dict[str, str]:
        if isinstance(fields.nodes[name], yaml.ScalarNode):
            return fields.text(name, limit=limit)
        told: dict[str, str] = each(fields, name)
        return told

    return read


def choice(allowed: Collection[str]) -> Reader:
    return lambda fields, name: fields.choice(name, allowed)


def flag(fields: Fields, name: str) -> bool:
    return fields.choice(name, ("true", "false")) == "true"


def number(fields: Fields, name: str) -> int:
    def whole(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", value):
            raise ValueError(f"expected a whole number, not {value!r}")
        return int(value)

    return fields.value(name, whole)


def day(fields: Fields, name: str) -> date:
    def iso(value: str) -> date:
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"expected a day such as 2019-04-20, not {value!r}") from None

    return fields.value(name, iso)


def listing(fields: Fields, name: str) -> list[str]:
    """A list of different keys."""
    return list(fields.values(name, str, most=MOST_ITEMS))


def mapping(fields: Fields, name: str) -> dict[str, str]:
    """A mapping of keys to keys."""
    node, what = fields.nodes[name], f"{name!r} of {fields.what}"
    return {
        key.value: scalar(value, fields.place, f"{key.value!r} of {what}", 200)
        for key, value in mapping_items(node, fields.place, what, ("key: key",))
    }
