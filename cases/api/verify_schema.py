"""What OpenAPI says of figures and their verdicts."""

from typing import Any

from cases.api.printed import MOST_FIGURES
from metrics.api.fields import NUMBER_SCHEMA
from metrics.selectors.printed_claims import Verdict

_TEXT: dict[str, Any] = {"type": "string"}
_MOMENT = {"type": ["string", "null"], "format": "date-time"}
_VALUE: dict[str, Any] = {
    "type": ["object", "null"],
    "required": ["value", "lower", "upper", "qualifier", "status", "null_reason", "valid_from",
                 "valid_to"],
    "properties": {
        "value": NUMBER_SCHEMA, "lower": NUMBER_SCHEMA, "upper": NUMBER_SCHEMA,
        "qualifier": _TEXT, "status": _TEXT, "null_reason": {"type": ["string", "null"]},
        "valid_from": _MOMENT, "valid_to": _MOMENT,
    },
}  # fmt: skip
_FIGURE: dict[str, Any] = {
    "type": "object",
    "required": ["series", "period", "value"],
    "properties": {
        "series": _TEXT,
        "period": _TEXT,
        "value": {
            "type": ["string", "number"],
            "description": "As printed, in the unit of the series, without separators: the digits"
            " say how far it was rounded.",
            "examples": ["829000000", "98.6"],
        },
        "as_of": {**_TEXT, "examples": ["2027-03-01"]},
    },
    "additionalProperties": False,
}
_VERDICT: dict[str, Any] = {
    "type": "object",
    "required": ["series", "period", "value", "verdict", "found", "current", "searched_since",
                 "citation"],
    "properties": {
        "series": _TEXT, "period": _TEXT, "value": _TEXT,
        "verdict": {"type": "string", "enum": [one.value for one in Verdict]},
        "found": {**_VALUE, "description": "The published value that the figure agrees with."},
        "current": {**_VALUE, "description": "What stands now."},
        "searched_since": {**_MOMENT, "description": "Of derived values, the moment before which"
                           " no earlier state was computed; null: all were."},
        "citation": {
            "type": ["object", "null"],
            "required": ["text", "url"],
            "properties": {"text": _TEXT, "url": {"type": "string", "format": "uri"}},
        },
    },
}  # fmt: skip
REQUEST = {
    "application/json": {"type": "array", "items": _FIGURE, "minItems": 1, "maxItems": MOST_FIGURES}
}
RESPONSES: Any = {
    (200, "application/json"): {
        "type": "object",
        "required": ["results"],
        "properties": {"results": {"type": "array", "items": _VERDICT}},
    }
}
