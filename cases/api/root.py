"""The API's own pages: its root, its description, and what answers an unknown address."""

from typing import Any

from django.utils import translation
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from metrics.api.doorway import Doorway
from metrics.api.endpoint import EVERYWHERE, Endpoint
from metrics.api.parameters import LANGUAGES, FormatNegotiation, asked_language, refuse_unknown

ADDRESSES = {
    "cases": "case-list",
    "technologies": "technology-list",
    "entities": "entity-list",
    "indicators": "indicator-list",
    "units": "unit-list",
    "sources": "source-list",
    "series": "series-list",
    "observations": "observations",
    "releases": "release-list",
    "exports": "export-list",
    "changes": "changes",
    "search": "search",
    "verify": "verify",
    "schema": "schema",
    "docs": "docs",
}


class RootView(Endpoint):
    """The addresses of the API."""

    @extend_schema(
        operation_id="root",
        responses={
            200: {
                "type": "object",
                "required": list(ADDRESSES),
                "properties": {name: {"type": "string", "format": "uri"} for name in ADDRESSES},
            }
        },
    )
    def get(self, request: Request) -> Response:
        return Response(
            {name: reverse(f"api:{to}", request=request) for name, to in ADDRESSES.items()}
        )


class _Description(Doorway):
    """As strict as an endpoint. It is of the program, not of a seq, so it has no tag."""

    content_negotiation_class = FormatNegotiation
    parameters: frozenset[str] = EVERYWHERE

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        language = request.GET.get("lang")
        with translation.override(language if language in LANGUAGES else "en"):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refuse_unknown(request, self.parameters)
        asked_language(request)


class SchemaView(_Description, SpectacularAPIView):
    """This description, in OpenAPI 3.1; YAML, or JSON with `format=json`."""


class DocsView(_Description, SpectacularSwaggerSplitView):
    """Swagger UI from our own files, without a line of inline script or style."""

    url_name = "api:schema"
    template_name = "api/docs.html"
    parameters = EVERYWHERE | {"script"}  # by which the page names its script


class UnknownAddressView(Endpoint):
    """Problem details also where the API has nothing; without it readers' pages would answer."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.come_in(request)
        raise NotFound
