"""YAML files to records, with lines; every faulty record is reported, not only the first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import yaml

from cases.markup.errors import DocumentError, MarkupError
from cases.markup.yaml_reader import Fields, Place, mapping_items
from cases.services.content.problems import Problem
from cases.services.content.record import EVENTS, Record
from cases.services.content.schema import Schema
from cases.services.content.schemas import SCHEMAS

PLACE: Final = Place(1, DocumentError)
MAX_DEPTH: Final = 8
# libyaml's parser is ten times as fast and gives the same nodes; it is absent on some machines.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(kind: str, text: str, problems: list[Problem]) -> dict[str, Record]:
    """The records of a file by key; what is wrong is added to `problems`."""
    records: dict[str, Record] = {}
    try:
        entries = list(_entries(kind, _compose(text)))
    except MarkupError as error:
        problems.append(Problem(kind, error.line, error.message))
        return records
    for key, node in entries:
        try:
            record = _record(kind, key, node)
        except MarkupError as error:
            problems.append(Problem(kind, error.line, error.message))
            continue
        if record.key in records:
            first = records[record.key].line
            message = f"{record.key} is already on line {first}; expected each record once"
            problems.append(Problem(kind, record.line, message))
        records[record.key] = record
    return records


def _compose(text: str) -> yaml.Node | None:
    """The node tree; anchors, aliases and tags are refused as everywhere (an alias bomb)."""
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_LOADER):
            extra = isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None)
            if extra or getattr(event, "tag", None) not in (None, "!"):
                raise PLACE.fault("expected YAML without anchors, aliases, tags", event.start_mark)
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise PLACE.fault(f"expected at most {MAX_DEPTH} levels", event.start_mark)
        node: yaml.Node | None = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        raise PLACE.fault(f"expected YAML: {error.problem}", error.problem_mark) from None
    except yaml.YAMLError as error:
        raise PLACE.fault(f"expected YAML: {error}".splitlines()[0], None) from None
    return node


def _entries(kind: str, node: yaml.Node | None) -> Iterator[tuple[yaml.ScalarNode | None, Any]]:
    """Key node and value node of every record; the records of a list have no key."""
    if node is None:
        return
    if kind == EVENTS:
        if not isinstance(node, yaml.SequenceNode):
            raise PLACE.fault("expected a list of events", node.start_mark)
        yield from ((None, item) for item in node.value)
        return
    what = f"the file, with one key for each {SCHEMAS[kind].what}"
    yield from mapping_items(node, PLACE, what, ("key: {…}",))


def _record(kind: str, key: yaml.ScalarNode | None, node: yaml.Node) -> Record:
    schema = SCHEMAS[kind]
    name = key.value if key is not None else ""
    data, fields = schema.read(node, PLACE, f"{schema.what} {name}".strip())
    if key is None:
        name = f"{data['entity']}/{data['slug']}"
    else:
        _check_key(schema, key)
    line = (key or node).start_mark.line + 1
    return Record(kind, name, data, kind, line, _lines(fields))


def _check_key(schema: Schema, key: yaml.ScalarNode) -> None:
    if not schema.key.fullmatch(key.value) or len(key.value) > schema.key_limit:
        message = (
            f"expected the key of a {schema.what} to be at most {schema.key_limit} "
            f"letters, digits and single hyphens, not {key.value!r}"
        )
        raise PLACE.fault(message, key.start_mark)


def _lines(fields: Fields) -> dict[str, int]:
    return {name: fields.line(name) for name in fields.nodes}
