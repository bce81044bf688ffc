"""The grammar of formulas over named inputs, read into a small tree. Nothing is ever executed.

    statement = sum [ (">" | ">=" | "<" | "<=" | "==") sum ]
    sum       = product { ("+" | "-") product }
    product   = factor { ("*" | "/") factor }
    factor    = "-" factor | number | name [ lag ] | function "(" sum { "," sum } ")" | "(" sum ")"
    lag       = "[" "-" digits [ "y" ] "]"
    function  = "min" | "max" | "abs" | "sum" | "mean"

A name is a letter, then letters, digits and underscores, all ASCII. ``x[-1]`` is x of the previous
period, ``x[-4]`` that of four periods before, ``x[-1y]`` that of the same period a year ago.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from metrics.stats.calendars import EVERY_PERIOD, Calendar
from metrics.stats.periods import Period
from metrics.stats.phrases import Phrase, gettext_noop
from metrics.stats.quantities import told

MAX_LENGTH = 500
MAX_DEPTH = 20
COMPARISONS = (">", ">=", "<", "<=", "==")
# How many arguments each function takes; None: one or more.
FUNCTIONS: Mapping[str, int | None] = {
    "min": None,
    "max": None,
    "abs": 1,
    "sum": None,
    "mean": None,
}


# What a FormulaError says, by its code.
MESSAGES: Mapping[str, str] = {
    "too-long": gettext_noop("expected at most %(limit)s characters"),
    "too-deep": gettext_noop("expected at most %(limit)s levels"),
    "unexpected": gettext_noop("unexpected %(found)s"),
    "sign": gettext_noop("expected %(sign)s, not %(found)s"),
    "operator": gettext_noop("expected an operator, not %(found)s"),
    "operand": gettext_noop("expected a number, a name or '(', not %(found)s"),
    "call": gettext_noop("expected '(' after %(name)s, not %(found)s"),
    "argument": gettext_noop("expected one argument of %(name)s, not %(found)s"),
    "comparison": gettext_noop("expected one comparison only, not %(found)s"),
    "function": gettext_noop("unknown function %(name)s: expected %(known)s"),
    "units": gettext_noop("%(second)s cannot be added to or compared with %(first)s"),
    "over-time": gettext_noop("%(name)s, %(nature)s: values of several periods are not %(what)s"),
    "not-summable": gettext_noop("%(name)s is %(nature)s, which is not summed"),
    "output-unit": gettext_noop("the result is in %(found)s and the output in %(expected)s"),
    "output-nature": gettext_noop("the result is %(found)s and the output %(expected)s"),
}


class FormulaError(ValueError):
    """A text that is no formula, or one without meaning.

    ``position`` counts characters from 1 (0: the whole); ``code`` and ``values`` say why in
    MESSAGES, for whoever tells it in another language. An empty ``found`` is the end of the text.
    """

    def __init__(self, code: str, position: int, **values: object) -> None:
        self.code, self.position, self.values = code, position, values
        shown = {name: told(value) for name, value in values.items()}
        shown["found"] = shown.get("found") or Phrase("the end")
        self.message = Phrase(MESSAGES[code], **shown)
        super().__init__(f"character {position}: {self.message}")


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal


@dataclass(frozen=True, slots=True)
class Reference:
    """A named input, so many periods or years before the period that is computed.

    ``position`` is the character (from 1) at which it is written.
    """

    name: str
    periods_before: int = 0
    years_before: int = 0
    position: int = field(default=0, compare=False)

    @property
    def is_lagged(self) -> bool:
        return bool(self.periods_before or self.years_before)

    def source_of(self, period: Period, calendar: Calendar = EVERY_PERIOD) -> Period | None:
        """The period of the input, which keeps the calendar, for a period that is computed."""
        if self.years_before:
            return calendar.year_ago(period, self.years_before)
        return calendar.previous(period, self.periods_before) if self.periods_before else period

    def target_of(self, period: Period, calendar: Calendar = EVERY_PERIOD) -> Period | None:
        """The period that is computed from the input's period."""
        if self.years_before:
            return calendar.year_ago(period, -self.years_before)
        return calendar.previous(period, -self.periods_before) if self.periods_before else period


@dataclass(frozen=True, slots=True)
class Negative:
    operand: Node


@dataclass(frozen=True, slots=True)
class Chain:
    """Operations of one rank from left to right, flat: 500 terms make no deep tree."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    left: Node
    operator: str
    right: Node


Node: TypeAlias = Number | Reference | Negative | Chain | Call


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as written and as read; with a comparison it is a predicate."""

    text: str
    tree: Node | Comparison

    @property
    def is_predicate(self) -> bool:
        return isinstance(self.tree, Comparison)


