"""What a chart is made of: the input of `metrics.charts.render_chart`."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

ChartKind = Literal[
    "bar", "column", "grouped", "stacked", "line", "step", "multiples", "slope", "dots"
]
Width = Literal["wide", "narrow"]
PointKind = Literal["stated", "implied", "derived", "forecast"]

# Values that nobody stated for their period look different wherever they are drawn.
TENTATIVE_KINDS = frozenset({"implied", "forecast"})


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One value of one period.

    `period` is the canonical period code and orders the points; `label` is its printed form.
    `text` is the printed value, qualifier word included; for a missing value it says why
    (an empty text prints as a dash). `lower` and `upper` bound the value; None is no bound.
    `is_break`: measured by another definition than the point before, so the two are not joined.
    """

    period: str
    label: str
    value: Decimal | None
    lower: Decimal | None = None
    upper: Decimal | None = None
    qualifier: str = "exact"
    kind: PointKind = "stated"
    text: str = ""
    null_reason: str = ""
    is_break: bool = False

    @property
    def is_tentative(self) -> bool:
        return self.kind in TENTATIVE_KINDS


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """A named run of points; a period appears at most once."""

    key: str
    label: str
    points: tuple[ChartPoint, ...]


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """One drawing. `language` is "zh-hans" or "en"; `unit_text` is the unit's printed name.

    `stacked` adds the values of a period up, so its series must be parts of one whole; `slope`
    shows the first and the last period there is; `dots` shows each series' first.

    `totals`: of a stack, what the parts of each period come to. `title` and `description` become
    the accessible name and description; the visible title belongs to the page around the chart.
    """

    kind: ChartKind
    title: str
    description: str
    language: str
    series: tuple[ChartSeries, ...]
    unit_text: str = ""
    width: Width = "wide"
    totals: tuple[ChartPoint, ...] = ()

    @property
    def points(self) -> tuple[ChartPoint, ...]:
        return tuple(point for series in self.series for point in series.points)


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a timeline: `period` is the canonical code, `label` its printed form.

    `name` says whose it is where a timeline tells of several; `tone` is their colour.
    """

    period: str
    label: str
    text: str
    name: str = ""
    tone: int = 0


@dataclass(frozen=True, slots=True)
class TimelineSpec:
    """A drawing of events in the order of time; title and description as in `ChartSpec`."""

    title: str
    description: str
    language: str
    events: tuple[Happening, ...]
    width: Width = "wide"


Spec = ChartSpec | TimelineSpec
