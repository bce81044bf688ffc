"""Cases that have something in common with a case: its technologies, or what they measure."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from cases.models import Case
from cases.selectors.cards import Card, Link, card_of
from cases.selectors.figures import Figures
from cases.selectors.texts import LiveText
from metrics.models import Entity
from metrics.selectors.prepared import prepared

MOST_RELATED = 3
# Some of those near may not be live in a language, or may not have been at a seq.
MOST_NEAR = 12
ENTITY_WEIGHT = 2  # the same company says more than the same technology


def related_cases(text: LiveText, entities: Collection[Entity]) -> dict[int, str]:
    """Slugs by id of the cases with most in common, nearest first, live or not; none for what is no
    case. One query."""
    if text.case.kind != Case.Kind.CASE:
        return {}
    return dict(_nearest(text.case.pk, text.technologies, [one.pk for one in entities]))


@prepared
def _nearest(case: Any, technologies: Any, entities: Any) -> QuerySet[Case, tuple[int, str]]:
    shared = Count("technologies", filter=Q(technologies__slug__any=technologies), distinct=True)
    measured = Count("entities", filter=Q(entities__pk__any=entities), distinct=True)
    found = (
        Case.objects.filter(kind=Case.Kind.CASE)
        .exclude(pk=case)
        .annotate(shared=shared, measured=measured)
        .annotate(common=F("shared") + F("measured") * ENTITY_WEIGHT)
        .filter(common__gt=0)
        .order_by("-common", "position", "slug")
    )
    return found.values_list("pk", "slug")[:MOST_NEAR]


def related_cards(
    near: Iterable[int], texts: Iterable[LiveText], figures: Figures, names: Mapping[str, Link]
) -> tuple[Card, ...]:
    """The nearest of those that are live. No query."""
    live = {text.case.pk: text for text in texts}
    shown = [live[pk] for pk in near if pk in live][:MOST_RELATED]
    return tuple(card_of(text, figures, names) for text in shown)
