"""Numbers as readers see them, in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FormattedNumber:
    """The parts of a printed number, spacing included in prefix and suffix.

    ``超过`` + ```` + ``6,000`` + ``万``; ``over`` + ``CNY `` + ``870`` + `` billion``.
    """

    qualifier: str
    prefix: str
    number: str
    suffix: str
    language: str = "zh-hans"

    @property
    def text(self) -> str:
        """Return the whole; only English separates the qualifier by a space."""
        space = " " if self.qualifier and not self.language.startswith("zh") else ""
        return f"{self.qualifier}{space}{self.prefix}{self.number}{self.suffix}"

    def __str__(self) -> str:
        return self.text
