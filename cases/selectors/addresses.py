"""Addresses of reader pages in a language, for whoever renders outside a request."""

from functools import lru_cache

from django.urls import reverse
from django.utils.translation import override

from cases.models import Case


@lru_cache(maxsize=16384)
def page_url(language: str, name: str, *args: str) -> str:
    """The path of a reader page in a language."""
    with override(language):
        return reverse(f"cases:{name}", args=args)


def series_url(key: str, language: str, period: str = "") -> str:
    """The page of a series; with a period, its row there."""
    url = page_url(language, "series", key)
    return f"{url}#{period}" if period else url


def text_url(kind: str, slug: str, language: str) -> str:
    """The page of a case, a technology or the overview."""
    if kind == Case.Kind.OVERVIEW:
        return page_url(language, "overview")
    return page_url(language, "technology" if kind == Case.Kind.TECHNOLOGY else "case", slug)
