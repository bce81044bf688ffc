"""What can be asked of observations besides the plain current values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from metrics.selectors.observation_page import COLUMNS
from metrics.stats.natures import NATURES, Nature
from metrics.stats.periods import Period

UNITS_CODES = ("lin", "chg", "ch1", "pch", "pc1", "pca", "cch", "cca", "log", "idx", "rm", "cagr")
REALTIME_COLUMNS = ("realtime_from", "realtime_to")
SOURCE_COLUMNS = ("preferred", "note")
# FRED's output types: what was known on each vintage day; what was new then; first releases.
ALL, NEW_AND_REVISED, FIRST = 2, 3, 4
BY_VINTAGE = (ALL, NEW_AND_REVISED)


@dataclass(frozen=True, slots=True)
class Realtime:
    """Days of the sources' own publications, both ends counted.

    `output_type` is FRED's: 1 what was known in the time, by its interval; 2 everything known on
    each vintage day; 3 only what was new or revised then; 4 first releases only. `days` are
    vintage days asked for one by one; without them all of the range count.
    """

    start: date = date.min
    end: date = date.max
    days: tuple[date, ...] = ()
    output_type: int = 1


@dataclass(frozen=True, slots=True)
class Question:
    """Which values, in which order of computing: as of, aggregated, then transformed."""

    units: str = "lin"
    index_base: Period | None = None
    window: int | None = None
    span_start: Period | None = None
    frequency: str | None = None
    aggregation: str = "avg"
    seq: int | None = None
    has_all_sources: bool = False
    has_consistency: bool = False
    realtime: Realtime | None = None

    @property
    def is_computed(self) -> bool:
        """Whether figures are computed, so that nobody states them."""
        return self.units != "lin" or self.frequency is not None

    @property
    def aggregation_used(self) -> str:
        """The method of aggregation; empty where nothing is aggregated."""
        return self.aggregation if self.frequency else ""

    @property
    def is_plain(self) -> bool:
        """Whether the database can answer by its one statement."""
        return self == Question()

    @property
    def columns(self) -> tuple[str, ...]:
        """The names in JSON and CSV: always the plain ones, then what was asked for besides."""
        more: list[str] = []
        more += SOURCE_COLUMNS if self.has_all_sources else ()
        if self.realtime:
            more += REALTIME_COLUMNS
            more += ["vintage_date"] if self.realtime.output_type in BY_VINTAGE else []
        more += ["consistency"] if self.has_consistency else []
        return (*COLUMNS, *more)


def allowed_transforms(natures: Iterable[str]) -> tuple[str, ...]:
    """The codes that all the natures allow."""
    allowed = [NATURES[Nature(nature)].transforms for nature in natures]
    return tuple(code for code in UNITS_CODES if all(code in codes for codes in allowed))
