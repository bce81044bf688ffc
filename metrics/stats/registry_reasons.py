"""Which reasons for no value each registered statistic can give: a test provokes every one.

What passes on the value of a period as it is (the level, the end of a period) passes on whatever
reason stands in its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from metrics.stats.reasons import EVERY, Reason
from metrics.stats.statistic import Kind

_MISSING = frozenset({Reason.INPUT_MISSING})
_OPEN = frozenset({Reason.NOT_DETERMINABLE})
_BREAK = frozenset({Reason.BREAK})
_NO_HISTORY = frozenset({Reason.INSUFFICIENT_HISTORY})
_BASE = frozenset({Reason.BASE_ZERO})
_SIGN = frozenset({Reason.SIGN_CHANGE})
_INCOMPLETE = frozenset({Reason.INCOMPLETE_PERIOD})
_COMPARED = _MISSING | _OPEN | _BREAK | _NO_HISTORY
_GROWN = _COMPARED | _BASE | _SIGN
_DIVIDED = _MISSING | _BASE | _OPEN

REASONS: Mapping[tuple[Kind, str], frozenset[Reason]] = MappingProxyType(
    {
        (Kind.TRANSFORM, "lin"): EVERY,
        (Kind.TRANSFORM, "chg"): _COMPARED,
        (Kind.TRANSFORM, "ch1"): _COMPARED,
        (Kind.TRANSFORM, "pch"): _GROWN,
        (Kind.TRANSFORM, "pc1"): _GROWN,
        (Kind.TRANSFORM, "pca"): _GROWN,
        (Kind.TRANSFORM, "cch"): _GROWN,
        (Kind.TRANSFORM, "cca"): _GROWN,
        (Kind.TRANSFORM, "log"): _MISSING | _OPEN,
        (Kind.TRANSFORM, "idx"): _GROWN | _INCOMPLETE,
        (Kind.TRANSFORM, "rm"): _COMPARED,
        (Kind.TRANSFORM, "cagr"): _GROWN,
        (Kind.AGGREGATION, "avg"): _INCOMPLETE | _BREAK | _OPEN,
        (Kind.AGGREGATION, "sum"): _INCOMPLETE | _BREAK | _OPEN,
        (Kind.AGGREGATION, "eop"): EVERY,
        (Kind.RULE, "share"): _DIVIDED,
        (Kind.RULE, "ratio"): _DIVIDED,
        (Kind.RULE, "difference"): _MISSING | _OPEN,
        (Kind.RULE, "sum"): _MISSING | _OPEN,
        (Kind.RULE, "growth"): _DIVIDED | _SIGN,
        (Kind.RULE, "implied-prior"): _DIVIDED | _BREAK,
        (Kind.RULE, "implied-prior-points"): _MISSING | _OPEN | _BREAK,
        (Kind.RULE, "rank"): _MISSING,
        (Kind.RULE, "peer-index"): _DIVIDED,
        (Kind.RULE, "formula"): _DIVIDED | _BREAK | _NO_HISTORY,
    }
)
