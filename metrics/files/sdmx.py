"""Observations as SDMX-CSV 2.0: a line names a dataflow of ours, its dimensions and a value.

https://github.com/sdmx-twg/sdmx-csv/blob/v2.0.0/data-message/docs/sdmx-csv-field-guide.md
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from metrics.selectors.question import Question
from metrics.stats.periods import OPEN, SPAN, UNDATED, Period

NOT_APPLICABLE: Final = "_Z"  # as the code lists of SDMX have it
_AGENCY, _VERSION, _INFORMATION = "FINTECH", "1.0.0", "I"
_KEY: Final = ("FREQ", "ENTITY", "INDICATOR", "TRANSFORM", "TIME_PERIOD")
_NAMES: Final = {"value": "OBS_VALUE", "status": "OBS_STATUS", "unit": "UNIT_MEASURE"}
# What the dimensions say.
_TOLD: Final = frozenset({"series", "period_start", "period_end"})
# A dataflow has one value for a key, so several a period take dimensions of their own.
_DATAFLOWS: Final = {
    (): "OBSERVATIONS",
    ("source",): "STATEMENTS",
    ("realtime_from",): "VINTAGES",
    ("vintage_date",): "VINTAGES_BY_DATE",
}


def sdmx_rows(
    rows: Iterable[Sequence[Any]], frequencies: Mapping[str, str], question: Question
) -> Iterator[list[Any]]:
    """The header and a line for each row of the question's columns; frequencies by series key."""
    more = _more(question)
    dataflow = f"{_AGENCY}:{_DATAFLOWS[more]}({_VERSION})"
    rest = [name for name in question.columns if name not in (*_TOLD, *more, "value")]
    rest.sort(key=lambda name: name != "status")  # stable
    dimensions = [*_KEY, *(name.upper() for name in more)]
    attributes = [_NAMES.get(name, name.upper()) for name in rest]
    yield ["STRUCTURE", "STRUCTURE_ID", "ACTION", *dimensions, "OBS_VALUE", *attributes]
    for row in rows:
        told = dict(zip(question.columns, row, strict=True))
        own = [NOT_APPLICABLE if told[name] is None else told[name] for name in more]
        key = _key(told, frequencies[told["series"]], question)
        shown = [told["value"], *(told[name] for name in rest)]
        yield ["dataflow", dataflow, _INFORMATION, *key, *own, *shown]


def sdmx_period(period: Period) -> str:
    """A period as SDMX writes it.

    Regular ones are written alike there; a span is its first day and its length, an open span the
    instant of its beginning, and what has no date is not applicable.
    """
    if period.kind == UNDATED or period.start is None:
        return NOT_APPLICABLE
    if period.kind == OPEN:
        return f"{period.start.isoformat()}T00:00:00"
    if period.kind == SPAN:
        return f"{period.start.isoformat()}/{_length(period)}"
    return period.code


def _more(question: Question) -> tuple[str, ...]:
    """The columns that tell apart the rows of one period."""
    if question.realtime is not None:
        by_day = "vintage_date" in question.columns
        return ("vintage_date",) if by_day else ("realtime_from",)
    return ("source",) if question.has_all_sources else ()


def _key(told: Mapping[str, Any], frequency: str, question: Question) -> list[str]:
    entity, indicator = told["series"].split(".")[:2]
    period = sdmx_period(Period.parse(told["period"]))
    return [question.frequency or frequency, entity, indicator, question.units, period]


def _length(span: Period) -> str:
    """As ISO 8601 has it: of years, months or days."""
    first, _slash, last = span.code.partition("/")
    begin, end = Period.parse(first), Period.parse(last)
    count = (end.ordinal or 0) - (begin.ordinal or 0) + 1
    number, letter = {"A": (1, "Y"), "S": (6, "M"), "Q": (3, "M"), "M": (1, "M"), "W": (7, "D"),
                      "D": (1, "D")}[begin.kind]  # fmt: skip
    return f"P{count * number}{letter}"
