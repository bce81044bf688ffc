"""Cases by technology and entity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.models import Case
from cases.selectors.cards import Card, Shelf
from metrics.models import Entity
from metrics.selectors.catalogue import Choice
from metrics.selectors.printing import in_language

# parameter, value, allowed values with their names
Refusal = tuple[str, str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class FilteredCases:
    """The cases that match, what may be chosen, and what was refused."""

    cards: tuple[Card, ...]
    technologies: tuple[Choice, ...]
    entities: tuple[Choice, ...]
    refused: Refusal | None
    is_filtered: bool


def case_filters(texts: Shelf, language: str, asked: Mapping[str, Sequence[str]]) -> FilteredCases:
    """The cases of a shelf that match what was asked. Two queries."""
    cards = texts.of_kind(Case.Kind.CASE)
    members = entities_by_case([card.slug for card in cards])
    technologies = _choices(
        {card.slug: card.name for card in texts.of_kind(Case.Kind.TECHNOLOGY)},
        asked["technology"],
    )
    entities = _choices(
        {e.slug: in_language(e, "name", language) for found in members.values() for e in found},
        asked["entity"],
    )
    technology, entity = _chosen(technologies), _chosen(entities)
    kept = tuple(
        card
        for card in cards
        if (not technology or technology in {link.slug for link in card.technologies})
        and (not entity or entity in {e.slug for e in members.get(card.slug, ())})
    )
    refused = _refusal("technology", asked["technology"], technologies) or _refusal(
        "entity", asked["entity"], entities
    )
    return FilteredCases(kept, technologies, entities, refused, bool(technology or entity))


def entities_by_case(slugs: Sequence[str]) -> dict[str, list[Entity]]:
    """The entities of some cases. Two queries."""
    rows = Case.objects.filter(slug__in=slugs).prefetch_related("entities")
    return {row.slug: list(row.entities.all()) for row in rows}


def _choices(names: Mapping[str, str], asked: Sequence[str]) -> tuple[Choice, ...]:
    pairs = sorted(names.items(), key=lambda pair: pair[1])
    return tuple(Choice(slug, name, list(asked) == [slug]) for slug, name in pairs)


def _chosen(choices: Sequence[Choice]) -> str:
    return next((choice.value for choice in choices if choice.is_chosen), "")


def _refusal(name: str, asked: Sequence[str], choices: Sequence[Choice]) -> Refusal | None:
    """An empty value asks for everything; two values or an unknown one are refused."""
    if list(asked) in ([], [""]) or _chosen(choices):
        return None
    return name, ", ".join(asked), tuple((choice.value, choice.name) for choice in choices)
