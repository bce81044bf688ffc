"""Telling clients that an endpoint will go: `Deprecation` (RFC 9745) and `Sunset` (RFC 8594)."""

from dataclasses import dataclass
from datetime import datetime

from django.http.response import HttpResponseBase
from django.utils.http import http_date


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Since when nobody should build on an endpoint any more, when it goes, and what to read."""

    since: datetime
    sunset: datetime | None = None
    link: str = ""


def announce(deprecation: Deprecation, answer: HttpResponseBase) -> None:
    """Put the headers into an answer, beside what its `Link` says already."""
    answer["Deprecation"] = f"@{int(deprecation.since.timestamp())}"
    if deprecation.sunset is not None:
        answer["Sunset"] = http_date(deprecation.sunset.timestamp())
    if deprecation.link:
        links = [answer["Link"]] if answer.has_header("Link") else []
        links.append(f'<{deprecation.link}>; rel="deprecation"; type="text/html"')
        answer["Link"] = ", ".join(links)
