"""Slots that are redacted take no values."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from metrics.models import StagedObservation, ValueRedaction
from metrics.services.two_persons import TwoPersonError


def refuse_redacted(rows: Iterable[StagedObservation]) -> None:
    """Raise TwoPersonError for staged values of redacted slots. At most one query."""
    stated = {(row.series_id, row.period) for row in rows if row.value is not None}
    if not stated:
        return
    done = ValueRedaction.objects.filter(
        state=ValueRedaction.State.DONE, series__in={series_id for series_id, _period in stated}
    ).select_related("series")
    for redaction in done:
        if (redaction.series_id, redaction.period) in stated:
            text = _("%(slot)s is redacted: a superuser has to lift that before it gets a value.")
            raise TwoPersonError(text % {"slot": redaction})
