"""How our endpoints describe themselves in OpenAPI."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from metrics.api.parameters import LANGUAGES

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": {"type": ["string", "null"]},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                    "allowed": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
    },
}
_PROBLEM_TYPE = "application/problem+json"
LANG = OpenApiParameter(
    "lang",
    OpenApiTypes.STR,
    enum=list(LANGUAGES),
    description="Labels as text in this language; without it, labels are objects by language.",
)
FORMAT = OpenApiParameter(
    "format", OpenApiTypes.STR, enum=["json"], description="Outranks the header Accept."
)


class EndpointSchema(AutoSchema):
    """Adds what every endpoint has: lang, format, and errors as problem details."""

    def get_override_parameters(self) -> list[Any]:
        has_formats = len(self.view.renderer_classes) > 1  # then the library lists them
        return [LANG] if has_formats else [LANG, FORMAT]

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> Any:
        bodies = super()._get_response_bodies(direction=direction)
        component = ResolvedComponent("Problem", ResolvedComponent.SCHEMA, PROBLEM, "Problem")
        self.registry.register_on_missing(component)
        problem = {"content": {_PROBLEM_TYPE: {"schema": component.ref}}}
        bodies.setdefault("304", {"description": "Nothing changed since the ETag that was sent."})
        bodies.setdefault("400", {**problem, "description": "A parameter is refused."})
        if "{" in self.path:
            bodies.setdefault("404", {**problem, "description": "No such resource."})
        return bodies
