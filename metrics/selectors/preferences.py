"""Which source was decided to speak for a series, and why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from metrics.models import Preference

Slot = tuple[int, str]  # (series id, period code)
EVERY_PERIOD = ""


@dataclass(frozen=True, slots=True)
class Preferences:
    """The decisions on some series, by slot; one for a period outranks one for all of them."""

    decisions: Mapping[Slot, Preference] = field(default_factory=dict)

    def decision(self, slot: Slot) -> Preference | None:
        return self.decisions.get(slot) or self.decisions.get((slot[0], EVERY_PERIOD))

    def of(self, slot: Slot) -> int | None:
        """The id of the source that was decided for."""
        found = self.decision(slot)
        return found.source_id if found else None


def standing_preferences(series_ids: Collection[int], seq: int | None = None) -> Preferences:
    """The decisions that stood at a seq (None: now). One query."""
    rows = Preference.objects.at_seq(seq).filter(series__in=series_ids)
    return Preferences({(row.series_id, row.period): row for row in rows})
