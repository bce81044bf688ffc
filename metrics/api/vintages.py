"""The days on which a series was published or revised, by its sources."""

from collections import Counter
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.asked_moments import MomentField, asked_seq
from metrics.api.endpoint import Endpoint
from metrics.api.pagination import page_schema
from metrics.api.parameters import validated
from metrics.selectors.observation_page import asked_series
from metrics.selectors.vintages import series_vintages

_VINTAGE = {
    "type": "object",
    "required": ["vintage_date", "values"],
    "properties": {
        "vintage_date": {"type": "string", "format": "date"},
        "values": {"type": "integer", "description": "How many values were new or revised."},
    },
}


class VintageParameters(serializers.Serializer[Any]):
    as_of = MomentField(
        required=False, help_text="As it was told at the end of a day (UTC) or at an instant."
    )


class SeriesVintagesView(Endpoint):
    """Every vintage date of the stated values of a series, in order; all on one page."""

    parameters = frozenset({"as_of"})

    @extend_schema(
        operation_id="series_vintages_list",
        parameters=[VintageParameters],
        responses={(200, "application/json"): page_schema({"type": "array", "items": _VINTAGE})},
    )
    def get(self, request: Request, key: str) -> Response:
        given = validated(VintageParameters, request)
        asked = asked_series([key]).get(key)
        if asked is None:
            raise Http404
        vintages = series_vintages([asked.id], asked_seq(given))[asked.id]
        days = Counter(
            one.realtime_from for slot in vintages.values() for one in slot if one.is_news
        )
        rows = [{"vintage_date": day.isoformat(), "values": days[day]} for day in sorted(days)]
        return Response({"next": None, "previous": None, "results": rows})
