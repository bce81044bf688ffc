"""What was taken out of all revisions of a text, as its history tells it."""

from dataclasses import dataclass
from datetime import datetime

from cases.models import PassageRedaction
from metrics.selectors.printing import in_language


@dataclass(frozen=True, slots=True)
class RedactedPassage:
    """When a passage was taken out, and why; `period` is there for the template of values."""

    at: datetime
    reason: str
    period: str = ""


def redacted_passages(slug: str, language: str) -> tuple[RedactedPassage, ...]:
    """The latest first. One query."""
    rows = PassageRedaction.objects.filter(
        text__case__slug=slug, text__language=language, state=PassageRedaction.State.DONE
    ).select_related("change")
    return tuple(
        RedactedPassage(row.change.published_at, in_language(row, "reason", language))
        for row in rows.order_by("-change")
        if row.change is not None
    )
