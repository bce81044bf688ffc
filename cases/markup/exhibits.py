"""Exhibits: fenced blocks with a YAML body that show stored values, as they are once read.

Whether a series exists is the caller's to know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cases.markup.tokens import Reference
from cases.markup.yaml_reader import Prose


@dataclass(frozen=True, slots=True)
class Exhibit:
    """What every exhibit has: the file line of its fence, and the texts it shows to readers.

    Neither takes part in equality: the same exhibit further down the text is the same exhibit.
    """

    line: int = field(default=1, compare=False, kw_only=True)
    texts: tuple[Prose, ...] = field(default=(), compare=False, kw_only=True, repr=False)


@dataclass(frozen=True, slots=True)
class Chart(Exhibit):
    """``period`` None draws all periods of the series; ``units`` is a transform code.

    ``periods``: the two of a slope, empty for the first and the last. ``name``: what the addresses
    of the chart call it, "" where its place in the text does.
    """

    type: str
    title: str
    series: tuple[str, ...]
    subtitle: str = ""
    period: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    units: str = "lin"
    periods: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Table(Exhibit):
    """Rows are series, columns are periods."""

    title: str
    series: tuple[str, ...]
    periods: tuple[str, ...]
    subtitle: str = ""
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    units: str = "lin"


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One large number: its reference, its label, and a note that may hold tokens."""

    value: Reference
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigures(Exhibit):
    items: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Timeline(Exhibit):
    """Events of the entities, from and to a period (both included, None = unlimited).

    ``name`` as of a chart.
    """

    entities: tuple[str, ...]
    title: str = ""
    start: str | None = None
    end: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Callout(Exhibit):
    """``text`` is Markdown with tokens, without exhibits of its own."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Quote(Exhibit):
    """What somebody said: ``text`` is plain with tokens; ``source`` is a slug, "" for none."""

    text: str
    by: str
    source: str = ""
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Image(Exhibit):
    """A picture by its slug; ``alt`` says what it shows, in words with tokens."""

    picture: str
    alt: str
    caption: str = ""


EXHIBIT_NAMES: Final = {
    Chart: "chart",
    Table: "table",
    KeyFigures: "key-figures",
    Timeline: "timeline",
    Callout: "callout",
    Quote: "quote",
    Image: "image",
}
