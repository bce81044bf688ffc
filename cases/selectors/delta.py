"""The delta of everything: values, definitions, and the texts that came, changed and went."""

from typing import Final

from metrics.selectors.delta import Item, Place, rows_after, value_items

PUBLISHED, TAKEN = 5, 6
_PUBLISHED: Final = """
    SELECT p.seq_from, p.id, c.slug, c.kind, t.language, EXISTS (
        SELECT FROM cases_publication b WHERE b.text_id = p.text_id AND b.seq_from < p.seq_from)
    FROM cases_publication p JOIN cases_casetext t ON t.id = p.text_id
    JOIN cases_case c ON c.id = t.case_id
    WHERE (p.seq_from, p.id) > (%(seq)s, %(first)s)
    ORDER BY p.seq_from, p.id LIMIT %(most)s
"""
_TAKEN: Final = """
    SELECT p.seq_to, p.id, c.slug, c.kind, t.language
    FROM cases_publication p JOIN cases_casetext t ON t.id = p.text_id
    JOIN cases_case c ON c.id = t.case_id
    WHERE (p.seq_to, p.id) > (%(seq)s, %(first)s) AND NOT EXISTS (
        SELECT FROM cases_publication n WHERE n.text_id = p.text_id AND n.seq_from = p.seq_to)
    ORDER BY p.seq_to, p.id LIMIT %(most)s
"""


def delta(place: Place, most: int) -> list[Item]:
    """The next `most` items after a place, in order. Two queries more than `value_items`."""
    found = [*value_items(place, most), *_published(place, most), *_taken(place, most)]
    return sorted(found, key=lambda item: item.place)[:most]


def _published(place: Place, most: int) -> list[Item]:
    return [
        Item(
            Place(seq, PUBLISHED, pk), kind, "revised" if had else "added", slug, language=language
        )
        for seq, pk, slug, kind, language, had in rows_after(_PUBLISHED, place, PUBLISHED, most)
    ]


def _taken(place: Place, most: int) -> list[Item]:
    return [
        Item(Place(seq, TAKEN, pk), kind, "withdrawn", slug, language=language)
        for seq, pk, slug, kind, language in rows_after(_TAKEN, place, TAKEN, most)
    ]
