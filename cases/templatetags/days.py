"""Days in words."""

from datetime import date

from django import template
from django.utils.dateformat import format as formatted
from django.utils.translation import get_language

register = template.Library()
FORMATS = {"zh-hans": "Y年n月j日", "en": "j F Y"}


@register.filter(expects_localtime=True)
def day(value: date) -> str:
    """2026年11月23日, 23 November 2026."""
    return formatted(value, FORMATS.get(get_language() or "", FORMATS["en"]))
