"""From values to positions: nice ticks, their labels, linear scales."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, isfinite, log10

NICE_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
CHINESE_SCALES = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))
ENGLISH_SCALES = ((1e12, " trillion"), (1e9, " billion"), (1e6, " million"))


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear map of values [low, high] to positions [start, end], in user units."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: Decimal | float) -> float:
        span = self.high - self.low or 1.0
        return self.start + (float(value) - self.low) / span * (self.end - self.start)

    def clamped(self, value: Decimal | float) -> float:
        """As `at`, held inside the drawing: bounds may lie far outside it."""
        return self.at(min(max(float(value), self.low), self.high))


def nice_step(span: float, target: int) -> float:
    """The least of 1, 2, 2.5, 5 × 10ⁿ that cuts `span` into at most `target` steps."""
    rough = span / max(target, 1)
    if not isfinite(rough) or rough <= 0:
        return 1.0
    magnitude = 10.0 ** floor(log10(rough))
    if magnitude == 0:  # smaller than a float can tell
        return 1.0
    return next(
        (nice * magnitude for nice in NICE_STEPS if nice * magnitude >= rough * (1 - 1e-9)),
        10 * magnitude,
    )


def nice_ticks(low: float, high: float, target: int = 4) -> list[float]:
    """Round numbers that cover [low, high], about `target` steps apart; at least two."""
    if high <= low:
        high = low + (abs(low) or 1.0)
    step = nice_step(high - low, target)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(index * step, 12) + 0.0 for index in range(first, max(last, first + 1) + 1)]


def domain(values: Iterable[Decimal], *, from_zero: bool) -> tuple[float, float]:
    """Lowest and highest of `values`; zero is inside where lengths are compared.

    Without `from_zero` the axis still starts at zero where that costs less than half of it.
    """
    numbers = [float(value) for value in values]
    if not numbers:
        return 0.0, 1.0
    low, high = min(numbers), max(numbers)
    if from_zero or 0 <= low < high / 2 or low / 2 < high <= 0:
        low, high = min(low, 0.0), max(high, 0.0)
    return low, high


def tick_texts(ticks: list[float], language: str, unit_text: str = "") -> list[str]:
    """The labels of one axis.

    Chinese gives every tick its own scale word (5,000万, 1亿); English, whose words are
    long, one for all, on the last tick only (20, 40, 60 million). A percent sign follows
    every number.
    """
    sign = "%" if unit_text == "%" else ""
    if language.startswith("zh"):
        return [_scaled(tick, *_scale_word(abs(tick), CHINESE_SCALES), sign) for tick in ticks]
    largest = max(map(abs, ticks), default=0.0)
    divisor, word = _scale_word(largest, ENGLISH_SCALES)
    texts = [_scaled(tick, divisor, "", sign) for tick in ticks]
    return [*texts[:-1], texts[-1] + word] if texts else []


def _scale_word(size: float, scales: tuple[tuple[float, str], ...]) -> tuple[float, str]:
    return next((pair for pair in scales if size >= pair[0]), (1.0, ""))


def _scaled(tick: float, divisor: float, word: str, sign: str) -> str:
    return f"{_plain(tick / divisor)}{sign}{word}"


def _plain(number: float) -> str:
    """A tick's number with thousand separators and no trailing zeros, true minus sign."""
    text = f"{number:,.6f}".rstrip("0").rstrip(".")
    if text in {"-0", "0", ""}:
        return f"{number:.3g}" if number else "0"
    return text.replace("-", "\N{MINUS SIGN}")
