"""Values as machines read them: numbers as decimal text, days and moments in ISO 8601."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any


def plain(value: Any) -> Any:
    """A number in digits, never with an exponent; a day or a moment; all else as it is."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


def instant_text(at: datetime) -> str:
    """2026-11-23T08:00:00Z, with microseconds where there are any."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
