"""The key indicators of an entity: what the live texts lead with, then what they quote most."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from cases.markup.exhibits import KeyFigures
from cases.markup.references import cells_of
from cases.markup.text import ParsedText, Text
from cases.selectors.texts import live_publications, parsed
from metrics.selectors.catalogue import SeriesLine

MOST_KEY_LINES = 4


def key_lines(
    lines: Sequence[SeriesLine], language: str, user: Any = None
) -> tuple[SeriesLine, ...]:
    """Of the series with a value those that stand among key figures of live texts, most first.

    Then those that are quoted at all. One query.
    """
    known = {line.key: line for line in lines if line.number}
    rows = live_publications(language, user).filter(quoted_series__key__in=known).distinct()
    leading: Counter[str] = Counter()
    quoted: Counter[str] = Counter()
    for row in rows:
        revision = row.revision
        text = parsed(Text(revision.title, revision.standfirst, revision.body))
        leading.update(key for key in _leading(text) if key in known)
        quoted.update({cell.series for cell in cells_of(text)} & known.keys())
    ordered = sorted(quoted, key=lambda key: (-leading[key], -quoted[key], key))
    return tuple(known[key] for key in ordered[:MOST_KEY_LINES])


def _leading(text: ParsedText) -> list[str]:
    """The series among the key figures of a text."""
    exhibits = [one for one in text.body.exhibits if isinstance(one, KeyFigures)]
    return [item.value.series for exhibit in exhibits for item in exhibit.items]
