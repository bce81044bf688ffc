"""Texts that quote a series: in what readers have or had, or in words that wait."""

from django.db.models import Q

from cases.markup.references import series_of
from cases.models import Revision


def texts_quoting(key: str) -> int:
    """How many texts have a revision that quotes the series, old ones included. One query."""
    mentioned = Q(title__contains=key) | Q(standfirst__contains=key) | Q(body__contains=key)
    return len(
        {
            revision.text_id
            for revision in Revision.objects.filter(mentioned).iterator(chunk_size=200)
            if key in series_of(revision)
        }
    )
