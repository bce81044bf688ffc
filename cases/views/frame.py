"""The frame of reader pages: their addresses in both languages."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language

from cases.selectors.addresses import language_tag, own_address


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page in a language."""

    language: str
    name: str
    path: str
    url: str
    is_current: bool
    exists: bool

    @property
    def tag(self) -> str:
        """The language as HTML writes it."""
        return language_tag(self.language)

    @property
    def locale(self) -> str:
        """The language as Open Graph writes it."""
        return "en_GB" if self.language == "en" else "zh_CN"


def frame(
    request: HttpRequest, languages: Collection[str], *, has_present: bool = True
) -> dict[str, Any]:
    """What the base template needs: this page's addresses in both languages.

    `languages` are those that have the page; a page of the past may have no present one, which is
    the one that search engines are led to.
    """
    current = get_language()
    paths = {code: translate_url(request.path, code) for code, _ in settings.LANGUAGES}
    alternates = tuple(
        Alternate(
            code, name, paths[code], own_address(paths[code]), code == current, code in languages
        )
        for code, name in settings.LANGUAGES
    )
    return {
        "alternates": alternates,
        "canonical": own_address(request.path) if has_present else "",
        "present": request.path if has_present else "",
        "other_language": next(one for one in alternates if not one.is_current),
        "query": request.GET.urlencode(),
    }


def oembed_address(address: str) -> str:
    """Where another site learns how to show a page of ours: the page names it in its head."""
    asked = urlencode({"format": "json", "url": address})
    return f"{own_address(reverse('oembed'))}?{asked}"
