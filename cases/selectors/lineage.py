"""The page of one value: where it comes from, now or as of a moment."""

from dataclasses import dataclass

from metrics.models import Series
from metrics.selectors.lineage_lines import LineageLine, lineage_line
from metrics.selectors.lineage_tree import lineage_trees
from metrics.selectors.printing import in_language, series_name
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


def lineage_page(key: str, period: Period, language: str, seq: int | None = None) -> LineagePage:
    """As of a seq (None: now); raises Series.DoesNotExist.

    A fixed number of queries, and three for each level of rules.
    """
    series = Series.objects.with_definitions().get(key=key)
    node = lineage_trees(series, [period], seq).get(period)
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
