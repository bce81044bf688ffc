"""A resolver for tests: answers from a table, formats as told."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from cases.markup.exhibits import Exhibit
from cases.markup.pen import Pen
from cases.markup.resolver import ResolvedFigure
from cases.markup.tokens import Reference
from metrics.stats.numbers import FormattedNumber

USERS = FormattedNumber("超过", "", "6,000", "万")
USERS_EN = FormattedNumber("over", "", "60", " million", "en")

Changes = dict[str, dict[str, object] | None]


def figure(reference: Reference, **changes: object) -> ResolvedFigure:
    """The registered users of WeBank, whatever the reference."""
    fields: dict[str, object] = {
        "series_key": reference.series,
        "period_code": reference.period,
        "value": Decimal(60000000),
        "formatted": USERS,
        "url": f"/zh-hans/series/{reference.series}/#{reference.period}",
        "unit_noun": "人",
    }
    return ResolvedFigure(**{**fields, **changes})  # type: ignore[arg-type]


@dataclass
class TableResolver:
    """``changes`` are by series key; a series whose change is None has no value."""

    changes: Changes = field(default_factory=dict)
    asked: list[Reference] = field(default_factory=list)

    def figure(self, reference: Reference, /) -> ResolvedFigure:
        self.asked.append(reference)
        changes = self.changes.get(reference.series, {})
        if changes is None:
            return figure(
                reference,
                value=None,
                formatted=None,
                null_reason="not_reported",
                null_text="未披露",
            )
        return figure(reference, **changes)

    def exhibit(self, exhibit: Exhibit, pen: Pen, /) -> str:
        captions = "".join(pen.caption(prose.text) for prose in exhibit.texts)
        return f'<figure class="exhibit"><svg role="img"></svg>{captions}</figure>'
