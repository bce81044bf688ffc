"""docs/methods.md, written from the registry: `python -m metrics.stats.handbook > docs/methods.md`.

A test compares the file with `handbook()`, so the document cannot fall behind the code.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from metrics.stats.natures import NATURES
from metrics.stats.reasons import EVERY
from metrics.stats.registry import STATISTICS, Kind, Statistic
from metrics.stats.registry_reasons import REASONS

HEADINGS = {
    Kind.TRANSFORM: "Transforms (computed on read, never stored)",
    Kind.AGGREGATION: "Aggregations (from shorter to longer periods, before any transform)",
    Kind.RULE: "Rules (join series, cached as derived values)",
    Kind.SUMMARY: "Summaries (one row per series)",
    Kind.BOUND: "Bounds (what a stated figure says of its precision)",
}
INTRODUCTION = """# Methods

Every statistic of the site: formula, unit, minimum data, what happens at gaps, a worked example
and the source of the formula. This file is written from the registry that computes them
(`metrics/stats/registry.py`); the site shows the same at `/methods/`, and a test runs each example.

Arithmetic is decimal with 34 digits, half to even; nothing is rounded before it is printed. What is
missing is null with a reason, never zero.
"""


def handbook() -> str:
    """The whole document as Markdown, in English, with one final newline."""
    parts = [INTRODUCTION, _natures()]
    for kind, heading in HEADINGS.items():
        parts.append(f"## {heading}\n")
        parts += [_entry(item) for item in STATISTICS if item.kind == kind]
    return "\n".join(parts)


def _natures() -> str:
    rows = [
        f"| {rules.nature} | {' '.join(rules.transforms)} | {' '.join(rules.aggregations)} "
        f"| {rules.growth_kind} | {'yes' if rules.summable else 'no'} |"
        for rules in NATURES.values()
    ]
    head = [
        "## What the nature of a series allows\n",
        "| nature | transforms | aggregations over time | growth in | members may be summed |",
        "|---|---|---|---|---|",
    ]
    return _lines([*head, *rows])


def _entry(item: Statistic) -> str:
    example = item.example
    inputs = ", ".join(f"{name} {value}" for name, value in example.inputs.items())
    facts = [
        f"- Formula: {item.formula}",
        f"- Unit: {item.unit['en']}",
        f"- Minimum data: {item.minimum_data['en']}",
        f"- Gaps: {item.gaps['en']}",
        *_reasons(item),
        f"- Bounds: {'carried through' if item.has_bounds else 'none'}",
        f"- Example: {inputs} → {example.output}",
        f"- Source: {item.source['en']}",
    ]
    return _lines([f"### {item.name['en']} (`{item.key}`)\n", *facts])


def _reasons(item: Statistic) -> list[str]:
    reasons = REASONS.get((item.kind, item.key))
    if reasons is None:
        return []
    listed = "any that stands there" if reasons == EVERY else ", ".join(sorted(reasons))
    return [f"- Null reasons: {listed}"]


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(handbook())
