"""What a page says of itself to machines: schema.org as JSON-LD."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.selectors.addresses import language_tag
from cases.selectors.notices import Notice
from cases.selectors.pages import TextPage
from cases.selectors.series import SeriesPage
from metrics.stats.periods import Period

_UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def article(page: TextPage, *, title: str, description: str, address: Any) -> str:
    """A text, its sources and what was put right in it. `address` makes a path absolute."""
    text = page.text
    return _written(
        {
            "@type": "Article",
            "headline": title,
            "description": description,
            "inLanguage": language_tag(text.language),
            "url": address(text.url),
            "mainEntityOfPage": address(text.url),
            "datePublished": _moment(text.published_at),
            "dateModified": _moment(page.updated_at or text.published_at),
            "publisher": {"@type": "Organization", "name": _("Fintech Cases")},
            "isAccessibleForFree": True,
            "about": [
                {"@type": "Thing", "name": link.name, "url": address(link.url)}
                for link in page.entities
            ],
            "citation": [
                {"@type": "CreativeWork", "name": source.title, "url": address(source.url)}
                for source in page.sources
            ],
            "associatedMedia": _downloads(address(text.url)),
            "correction": list(_corrections(page.notices, address(text.url))),
        }
    )


FORMATS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "zip": "application/zip",
}


def dataset(page: SeriesPage, *, url: str, address: Any) -> str:
    """A series: what it measures, of which time, and where its values can be had."""
    record = page.record
    return _written(
        {
            "@type": "Dataset",
            "name": record.name,
            "description": page.definition or record.name,
            "identifier": record.series.key,
            "url": address(url),
            "variableMeasured": page.indicator_name,
            "temporalCoverage": _coverage(page.periods),
            "publisher": {"@type": "Organization", "name": _("Fintech Cases")},
            "isAccessibleForFree": True,
            "about": {"@type": "Thing", "name": page.entity_name},
            "distribution": _downloads(address(url)),
            "correction": list(_corrections(page.notices, address(url))),
        }
    )


def _downloads(url: str) -> list[dict[str, str]]:
    """The files of a page, in every format."""
    return [
        {
            "@type": "DataDownload",
            "encodingFormat": kind,
            "contentUrl": f"{url.rstrip('/')}.{form}",
        }
        for form, kind in FORMATS.items()
    ]


def _corrections(notices: Iterable[Notice], url: str) -> Iterable[dict[str, Any]]:
    for notice in notices:
        lines = (f"{one.name}, {one.label}: {one.before} → {one.after}" for one in notice.lines)
        told = "; ".join(lines)
        yield {
            "@type": "CorrectionComment",
            "datePublished": _moment(notice.at),
            "text": ". ".join(part for part in (notice.reason, told) if part)
            or pgettext("notice", "The words of this text."),
            "url": f"{url}#notices",
        }


def _coverage(periods: Iterable[Period]) -> str:
    """The span of time in ISO 8601, from the first day to the last; open ends are left out."""
    days = [(period.start, period.end) for period in periods]
    known = [(start, end) for start, end in days if start and end]
    return f"{min(known)[0]}/{max(end for _, end in known)}" if known else ""


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _written(data: dict[str, Any]) -> str:
    """As a script holds it: nothing in it ends the element; what is empty is left out."""
    kept = {"@context": "https://schema.org"} | {k: v for k, v in data.items() if v not in ("", [])}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)
