"""What a registered statistic tells about itself, and how its worked example is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from metrics.stats.bounds import Figure
from metrics.stats.figures import parse_stated
from metrics.stats.natures import Nature
from metrics.stats.periods import Frequency, Period
from metrics.stats.summaries import Summary, summarise
from metrics.stats.transforms import apply

Text = Mapping[str, str]


class Kind(StrEnum):
    TRANSFORM = "transform"
    AGGREGATION = "aggregation"
    RULE = "rule"
    SUMMARY = "summary"
    BOUND = "bound"


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: literal inputs by name, the literal output, and the code that makes it.

    A list is written with spaces, a dated one ``2017=110 2018=121``, a stated figure as printed.
    """

    inputs: Mapping[str, str]
    output: str
    compute: Callable[..., str]

    def run(self) -> str:
        """Compute the output from the inputs, in their order."""
        return self.compute(*self.inputs.values())


@dataclass(frozen=True, slots=True)
class Statistic:
    """One statistic. Texts are ``{"zh-hans": …, "en": …}``; the formula is the same in both."""

    key: str
    kind: Kind
    name: Text
    formula: str
    unit: Text
    minimum_data: Text
    gaps: Text
    example: Example
    source: Text
    has_bounds: bool


def text(chinese: str, english: str) -> Text:
    return {"zh-hans": chinese, "en": english}


def rule_example(rule: Callable[[Figure, Figure], Figure]) -> Callable[[str, str], str]:
    """Run a rule on two stated figures and tell its value."""
    return lambda first, second: told(rule(stated(first), stated(second)).value)


def listed_example(rule: Callable[[list[Figure]], Figure]) -> Callable[[str], str]:
    """Run a rule on a list of values."""
    return lambda numbers: told(rule([stated(number) for number in numbers.split()]).value)


def transform_example(code: str, frequency: Frequency = Frequency.ANNUAL) -> Callable[..., str]:
    """Run a transform on dated values and tell the last; a second input is its argument."""

    def compute(dated: str, argument: str = "") -> str:
        result = apply(
            code,
            series(dated),
            frequency=frequency,
            nature=Nature.STOCK,
            index_base=Period.parse(argument) if code == "idx" else None,
            window=int(argument) if code == "rm" else None,
            span_start=Period.parse(argument) if code == "cagr" else None,
        )
        return told(result[max(result)].value)

    return compute


def summary_example(pick: Callable[[Summary], Figure | int]) -> Callable[[str], str]:
    """Summarise annual values of a stock and tell one of the results."""

    def compute(dated: str) -> str:
        picked = pick(summarise(series(dated), Frequency.ANNUAL, Nature.STOCK))
        return told(picked.value if isinstance(picked, Figure) else Decimal(picked))

    return compute


def bounds_example(figure: str) -> str:
    """Tell the bounds of a stated figure."""
    bounded = stated(figure)
    return f"{told(bounded.lower)} {told(bounded.upper)}"


def stated(figure: str) -> Figure:
    """Read a stated figure, percent sign or not."""
    unit_kind = "percent" if "%" in figure else "count"
    parsed = parse_stated(figure, unit_kind=unit_kind)
    return Figure.stated(parsed.value, parsed.resolution, parsed.qualifier)


def series(dated: str) -> dict[Period, Figure]:
    """Read ``2017=110 2018=121``."""
    pairs = (item.split("=") for item in dated.split())
    return {Period.parse(code): Figure.stated(Decimal(value)) for code, value in pairs}


def told(number: Decimal | None) -> str:
    """Tell a number to four decimals without needless zeros; none is ∞."""
    if number is None:
        return "∞"
    digits = format(number.quantize(Decimal("0.0001")), "f")
    return digits.rstrip("0").rstrip(".")
