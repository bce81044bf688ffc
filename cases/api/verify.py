"""Figures that others print, checked against the record: POST a list, get a verdict for each."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.printed import given_figures, printed_figures
from cases.api.verify_schema import REQUEST, RESPONSES
from cases.selectors.addresses import own_address, series_url
from metrics.api.endpoint import Endpoint
from metrics.api.fields import decimal_text
from metrics.models import Change, Series
from metrics.selectors.observation_page import asked_series
from metrics.selectors.plain import instant_text
from metrics.selectors.printed_claims import Checked, Printed, Stood, check_printed
from metrics.selectors.printing import series_name
from metrics.selectors.restricted import restricted_of
from metrics.selectors.values import Value


class VerifyView(Endpoint):
    """Whether figures are as published: match, rounded match, superseded, or never published.

    A list of up to 500 figures, by series and period, as of now or of a moment. The values compared
    with are those that readers get; an answer is of one moment.
    """

    scope = "verify"
    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="verify",
        request=REQUEST,
        responses=RESPONSES,
    )
    def post(self, request: Request) -> Response:
        given = given_figures(request)
        known = asked_series([one["series"] for one in given])
        figures = printed_figures(given, known)
        checked = _offered(figures, check_printed(figures))
        names = _names(figures, self.language or "en")
        moments = _moments(checked)
        cited = self.language or "en", self.seq
        return Response(
            {
                "results": [
                    _document(one, verdict, raw["raw"], moments, names, cited)
                    for one, verdict, raw in zip(figures, checked, given, strict=True)
                ]
            }
        )


def _offered(figures: Sequence[Printed], checked: Sequence[Checked]) -> list[Checked]:
    """The verdicts, without the figures that sources do not let us offer."""
    restricted = restricted_of({one.series.id for one in figures})
    hidden = restricted.value
    return [
        replace(
            told,
            found=told.found and replace(told.found, value=hidden(one.series.id, told.found.value)),
            current=told.current and hidden(one.series.id, told.current),
        )
        for one, told in zip(figures, checked, strict=True)
    ]


def _names(figures: Sequence[Printed], language: str) -> dict[int, str]:
    rows = Series.objects.with_definitions().filter(pk__in={one.series.id for one in figures})
    return {row.pk: series_name(row, language) for row in rows}


def _moments(checked: Sequence[Checked]) -> dict[int, datetime]:
    seqs = {one.searched_since for one in checked}
    for one in checked:
        seqs |= {one.found.since, one.found.until or 0} if one.found else set()
        seqs |= {one.current.seq} if one.current else set()
    return dict(Change.objects.filter(seq__in=seqs).values_list("seq", "published_at"))


def _document(
    one: Printed,
    checked: Checked,
    raw: dict[str, Any],
    moments: dict[int, datetime],
    names: dict[int, str],
    cited: tuple[str, int],
) -> dict[str, Any]:
    current = Stood(checked.current, checked.current.seq) if checked.current else None
    return {
        "series": one.series.key,
        "period": one.period.code,
        "value": str(raw["value"]),
        "verdict": checked.verdict.value,
        "found": _stood(checked.found, moments),
        "current": _stood(current, moments),
        "searched_since": _instant(checked.searched_since, moments),
        "citation": _citation(one, checked, names, cited),
    }


def _stood(stood: Stood | None, moments: dict[int, datetime]) -> dict[str, Any] | None:
    if stood is None:
        return None
    value: Value = stood.value
    return {
        "value": decimal_text(value.figure.value),
        "lower": decimal_text(value.figure.lower),
        "upper": decimal_text(value.figure.upper),
        "qualifier": str(value.qualifier),
        "status": value.status,
        "null_reason": value.figure.null_reason or None,
        "valid_from": _instant(stood.since, moments),
        "valid_to": _instant(stood.until, moments),
    }


def _instant(seq: int | None, moments: dict[int, datetime]) -> str | None:
    at = moments.get(seq or 0)
    return None if at is None else instant_text(at)


def _citation(
    one: Printed, checked: Checked, names: dict[int, str], cited: tuple[str, int]
) -> dict[str, str] | None:
    """Of what stands now, at an address that stays; none of what has no value."""
    if checked.current is None:
        return None
    language, seq = cited
    url = own_address(series_url(one.series.key, language, one.period.code, seq))
    words = {
        "site": _("Fintech Cases"),
        "name": names[one.series.id],
        "period": one.period.code,
        "day": timezone.localdate().isoformat(),
        "url": url,
    }
    return {
        "text": _("%(site)s: “%(name)s”, %(period)s, as of %(day)s. %(url)s") % words,
        "url": url,
    }
