"""What the address of a series' page asks for, and addresses that ask for something else."""

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from metrics.models import Series
from metrics.selectors.lineage_steps import asked_of
from metrics.selectors.question import Question
from metrics.selectors.question_checks import QuestionError, check_question, usual_aggregation
from metrics.stats.periods import Period

# How many periods a rolling mean takes where nobody says: a year, or what a year has too few of.
USUAL_WINDOWS = {"A": 3, "S": 2, "Q": 4, "M": 12, "W": 52, "D": 7}


@dataclass(frozen=True, slots=True)
class SeriesAsked:
    """How the values of a series are shown.

    The question is that of the API; its `seq` is set with `as_of`, whose text is kept. Of `first`
    and `last` either may be None: without an end. `page` counts the pages of the table from 1; 0 is
    the one with the chosen period. `period` is the one whose history is told; None: the latest.
    """

    question: Question = field(default_factory=Question)
    first: Period | None = None
    last: Period | None = None
    page: int = 0
    period: Period | None = None
    as_of: str = ""

    @property
    def computing(self) -> list[tuple[str, str]]:
        """The parameters that say how values are computed; the usual is not named."""
        question = self.question
        pairs = [
            ("units", "" if question.units == "lin" else question.units),
            ("index_base", _code(question.index_base)),
            ("window", str(question.window or "")),
            ("span_start", _code(question.span_start)),
            ("frequency", question.frequency or ""),
            ("aggregation_method", question.aggregation if question.frequency else ""),
        ]
        return [(name, text) for name, text in pairs if text]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Those that say which values, of which time: what a file of them takes too."""
        pairs = [("from", _code(self.first)), ("to", _code(self.last)), ("as_of", self.as_of)]
        return self.computing + [(name, text) for name, text in pairs if text]

    @property
    def given(self) -> list[tuple[str, str]]:
        """All parameters of the address, in one order."""
        page = [("page", str(self.page))] if self.page else []
        period = [("period", self.period.code)] if self.period else []
        return self.shown + page + period

    @property
    def is_changed(self) -> bool:
        """Whether other values are shown, or fewer, than the plain page has."""
        return self.question.is_computed or self.has_range

    @property
    def has_range(self) -> bool:
        return self.first is not None or self.last is not None

    @property
    def query(self) -> str:
        return urlencode(self.given)

    @property
    def files(self) -> str:
        """The query of the files that hold what is shown."""
        return urlencode(self.shown)

    @property
    def lineage(self) -> str:
        """The query of the lineage of a value shown, but for its period."""
        return urlencode(self.computing + ([("as_of", self.as_of)] if self.as_of else []))

    def but(self, **changes: Any) -> str:
        """The query of the same page with something else."""
        return replace(self, **changes).query


def completed(asked: SeriesAsked, series: Series) -> SeriesAsked:
    """With the usual method of aggregation and the usual window where none is named.

    Raises QuestionError where the question does not suit the series. The base of an index, which
    depends on the values, is completed where they are known.
    """
    question = asked.question
    if question.frequency == series.frequency:
        question = replace(question, frequency=None)
    if question.frequency and not question.aggregation:
        question = replace(question, aggregation=usual_aggregation([asked_of(series)]))
    if question.units == "rm" and question.window is None:
        frequency = question.frequency or series.frequency
        question = replace(question, window=USUAL_WINDOWS[frequency])
    check_question(question, [asked_of(series)])
    return replace(asked, question=question)


def based(asked: SeriesAsked, base: Period | None) -> SeriesAsked:
    """With the base of an index where none is named. Raises QuestionError where there is none."""
    question = asked.question
    if question.units != "idx" or question.index_base is not None:
        return asked
    if base is None:
        raise QuestionError("units", "no_base", _("No period of it can be set to 100."))
    return replace(asked, question=replace(question, index_base=base))


def _code(period: Period | None) -> str:
    return period.code if period else ""
