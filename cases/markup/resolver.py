"""What rendering asks of the world outside: the resolver and the figures it answers with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from cases.markup.exhibits import Exhibit
from cases.markup.tokens import Reference
from metrics.stats.numbers import FormattedNumber

if TYPE_CHECKING:
    from cases.markup.pen import Pen


class FigureKind(StrEnum):
    STATED = "stated"
    IMPLIED = "implied"
    DERIVED = "derived"
    FORECAST = "forecast"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedFigure:
    """A reference with all that its record says.

    ``value`` None means there is no value, and ``null_reason`` is then the reason's code and
    ``null_text`` its words. ``formatted`` follows the print options of the reference; ``unit_noun``
    is what the ``unit`` filter appends ("" for units that the number already carries, as %).
    ``period_code`` is the period that "latest" came to.
    """

    series_key: str
    period_code: str
    value: Decimal | None
    formatted: FormattedNumber | None
    kind: FigureKind = FigureKind.STATED
    null_reason: str = ""
    null_text: str = ""
    url: str = ""
    period_label: str = ""
    stated_text: str = ""
    source_title: str = ""
    source_url: str = ""
    locator: str = ""
    series_name: str = ""
    unit_name: str = ""
    unit_noun: str = ""


class Resolver(Protocol):
    """Knows the figures of a text, loaded beforehand from ``cells_of`` it; asks no database."""

    def figure(self, reference: Reference, /) -> ResolvedFigure:
        """The figure at a reference; an unknown series or period is a missing value."""

    def exhibit(self, exhibit: Exhibit, pen: Pen, /) -> str:
        """Safe HTML for an exhibit.

        It is placed after sanitising, so SVG is allowed and escaping is the resolver's duty.
        Captions, notes and callout texts go through ``pen``, which shares numbering, notes and
        problems with the text around.
        """