def parse_formula(text: str) -> Formula:
    """Read a formula or predicate of up to 500 characters and 20 levels; raise FormulaError."""
    if len(text) > MAX_LENGTH:
        raise FormulaError("too-long", MAX_LENGTH + 1, limit=MAX_LENGTH)
    return Formula(text, _Parser(text).statement())


def references(formula: Formula) -> tuple[Reference, ...]:
    """Every reference to an input, in the order written, repeated where it is."""
    tree = formula.tree
    parts = (tree.left, tree.right) if isinstance(tree, Comparison) else (tree,)
    return tuple(found for part in parts for found in _references(part))


def names(formula: Formula) -> frozenset[str]:
    """The names of the inputs that a formula needs."""
    return frozenset(reference.name for reference in references(formula))


def _references(node: Node) -> list[Reference]:
    match node:
        case Reference():
            return [node]
        case Negative():
            return _references(node.operand)
        case Chain():
            parts = [node.first, *(part for _, part in node.rest)]
        case Call():
            parts = list(node.arguments)
        case _:
            return []
    return [found for part in parts for found in _references(part)]


_TOKEN = re.compile(
    r"(?P<number>[0-9]+(?:\.[0-9]+)?)(?![0-9A-Za-z_.])|(?P<name>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<lag>\[ *- *[0-9]{1,3}y? *\])|(?P<sign>>=|<=|==|[-+*/(),<>])",
    re.ASCII,
)
_SPACE = re.compile(r"[ \t\r\n]*")


class _Parser:
    """Recursive descent, a method for each rule; `start` and `word` are the next token."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.start = self.end = self.depth = 0
        self.advance()

    def advance(self) -> str:
        """Step past the token at hand and return it; the end of the text is an empty one."""
        taken = self.text[self.start : self.end] if self.end else ""
        space = _SPACE.match(self.text, self.end)
        self.start = space.end() if space else self.end
        match = _TOKEN.match(self.text, self.start)
        self.kind, self.word = (match.lastgroup or "", match.group()) if match else ("", "")
        self.end = match.end() if match else self.start
        if not match and self.start < len(self.text):
            raise FormulaError("unexpected", self.start + 1, found=repr(self.text[self.start]))
        return taken

    def expected(self, code: str, **values: object) -> FormulaError:
        found = repr(self.word) if self.word else ""
        return FormulaError(code, self.start + 1, found=found, **values)

    def require(self, sign: str) -> None:
        if self.word != sign:
            raise self.expected("sign", sign=repr(sign))
        self.advance()

    def statement(self) -> Node | Comparison:
        left = self.sum()
        tree: Node | Comparison = left
        if self.word in COMPARISONS:
            operator = self.advance()
            tree = Comparison(left, operator, self.sum())
        if self.word in COMPARISONS:
            raise self.expected("comparison")
        if self.word:
            raise self.expected("operator")
        return tree

    def sum(self) -> Node:
        first, rest = self.product(), []
        while self.word in ("+", "-"):
            rest.append((self.advance(), self.product()))
        return Chain(first, tuple(rest)) if rest else first

    def product(self) -> Node:
        first, rest = self.factor(), []
        while self.word in ("*", "/"):
            rest.append((self.advance(), self.factor()))
        return Chain(first, tuple(rest)) if rest else first

    def factor(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaError("too-deep", self.start + 1, limit=MAX_DEPTH)
        node = self.unnested()
        self.depth -= 1
        return node

    def unnested(self) -> Node:
        if self.word == "-":
            self.advance()
            return Negative(self.factor())
        if self.word == "(":
            self.advance()
            inner = self.sum()
            self.require(")")
            return inner
        if self.kind == "number":
            return Number(Decimal(self.advance()))
        if self.kind == "name":
            return self.named()
        raise self.expected("operand")

    def named(self) -> Node:
        start, name = self.start, self.advance()
        if self.word == "(":
            if name not in FUNCTIONS:
                raise FormulaError(
                    "function", start + 1, name=repr(name), known=", ".join(FUNCTIONS)
                )
            return self.call(name)
        if name in FUNCTIONS:
            raise self.expected("call", name=repr(name))
        if self.kind != "lag":
            return Reference(name, position=start + 1)
        lag = self.advance().strip("[]").replace(" ", "").removeprefix("-")
        years = lag.endswith("y")
        steps = int(lag.removesuffix("y"))
        return Reference(name, 0 if years else steps, steps if years else 0, start + 1)

    def call(self, function: str) -> Node:
        self.require("(")
        arguments = [self.sum()]
        while self.word == ",":
            self.advance()
            arguments.append(self.sum())
        limit = FUNCTIONS[function]
        if limit is not None and len(arguments) != limit:
            raise self.expected("argument", name=repr(function))
        self.require(")")
        return Call(function, tuple(arguments))
