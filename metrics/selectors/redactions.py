"""What was taken out of the record of a series, as its page tells it."""

from dataclasses import dataclass
from datetime import datetime

from metrics.models import Series, ValueRedaction
from metrics.selectors.printing import in_language
from metrics.stats.periods import Period

DONE = (ValueRedaction.State.DONE, ValueRedaction.State.LIFTED)


@dataclass(frozen=True, slots=True)
class RedactedValue:
    """A slot that was blanked, when, and why."""

    period: str
    at: datetime
    reason: str


def redacted_values(series: Series, language: str) -> tuple[RedactedValue, ...]:
    """The latest first. One query."""
    rows = ValueRedaction.objects.filter(series=series, state__in=DONE).select_related("change")
    nature = series.indicator.nature
    return tuple(
        RedactedValue(
            Period.parse(row.period).label(language, nature),
            row.change.published_at,
            in_language(row, "reason", language),
        )
        for row in rows.order_by("-change")
        if row.change is not None
    )
