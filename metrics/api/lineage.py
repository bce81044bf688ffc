"""The tree behind one value: rules, inputs, and what sources state."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.asked_moments import MomentField, asked_seq
from metrics.api.endpoint import Endpoint
from metrics.api.fields import NUMBER_SCHEMA, decimal_text
from metrics.api.parameters import validated
from metrics.models import Series
from metrics.selectors.lineage_tree import LineageNode, lineage_trees
from metrics.stats.periods import Period, PeriodError

_TEXT = {"type": ["string", "null"]}
_NODE: dict[str, Any] = {
    "type": "object",
    "required": ["series", "period", "value", "unit", "observation", "rule", "inputs", "further"],
    "properties": {
        "role": {**_TEXT, "description": "Its part in the rule above; null for the value itself."},
        "series": {"type": "string"},
        "period": {"type": "string"},
        "value": NUMBER_SCHEMA,
        "lower": NUMBER_SCHEMA,
        "upper": NUMBER_SCHEMA,
        "qualifier": {"type": "string"},
        "status": {"type": "string"},
        "null_reason": _TEXT,
        "unit": {"type": "string"},
        "observation": {
            "type": ["object", "null"],
            "description": "What a source states: source, locator, stated, vintage_on.",
        },
        "rule": {
            "type": ["object", "null"],
            "description": "What computes the value: key, kind, version, parameters.",
        },
        "inputs": {
            "type": "array",
            "items": {"type": "object", "description": "A value like this one."},
        },
        "further": {"type": "integer", "description": "Inputs that are not listed, the smaller."},
    },
}


class AnyPeriodField(serializers.CharField):
    """A period code: 2018, 2018-Q4, 2007/2018, undated."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return Period.parse(super().to_internal_value(data))
        except PeriodError as error:
            raise serializers.ValidationError(str(error), code="invalid") from error


class LineageParameters(serializers.Serializer[Any]):
    period = AnyPeriodField(help_text="The period of the value.")
    as_of = MomentField(
        required=False, help_text="As it stood at the end of a day (UTC) or at an instant."
    )


class SeriesLineageView(Endpoint):
    """Where a value comes from, down to source and locator: at most 8 levels and 200 values."""

    parameters = frozenset({"period", "as_of"})

    @extend_schema(
        operation_id="series_lineage",
        parameters=[LineageParameters],
        responses={(200, "application/json"): _NODE},
    )
    def get(self, request: Request, key: str) -> Response:
        given = validated(LineageParameters, request)
        series = Series.objects.filter(key=key).first()
        if series is None:
            raise Http404
        trees = lineage_trees(series, [given["period"]], asked_seq(given))
        if not trees:
            raise Http404
        return Response(_document(trees[given["period"]]))


def _document(node: LineageNode) -> dict[str, Any]:
    value = node.value
    return {
        "role": node.role or None,
        "series": node.series.key,
        "period": value.period.code,
        "value": decimal_text(value.figure.value),
        "lower": decimal_text(value.figure.lower),
        "upper": decimal_text(value.figure.upper),
        "qualifier": str(value.qualifier),
        "status": value.status,
        "null_reason": value.figure.null_reason or None,
        "unit": node.series.indicator.unit.key,
        "observation": _observation(node),
        "rule": _rule(node),
        "inputs": [_document(one) for one in node.inputs],
        "further": node.further,
    }


def _observation(node: LineageNode) -> dict[str, Any] | None:
    if node.source is None:
        return None
    value = node.value
    return {
        "source": node.source.slug,
        "locator": value.locator or None,
        "stated": value.stated or None,
        "vintage_on": value.vintage_on.isoformat() if value.vintage_on else None,
    }


def _rule(node: LineageNode) -> dict[str, Any] | None:
    if node.rule is None:
        return None
    return {
        "key": node.rule.rule.key,
        "kind": node.rule.rule.kind,
        "version": node.rule.number,
        "parameters": node.parameters,
    }
