"""What the address of a comparison asks for, and addresses that ask for something else."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from metrics.selectors.question import UNITS_CODES, Question
from metrics.stats.periods import Period

SEPARATOR = "~"
MOST_SERIES = 8
LAYOUTS = ("shared", "panels")
# Rolling means and growth since a start have parameters of their own, which only the API takes.
COMPARED_UNITS = tuple(code for code in UNITS_CODES if code not in ("rm", "cagr"))


@dataclass(frozen=True, slots=True)
class Asked:
    """The keys of series and how they are shown.

    Of `first` and `last` either may be None: without an end. An empty layout is the usual one: a
    shared axis where the series allow it; an empty type is what suits them. `seq`: as of it; None:
    now.
    """

    keys: tuple[str, ...] = ()
    units: str = "lin"
    index_base: Period | None = None
    layout: str = ""
    type: str = ""
    first: Period | None = None
    last: Period | None = None
    seq: int | None = None

    @property
    def question(self) -> Question:
        return Question(units=self.units, index_base=self.index_base, seq=self.seq)

    @property
    def given(self) -> list[tuple[str, str]]:
        """The parameters of the address, in one order; those that say the usual are left out."""
        periods = {"index_base": self.index_base, "from": self.first, "to": self.last}
        codes = {name: period.code if period else "" for name, period in periods.items()}
        pairs = [
            ("s", SEPARATOR.join(self.keys)),
            ("units", "" if self.units == "lin" else self.units),
            ("index_base", codes["index_base"]),
            ("layout", self.layout),
            ("type", self.type),
            ("from", codes["from"]),
            ("to", codes["to"]),
            ("as_of", "" if self.seq is None else str(self.seq)),
        ]
        return [(name, text) for name, text in pairs if text]

    @property
    def query(self) -> str:
        return urlencode(self.given)

    def but(self, **changes: Any) -> str:
        """The query of the same comparison with something else."""
        return replace(self, **changes).query

    def without(self, key: str) -> str:
        return self.but(keys=tuple(one for one in self.keys if one != key))

    def with_one_more(self, key: str) -> str:
        return self.but(keys=(*self.keys, key))
