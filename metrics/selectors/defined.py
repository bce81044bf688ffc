"""Which series a change of definitions is about."""

from collections import defaultdict
from typing import Final

from django.db.models import Q

from metrics.models import Change, DefinitionEdit, Series

# By kind of definition, the way to it from a series. A source is none: it changes no figure.
_WAYS: Final = {
    "unit": "indicator__unit__key",
    "indicator": "indicator__key",
    "entity": "entity__slug",
    "series": "key",
}


def series_defined_in(change: Change) -> set[int]:
    """Ids of the series whose unit, indicator, entity or own definition a change adds or revises,
    or what was edited in its transaction so far. Two queries.
    """
    edits = DefinitionEdit.objects.filter(Q(seq=change.seq) | Q(seq=None), kind__in=_WAYS)
    keys: dict[str, list[str]] = defaultdict(list)
    for kind, key in edits.values_list("kind", "key"):
        keys[kind].append(key)
    if not keys:
        return set()
    about = Q()
    for kind, named in keys.items():
        about |= Q(**{f"{_WAYS[kind]}__any": named})
    return set(Series.objects.filter(about).values_list("pk", flat=True))
