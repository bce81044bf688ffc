"""Addresses of reader pages in a language, for whoever renders outside a request."""

from functools import lru_cache
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import override

from cases.models import Case, Picture


def language_tag(language: str) -> str:
    """A language as HTML, feeds and citations write it."""
    return "en" if language == "en" else "zh-Hans"


@lru_cache(maxsize=16384)
def page_url(language: str, name: str, *args: str) -> str:
    """The path of a reader page in a language."""
    with override(language):
        return reverse(f"cases:{name}", args=args)


def series_url(
    key: str, language: str, period: str = "", seq: int | None = None, *, is_long: bool = False
) -> str:
    """The page of a series, as of a seq where one is given; with a period, its row there.

    Of a long one that is on one of several pages, which the query then chooses.
    """
    url = as_of(page_url(language, "series", key), seq)
    if period and is_long:
        url += f"{'&' if '?' in url else '?'}period={quote(period, safe='')}"
    return f"{url}#{period}" if period else url


def picture_url(picture: Picture) -> str:
    """The address of a picture's bytes, the same in every language."""
    return reverse("picture", args=[picture.slug, picture.tag, picture.extension])


def text_url(kind: str, slug: str, language: str, seq: int | None = None) -> str:
    """The page of a case, a technology or the overview, as of a seq where one is given."""
    if kind == Case.Kind.OVERVIEW:
        return as_of(page_url(language, "overview"), seq)
    name = "technology" if kind == Case.Kind.TECHNOLOGY else "case"
    return as_of(page_url(language, name, slug), seq)


def history_url(kind: str, slug: str, language: str) -> str:
    """The history of a case, a technology or the overview."""
    if kind == Case.Kind.OVERVIEW:
        return page_url(language, "overview-history")
    is_technology = kind == Case.Kind.TECHNOLOGY
    return page_url(language, "technology-history" if is_technology else "case-history", slug)


def as_of(path: str, seq: int | None) -> str:
    """The address of a page as it stood at a seq; None: of the present page."""
    return path if seq is None else f"{path}?as_of={seq}"
