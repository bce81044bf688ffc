"""Places in rankings before and after a change."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from metrics.models import Change, DerivedValue, Series

MOST_PLACES: Final = 500
Cell = tuple[int, str]  # (series id, period code)


@dataclass(frozen=True, slots=True)
class Places:
    """Places by cell, and how many more there are."""

    places: Mapping[Cell, Decimal | None]
    further: int = 0


def places_changed_by(change: Change) -> Places:
    """The places that a change wrote, latest periods first; MOST_PLACES of them. Two queries."""
    rows = DerivedValue.objects.filter(
        rule_version__rule__kind="rank", computed_seq=change.seq
    ).order_by("-period_end", "series_id")
    shown = rows.values_list("series_id", "period", "value")[:MOST_PLACES]
    places = {(pk, period): value for pk, period, value in shown}
    return Places(places, rows.count() - len(places))


def places_of(cells: Collection[Cell]) -> dict[Cell, Decimal | None]:
    """The places that stand in some cells. One query."""
    if not cells:
        return {}
    series_ids, periods = zip(*cells, strict=True)
    rows = DerivedValue.objects.filter(
        series__in=set(series_ids), period__in=set(periods), rule_version__rule__kind="rank"
    )
    standing = rows.values_list("series_id", "period", "value")
    found = {(pk, period): value for pk, period, value in standing}
    return {cell: found.get(cell) for cell in cells}


def keys_of(series_ids: Collection[int]) -> dict[int, str]:
    """The keys of some series. One query."""
    return dict(Series.objects.filter(pk__in=series_ids).values_list("pk", "key"))
