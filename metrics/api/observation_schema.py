"""What OpenAPI says of a page of observations, whose JSON no serializer makes."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from metrics.api.fields import NUMBER_SCHEMA
from metrics.api.observation_parameters import DEFAULT_LIMIT, MAX_LIMIT
from metrics.api.pagination import page_schema
from metrics.api.tabular import CSV, JSON_LINES, SDMX_CSV, XLSX
from metrics.models import NullReason, Qualifier, Status
from metrics.stats.consistency import Consistency, Why

PAGE_PARAMETERS = [
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
        description="Rows a page.",
    ),
    OpenApiParameter(
        "cursor", OpenApiTypes.STR, description="From the links `next` and `previous`."
    ),
]
_DAY = {"type": ["string", "null"], "format": "date"}
_TEXT = {"type": ["string", "null"]}
_INSTANT = {"type": ["string", "null"], "format": "date-time"}
_FIELDS: dict[str, dict[str, Any]] = {
    "series": {"type": "string"},
    "period": {"type": "string", "examples": ["2018", "2018-Q4", "2007/2018", "undated"]},
    "period_start": _DAY,
    "period_end": _DAY,
    "value": NUMBER_SCHEMA,
    "stated": {**_TEXT, "description": "The figure as the source prints it."},
    "resolution": NUMBER_SCHEMA,
    "lower": NUMBER_SCHEMA,
    "upper": NUMBER_SCHEMA,
    "qualifier": {"type": "string", "enum": Qualifier.values},
    "status": {"type": "string", "enum": Status.values},
    "null_reason": {"type": ["string", "null"], "enum": [*NullReason.values, None]},
    "unit": {**_TEXT, "description": "Key of a unit; null for logarithms."},
    "source": {**_TEXT, "description": "Slug of a source; null for what no source states."},
    "locator": _TEXT,
    "vintage_on": _DAY,
    "valid_from": {**_INSTANT, "description": "Null for transforms, which are made on read."},
    "valid_to": _INSTANT,
    "rule": {
        "type": "string",
        "description": "Only where no source states the value: the rule, or `units:` and a code.",
    },
}
_EXTRA: dict[str, dict[str, Any]] = {
    "preferred": {"type": "boolean", "description": "Only with sources=all."},
    "note": {**_TEXT, "description": "Only with sources=all: why, in the editors' words."},
    "realtime_from": {**_DAY, "description": "With real-time parameters: known from this day."},
    "realtime_to": {**_DAY, "description": "Known until before this day; null: still."},
    "vintage_date": {**_DAY, "description": "Only with output_type 2 and 3."},
    "consistency": {
        "type": ["object", "null"],
        "description": "Only with include=consistency; of every stated growth rate or share, and of"
        " what a rule computes as well; null of other values.",
        "required": ["verdict", "lower", "upper", "null_reason", "why"],
        "properties": {
            "verdict": {"type": "string", "enum": [one.value for one in Consistency]},
            "lower": NUMBER_SCHEMA,
            "upper": NUMBER_SCHEMA,
            "null_reason": {
                "type": ["string", "null"],
                "enum": [*NullReason.values, None],
                "description": "Why the levels imply nothing.",
            },
            "why": {
                "type": ["string", "null"],
                "enum": [*(one.value for one in Why), None],
                "description": "What keeps it undecidable.",
            },
        },
    },
}
OBSERVATION: dict[str, Any] = {
    "type": "object",
    "required": [name for name in _FIELDS if name != "rule"],
    "properties": _FIELDS | _EXTRA,
}
PAGE_RESPONSES: Any = {
    (200, "application/json"): OpenApiResponse(
        page_schema({"type": "array", "items": OBSERVATION})
    ),
    (200, CSV): OpenApiResponse(
        OpenApiTypes.STR, description="The same fields as columns; further pages in Link."
    ),
    (200, JSON_LINES): OpenApiResponse(
        OpenApiTypes.STR, description="The rows, each as JSON on a line of its own."
    ),
    (200, XLSX): OpenApiResponse(
        OpenApiTypes.BINARY, description="The same, as the sheet `data` of a workbook."
    ),
    (200, SDMX_CSV): OpenApiResponse(
        OpenApiTypes.STR, description="SDMX-CSV 2.0: the same by dimensions and attributes."
    ),
}
