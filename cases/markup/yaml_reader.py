"""YAML read with its lines, and nothing of YAML that a text has no use for.

Anchors, aliases, tags and several documents are refused (an alias bomb needs them), and so are
duplicate keys, which YAML would silently merge. Scalars are taken as they are written, so that
``2017`` is the period "2017" and ``2018-12-31`` is no date object.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

import yaml

from cases.markup.errors import ExhibitError, MarkupError, not_found
from metrics.stats.phrases import Phrase

MAX_YAML_LENGTH: Final = 20_000
MAX_DEPTH: Final = 6
_NULL: Final = "tag:yaml.org,2002:null"
# libyaml's parser is ten times as fast and gives the same nodes; it is absent on some machines.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

ErrorType = type[MarkupError]
T = TypeVar("T")


class Mark(Protocol):
    """What both of the library's parsers say about a position."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a YAML text starts in its file, and which error its faults raise."""

    line: int = 1
    error: ErrorType = ExhibitError

    def fault(self, message: str, mark: Mark | None) -> MarkupError:
        if mark is None:
            return self.error(message, self.line)
        return self.error(message, self.line + mark.line, mark.column + 1)


@dataclass(frozen=True, slots=True)
class Prose:
    """A piece of text an exhibit shows to readers, and its line in the file."""

    text: str
    line: int


def compose(text: str, place: Place) -> yaml.Node | None:
    """The node tree of a YAML text, None where it is empty; raises ``place.error``."""
    if len(text) > MAX_YAML_LENGTH:
        message = Phrase("expected at most %(most)s characters of YAML", most=MAX_YAML_LENGTH)
        raise place.fault(message, None)
    try:
        _refuse_extras(text, place)
        node: yaml.Node | None = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        message = _not_yaml(str(error.problem or error.context))
        message = _in_quotes(message) if ": {{" in text else message
        raise place.fault(message, error.problem_mark) from None
    except yaml.YAMLError as error:
        raise place.fault(_not_yaml(str(error)), None) from None
    return node


def _not_yaml(reason: str) -> Phrase:
    """The library's own words, which it has in English only."""
    return Phrase("expected YAML: %(reason)s", reason=reason.partition("\n")[0])


def _in_quotes(expected: str) -> Phrase:
    return Phrase("%(expected)s (put a text that begins with {{ in quotes)", expected=expected)


def _refuse_extras(text: str, place: Place) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message = Phrase("expected YAML without anchors and aliases")
            raise place.fault(message, event.start_mark)
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) not in (None, "!"):
            raise place.fault(Phrase("expected YAML without tags"), event.start_mark)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            message = Phrase("expected at most %(limit)s levels", limit=MAX_DEPTH)
            raise place.fault(message, event.start_mark)


