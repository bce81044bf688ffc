"""A picture as readers get it, and what keeps it from being taken out."""

from typing import Any

from cases.markup.references import pictures_of
from cases.models import Picture, Revision


def shown_picture(slug: str, tag: str, extension: str, user: Any) -> Picture | None:
    """The picture of an address with its bytes, for readers once a text has shown it. One query."""
    found = Picture.objects.visible_to(user).filter(slug=slug, digest__startswith=tag).first()
    is_it = found is not None and found.tag == tag and found.extension == extension
    return found if is_it else None


def is_public(picture: Picture) -> bool:
    """Whether readers ever had it."""
    return bool(picture.publications.exists())


def texts_showing(picture: Picture) -> list[str]:
    """The texts with a revision that shows a picture, by name."""
    rows = Revision.objects.filter(body__contains=picture.slug).select_related("text__case")
    showing = (row for row in rows if picture.slug in pictures_of(row))
    return sorted({str(row.text) for row in showing})
