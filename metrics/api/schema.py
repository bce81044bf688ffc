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

IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The ETag of the answer that is there already: as long as it stands, a 304.",
)

_REFUSALS = {
    "406": "None of the formats is one that Accept names.",
    "401": "The key is wrong, revoked or expired, or one is needed.",
    "403": "The key may not do this.",
    "429": "The quota is used up until the next window; `Retry-After` tells when it begins.",
}


class EndpointSchema(AutoSchema):
    """Adds what every endpoint has: lang, format, and errors as problem details."""

    def get_override_parameters(self) -> list[Any]:
        has_formats = len(self.view.renderer_classes) > 1  # then the library lists them
        given = [LANG] if has_formats else [LANG, FORMAT]
        return [*given, IF_NONE_MATCH] if self._has_tag() else given

    def _has_tag(self) -> bool:
        return self.method == "GET" and getattr(self.view, "has_tag", True)

    def is_deprecated(self) -> bool:
        return bool(getattr(self.view, "deprecation", None) or super().is_deprecated())

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> Any:
        bodies = super()._get_response_bodies(direction=direction)
        component = ResolvedComponent("Problem", ResolvedComponent.SCHEMA, PROBLEM, "Problem")
        self.registry.register_on_missing(component)
        problem = {"content": {_PROBLEM_TYPE: {"schema": component.ref}}}
        if self._has_tag():
            bodies.setdefault("304", {"description": "Nothing changed since the ETag was sent."})
        bodies.setdefault("400", {**problem, "description": "A parameter is refused."})
        for status, description in _REFUSALS.items():
            bodies.setdefault(status, {**problem, "description": description})
        if getattr(self.view, "is_streamed", False):
            bodies.setdefault("503", {**problem, "description": "Too many bulk answers at once."})
        if "{" in self.path:
            bodies.setdefault("404", {**problem, "description": "No such resource."})
        return bodies
