"""Counts and durations for pages of the admin."""

from datetime import timedelta

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def grouped(number: float | None) -> str:
    """1234567 as 1,234,567; a rate below ten keeps one decimal."""
    if number is None:
        return "—"
    is_small_rate = isinstance(number, float) and 0 < number < 10
    return f"{number:,.1f}" if is_small_rate else f"{number:,.0f}"


@register.filter
def duration(span: timedelta | None) -> str:
    """The two largest units: 2 h 5 min, 3 min 20 s, 12 s."""
    if span is None:
        return _("unknown")
    seconds = max(round(span.total_seconds()), 0)
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    if minutes:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
    if not seconds:
        return _("less than a second")
    return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
