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
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

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


class FormulaError(ValueError):
    """A text that is no formula. ``position`` counts characters from 1."""

    def __init__(self, message: str, position: int) -> None:
        self.message, self.position = message, position
        super().__init__(f"character {position}: {message}")


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal


@dataclass(frozen=True, slots=True)
class Reference:
    """A named input, so many periods or years before the period that is computed."""

    name: str
    periods_before: int = 0
    years_before: int = 0


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
        raise FormulaError(f"expected at most {MAX_LENGTH} characters", MAX_LENGTH + 1)
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
            raise FormulaError(f"unexpected {self.text[self.start]!r}", self.start + 1)
        return taken

    def expected(self, what: str) -> FormulaError:
        found = f"not {self.word!r}" if self.word else "not the end"
        return FormulaError(f"expected {what}, {found}", self.start + 1)

    def require(self, sign: str) -> None:
        if self.word != sign:
            raise self.expected(f"{sign!r}")
        self.advance()

    def statement(self) -> Node | Comparison:
        left = self.sum()
        tree: Node | Comparison = left
        if self.word in COMPARISONS:
            operator = self.advance()
            tree = Comparison(left, operator, self.sum())
        if self.word in COMPARISONS:
            raise self.expected("one comparison only")
        if self.word:
            raise self.expected("an operator")
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
            raise FormulaError(f"expected at most {MAX_DEPTH} levels", self.start + 1)
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
        raise self.expected("a number, a name or '('")

    def named(self) -> Node:
        start, name = self.start, self.advance()
        if self.word == "(":
            if name not in FUNCTIONS:
                raise FormulaError(
                    f"unknown function {name!r}: expected {', '.join(FUNCTIONS)}", start + 1
                )
            return self.call(name)
        if name in FUNCTIONS:
            raise self.expected(f"'(' after {name!r}")
        if self.kind != "lag":
            return Reference(name)
        lag = self.advance().strip("[]").replace(" ", "").removeprefix("-")
        years = lag.endswith("y")
        steps = int(lag.removesuffix("y"))
        return Reference(name, 0 if years else steps, steps if years else 0)

    def call(self, function: str) -> Node:
        self.require("(")
        arguments = [self.sum()]
        while self.word == ",":
            self.advance()
            arguments.append(self.sum())
        limit = FUNCTIONS[function]
        if limit is not None and len(arguments) != limit:
            raise self.expected(f"one argument of {function!r}")
        self.require(")")
        return Call(function, tuple(arguments))
