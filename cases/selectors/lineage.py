"""The page of one value: where it comes from, now or as of a moment, as stated or computed."""

from dataclasses import dataclass, replace

from metrics.models import Series
from metrics.selectors.lineage_lines import LineageLine, lineage_line
from metrics.selectors.lineage_steps import asked_of, lineage_of
from metrics.selectors.printing import in_language, series_name
from metrics.selectors.question import Question
from metrics.selectors.question_checks import check_question, usual_aggregation
from metrics.stats.periods import Period


@dataclass(frozen=True, slots=True)
class LineagePage:
    """`tree` is None where the series had no value of the period, then or now."""

    series: Series
    name: str
    entity_name: str
    indicator_name: str
    period: str
    period_label: str
    tree: LineageLine | None


def lineage_page(
    key: str, period: Period, language: str, question: Question, seq: int | None = None
) -> LineagePage:
    """As of a seq (None: now). A fixed number of queries, and three for each level of rules.

    An empty `aggregation` of the question is the usual one. Raises Series.DoesNotExist, and
    QuestionError where the question does not suit the series.
    """
    series = Series.objects.with_definitions().get(key=key)
    asked = [asked_of(series)]
    method = question.aggregation or usual_aggregation(asked)
    question = replace(question, aggregation=method, seq=seq)
    check_question(question, asked)
    node = lineage_of(series, period, question)
    tree = lineage_line(node, language) if node else None
    return LineagePage(
        series=series,
        name=series_name(series, language),
        entity_name=in_language(series.entity, "name", language),
        indicator_name=in_language(series.indicator, "name", language),
        period=period.code,
        period_label=tree.period_label if tree else period.label(language) or period.code,
        tree=tree,
    )
