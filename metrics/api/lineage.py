"""The tree behind one value: rules, inputs, and what sources state."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.endpoint import Endpoint
from metrics.api.fields import NUMBER_SCHEMA, decimal_text
from metrics.api.parameters import validated
from metrics.api.value_parameters import AnyPeriodField, ValueParameters, question_of
from metrics.models import Series, Source
from metrics.selectors.lineage_node import LineageNode
from metrics.selectors.observation_page import asked_series
from metrics.selectors.restricted_lineage import offered_lineage
from metrics.selectors.values import Value

_TEXT = {"type": ["string", "null"]}
_NODE: dict[str, Any] = {
    "type": "object",
    "required": [
        "series",
        "period",
        "value",
        "unit",
        "observation",
        "rivals",
        "rule",
        "inputs",
        "further",
        "days",
    ],
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
        "unit": _TEXT,
        "observation": {
            "type": ["object", "null"],
            "description": "What a source states: source, locator, stated, vintage_on.",
        },
        "rivals": {
            "type": "array",
            "items": {"type": "object", "description": "Source, locator, stated, value."},
            "description": "What other sources state of the period, without being preferred.",
        },
        "rule": {
            "type": ["object", "null"],
            "description": "What computes the value: key, kind, version, parameters. A transform"
            " is units:pc1 or the like, an aggregation aggregation:sum.",
        },
        "inputs": {
            "type": "array",
            "items": {"type": "object", "description": "A value like this one."},
        },
        "further": {
            "type": "integer",
            "description": "Inputs that are not listed: of a rule the smaller, of a step the rest.",
        },
        "days": {
            "type": ["object", "null"],
            "description": "Where a step leaves inputs out, the observation_start and"
            " observation_end that list them all.",
        },
    },
}


class LineageParameters(ValueParameters):
    """The value is named as observations name it: by period, units, frequency and moment."""

    period = AnyPeriodField(help_text="The period of the value.")


class SeriesLineageView(Endpoint):
    """Where a value comes from, down to source and locator: at most 8 levels and 200 values."""

    parameters = frozenset(LineageParameters().fields)

    @extend_schema(
        operation_id="series_lineage",
        parameters=[LineageParameters],
        responses={(200, "application/json"): _NODE},
    )
    def get(self, request: Request, key: str) -> Response:
        given = validated(LineageParameters, request)
        asked = list(asked_series([key]).values())
        if not asked:
            raise Http404
        series = Series.objects.with_definitions().get(pk=asked[0].id)
        tree = offered_lineage(series, given["period"], question_of(given, asked))
        if tree is None:
            raise Http404
        return Response(_document(tree))


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
        "unit": node.unit.key if node.unit else None,
        "observation": _observation(node),
        "rivals": [_stated(one.value, one.source, with_value=True) for one in node.rivals],
        "rule": _rule(node),
        "inputs": [_document(one) for one in node.inputs],
        "further": node.further,
        "days": _days(node),
    }


def _days(node: LineageNode) -> dict[str, str] | None:
    if node.days is None:
        return None
    first, last = node.days
    return {"observation_start": first.isoformat(), "observation_end": last.isoformat()}


def _observation(node: LineageNode) -> dict[str, Any] | None:
    return _stated(node.value, node.source) if node.source else None


def _stated(value: Value, source: Source, *, with_value: bool = False) -> dict[str, Any]:
    told = {
        "source": source.slug,
        "locator": value.locator or None,
        "stated": value.stated or None,
        "vintage_on": value.vintage_on.isoformat() if value.vintage_on else None,
    }
    if with_value:
        told["value"] = decimal_text(value.figure.value)
        told["null_reason"] = value.figure.null_reason or None
    return told


def _rule(node: LineageNode) -> dict[str, Any] | None:
    if node.rule is None:
        kind, _, _ = node.step.partition(":")
        return {"key": node.step, "kind": kind, "version": None, "parameters": {}} if kind else None
    return {
        "key": node.rule.rule.key,
        "kind": node.rule.rule.kind,
        "version": node.rule.number,
        "parameters": node.parameters,
    }
