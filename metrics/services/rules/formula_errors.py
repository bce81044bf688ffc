"""Why a formula is refused, in the reader's language, with the place marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.models import Indicator, Unit
from metrics.stats.formula import FormulaError
from metrics.stats.natures import GrowthKind, Nature
from metrics.stats.quantities import UnitKind

CARET: Final = "‸"
_REASONS: Final[Mapping[str, Promise]] = {
    "too-long": gettext_lazy("expected at most %(limit)s characters"),
    "too-deep": gettext_lazy("expected at most %(limit)s levels of parentheses"),
    "unexpected": gettext_lazy("unexpected %(found)s"),
    "sign": gettext_lazy("expected %(sign)s, not %(found)s"),
    "operator": gettext_lazy("expected an operator, not %(found)s"),
    "operand": gettext_lazy("expected a number, a name or “(”, not %(found)s"),
    "call": gettext_lazy("expected “(” after %(name)s, not %(found)s"),
    "argument": gettext_lazy("expected one argument of %(name)s, not %(found)s"),
    "comparison": gettext_lazy("expected one comparison only, not %(found)s"),
    "function": gettext_lazy("unknown function %(name)s: expected %(known)s"),
    "units": gettext_lazy("%(second)s cannot be added to or compared with %(first)s"),
    "over-time": gettext_lazy(
        "%(name)s is of nature %(nature)s: its values of several periods are not %(what)s"
    ),
    "not-summable": gettext_lazy("%(name)s is of nature %(nature)s, which is not summed"),
    "output-unit": gettext_lazy("the result is in %(found)s and the output in %(expected)s"),
    "output-nature": gettext_lazy(
        "the result is of nature %(found)s and the output of nature %(expected)s"
    ),
}


@dataclass(frozen=True, slots=True)
class FormulaRefusal:
    """Why, the formula, and the character (from 1; 0: the whole of it)."""

    reason: str
    formula: str
    position: int = 0

    @property
    def marked(self) -> str:
        """The formula with a caret before the character."""
        if not self.position:
            return self.formula
        at = self.position - 1
        return f"{self.formula[:at]}{CARET}{self.formula[at:]}"

    def __str__(self) -> str:
        values = {"reason": self.reason, "marked": self.marked, "position": self.position}
        if not self.position:
            return _("formula “%(marked)s”: %(reason)s") % values
        return _("formula “%(marked)s”, character %(position)s: %(reason)s") % values


def refused(text: str, error: FormulaError) -> FormulaRefusal:
    """What the grammar says of a text, in the reader's language."""
    words = {name: worded(value) for name, value in error.values.items()}
    words["found"] = words.get("found") or _("the end")
    return FormulaRefusal(str(_REASONS[error.code]) % words, text[:600], error.position)


def worded(value: object) -> str:
    """A value of a message: natures and kinds by their labels, alternatives with "or"."""
    if isinstance(value, tuple):
        return _(" or ").join(map(worded, value))
    if isinstance(value, Nature):
        return str(dict(Indicator.NATURES)[value.value])
    if isinstance(value, UnitKind):
        return str(Unit.Kind(value.value).label)
    if isinstance(value, GrowthKind):
        return _("percentage points") if value is GrowthKind.POINTS else _("percent")
    return str(value)
