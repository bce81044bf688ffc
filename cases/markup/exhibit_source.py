"""Exhibits written down: from the values of a form to a fenced block, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import yaml

from cases.markup.errors import ExhibitError, MarkupError
from cases.markup.exhibit_reading import parse_exhibit
from cases.markup.exhibits import EXHIBIT_NAMES
from cases.markup.markdown import parse_body
from cases.markup.yaml_reader import Place, compose
from metrics.stats.phrases import Phrase

# What the YAML of an exhibit holds, scalars as texts.
Data = str | list["Data"] | dict[str, "Data"]

_ORDER: Final = (
    "type", "id", "entity", "entities", "value", "label", "note", "title", "subtitle", "series",
    "period", "periods", "from", "to", "labels", "units", "text", "by", "source", "locator",
    "picture", "alt", "caption",
)  # fmt: skip
_MISSING: Final = re.compile(r"expected the key '([a-z]+)'", re.ASCII)
_TOP_KEY: Final = re.compile(r"([a-z]+):", re.ASCII)
_KEY: Final = re.compile(r"(?:- |  )([a-z]+):", re.ASCII)


class _Dumper(yaml.SafeDumper):
    """Lists at the margin as in the shipped texts, several lines as a block."""


def _written_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _written_text)


def exhibit_source(kind: str, data: Data) -> str:
    """The fenced block of an exhibit; empty values are left out.

    Raises ExhibitError where the parser of texts refuses it, with the line in the YAML.
    """
    body = _dumped(data)
    parse_exhibit(kind, body, line=0)
    longest = max((len(run) for run in re.findall(r"`+", body)), default=0)
    fence = "`" * max(3, longest + 1)
    source = f"{fence}{kind}\n{body}{fence}\n"
    for fault in parse_body(source).faults:
        raise ExhibitError(fault.message, fault.line - 1, fault.column)
    return source


def exhibit_data(source: str) -> tuple[str, Data]:
    """Kind and values of the fenced exhibit that ``source`` is; MarkupError where it is none."""
    parsed = parse_body(source)
    for fault in parsed.faults:
        raise fault
    fences = [node for node in parsed.nodes if "exhibit" in node.meta]
    if len(fences) != 1 or len(parsed.nodes) != 1:
        raise MarkupError(Phrase("expected one fenced exhibit and nothing else"))
    node = compose(fences[0].content, Place())
    return EXHIBIT_NAMES[type(fences[0].meta["exhibit"])], _plain(node)


def faulty_field(data: Data, error: ExhibitError) -> tuple[str, int]:
    """The field that an error of ``exhibit_source`` is about and, in a list, which item of it.

    ("", 0) where it is about none in particular.
    """
    field, item = "", -1
    for line in _dumped(data).split("\n")[: error.line]:
        is_item = line.startswith("- ")
        match = _KEY.match(line) if isinstance(data, list) else _TOP_KEY.match(line)
        if match:
            field = match[1]
            item = item if isinstance(data, list) else -1
        item += is_item
    missing = _MISSING.match(error.message)
    return missing[1] if missing else field, max(item, 0)


def _dumped(data: Data) -> str:
    kept = _kept(data)
    return yaml.dump(
        kept, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=float("inf")
    )  # fmt: skip


def _kept(data: Data) -> Data:
    """What is not empty, in the usual order of keys."""
    if isinstance(data, str):
        return "\n".join(line.rstrip() for line in data.replace("\r\n", "\n").strip().split("\n"))
    if isinstance(data, Mapping):
        ordered = sorted(data, key=lambda key: _ORDER.index(key) if key in _ORDER else 0)
        pairs = {key: _kept(data[key]) for key in ordered}
        return {key: value for key, value in pairs.items() if value}
    return [item for item in map(_kept, data) if item]


def _plain(node: yaml.Node | None) -> Data:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    return str(node.value) if node is not None else ""
