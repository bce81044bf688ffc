"""The registry of statistics: it drives the API, the pages, the docs and /methods/.

To add one: write the function in its module, add its entry here with a worked example (a test runs
it), and its transform code to transforms.Transform and natures.NATURES if it is a transform.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from metrics.stats.registry_aggregations import AGGREGATIONS
from metrics.stats.registry_rules import BOUNDS, RULES
from metrics.stats.registry_summaries import SUMMARIES
from metrics.stats.registry_transforms import TRANSFORMS
from metrics.stats.statistic import Example, Kind, Statistic

__all__ = ["BY_KEY", "STATISTICS", "Example", "Kind", "Statistic"]

STATISTICS: tuple[Statistic, ...] = (*TRANSFORMS, *AGGREGATIONS, *RULES, *SUMMARIES, *BOUNDS)
# cagr is a transform and a summary, so the kind belongs to the key.
BY_KEY: Mapping[tuple[Kind, str], Statistic] = MappingProxyType(
    {(item.kind, item.key): item for item in STATISTICS}
)