class Fields:
    """A YAML mapping read key by key; every key must be known, and the required ones present."""

    def __init__(
        self,
        node: yaml.Node | None,
        place: Place,
        *,
        what: str,
        required: Collection[str] = (),
        optional: Collection[str] = (),
    ) -> None:
        self.place = place
        self.what = what
        self.known = (*required, *optional)
        self.nodes = self._pairs(node)
        for key in required:
            if key not in self.nodes:
                mark = node.start_mark if node else None
                message = Phrase("expected the key %(key)s in %(what)s", key=repr(key), what=what)
                raise place.fault(message, mark)

    def _pairs(self, node: yaml.Node | None) -> dict[str, yaml.Node]:
        pairs: dict[str, yaml.Node] = {}
        for key, value in mapping_items(node, self.place, self.what, self.known):
            if key.value not in self.known:
                raise self.place.fault(self._unknown(key.value), key.start_mark)
            pairs[key.value] = value
        return pairs

    def _unknown(self, key: str) -> Phrase:
        return Phrase(
            "unknown key %(key)s in %(what)s; expected %(known)s",
            key=repr(key),
            what=self.what,
            known=", ".join(self.known),
        )

    def _part(self, key: str) -> Phrase:
        """What the value of a key is called."""
        return Phrase("%(key)s of %(what)s", key=repr(key), what=self.what)

    def __contains__(self, key: str) -> bool:
        return key in self.nodes

    def line(self, key: str) -> int:
        return self.place.line + self.nodes[key].start_mark.line

    def text(self, key: str, *, limit: int, multiline: bool = False) -> str:
        """The text at ``key``, "" where the key is absent."""
        if key not in self.nodes:
            return ""
        return scalar(self.nodes[key], self.place, self._part(key), limit, multiline)

    def value(self, key: str, read: Callable[[str], T], *, limit: int = 300) -> T:
        """``read`` applied to the text at ``key``, its faults told with the place."""
        return converted(self.nodes[key], self.place, self._part(key), read, limit)

    def choice(self, key: str, allowed: Collection[str]) -> str:
        text = self.text(key, limit=100)
        if text not in allowed:
            known = ", ".join(allowed)
            expected = Phrase("expected %(key)s to be one of %(known)s", key=repr(key), known=known)
            raise self.place.fault(not_found(expected, text), self.nodes[key].start_mark)
        return text

    def values(self, key: str, read: Callable[[str], T], *, most: int) -> tuple[T, ...]:
        """The list at ``key``, one to ``most`` different values, () where the key is absent."""
        if key not in self.nodes:
            return ()
        what = self._part(key)
        found: list[T] = []
        for node in sequence(self.nodes[key], self.place, what, most):
            value = converted(node, self.place, what, read, 300)
            if value in found:
                once = Phrase("expected %(value)s once in %(what)s", value=repr(value), what=what)
                raise self.place.fault(once, node.start_mark)
            found.append(value)
        return tuple(found)

    def mapping(self, key: str, allowed: Collection[str], *, limit: int) -> dict[str, str]:
        """The mapping of texts at ``key``, its keys among ``allowed``; {} where absent."""
        if key not in self.nodes:
            return {}
        inner = Fields(self.nodes[key], self.place, what=f"{key!r}", optional=allowed)
        return {name: inner.text(name, limit=limit) for name in inner.nodes}


def mapping_items(
    node: yaml.Node | None, place: Place, what: str, known: Collection[str]
) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """The pairs of a mapping with plain, different keys."""
    if not isinstance(node, yaml.MappingNode):
        message = Phrase(
            "expected %(what)s to be a mapping with the keys %(known)s",
            what=what,
            known=", ".join(known),
        )
        raise place.fault(message, node.start_mark if node else None)
    seen: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value in seen:
            name = getattr(key, "value", "")
            message = Phrase("expected each key of %(what)s once, as a plain word", what=what)
            message = not_found(message, name) if seen else message
            raise place.fault(message, key.start_mark)
        seen.add(key.value)
        yield key, value


def sequence(node: yaml.Node | None, place: Place, what: str, most: int) -> list[yaml.Node]:
    """The items of a list of one to ``most`` items."""
    if not isinstance(node, yaml.SequenceNode):
        message = Phrase("expected %(what)s to be a list", what=what)
        raise place.fault(message, node.start_mark if node else None)
    if not 1 <= len(node.value) <= most:
        message = Phrase(
            "expected 1 to %(most)s items in %(what)s, not %(count)s",
            most=most,
            what=what,
            count=len(node.value),
        )
        raise place.fault(message, node.start_mark)
    items: list[yaml.Node] = node.value
    return items


def scalar(node: yaml.Node, place: Place, what: str, limit: int, multiline: bool = False) -> str:
    """The text of a scalar as written, trimmed; never empty."""
    if not isinstance(node, yaml.ScalarNode) or node.tag == _NULL:
        message = Phrase("expected %(what)s to be a text", what=what)
        message = _in_quotes(message) if isinstance(node, yaml.MappingNode) else message
        raise place.fault(message, node.start_mark)
    text: str = node.value.strip()
    if not text or len(text) > limit:
        message = Phrase("expected 1 to %(limit)s characters in %(what)s", limit=limit, what=what)
        raise place.fault(message, node.start_mark)
    if "\n" in text and not multiline:
        raise place.fault(Phrase("expected %(what)s on one line", what=what), node.start_mark)
    return text


def converted(node: yaml.Node, place: Place, what: str, read: Callable[[str], T], limit: int) -> T:
    """``read`` applied to a scalar; its ValueError becomes a fault at the scalar."""
    text = scalar(node, place, what, limit)
    try:
        return read(text)
    except ValueError as error:
        reason = error.message if isinstance(error, MarkupError) else str(error)
        message = Phrase("%(what)s: %(reason)s", what=what, reason=reason)
        raise place.fault(message, node.start_mark) from None
