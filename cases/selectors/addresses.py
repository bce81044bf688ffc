"""Addresses of reader pages in a language, for whoever renders outside a request."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from cases.models import Case, Picture


def own_address(path: str) -> str:
    """A path with the scheme and host of the site: SITE_URL, and never what a request says.

    What is made here is kept and shared by whatever hosts the site answers to.
    """
    return f"{settings.SITE_URL.rstrip('/')}{path}"


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
    if seq is None:
        return path
    return f"{path}{'&' if '?' in path else '?'}as_of={seq}"


@dataclass(frozen=True, slots=True)
class ChartAddresses:
    """Where a chart stands alone: as SVG, as PNG, and in a frame of another page."""

    svg: str
    png: str
    embed: str


def text_chart_addresses(
    kind: str, slug: str, language: str, name: str, seq: int | None = None
) -> ChartAddresses:
    """Of the chart of a name in a text, as of a seq where one is given."""
    args = (name,) if kind == Case.Kind.OVERVIEW else (slug, name)
    svg, png, embed = (
        as_of(page_url(language, f"{kind}-chart-{form}", *args), seq)
        for form in ("svg", "png", "embed")
    )
    return ChartAddresses(svg, png, embed)


def series_chart_addresses(key: str, language: str, query: str = "") -> ChartAddresses:
    """Of the chart of a series as its page is asked for it."""
    svg, png, embed = (
        page_url(language, f"series-chart-{form}", key) + (f"?{query}" if query else "")
        for form in ("svg", "png", "embed")
    )
    return ChartAddresses(svg, png, embed)


def card_url(language: str, kind: str, key: str) -> str:
    """The picture that stands for a text or a series where its page is shared."""
    return page_url(language, f"{kind}-card", *(() if kind == Case.Kind.OVERVIEW else (key,)))
