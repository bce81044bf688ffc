"""The API's own pages: its root, its description, and what answers an unknown address."""

from typing import Any

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from metrics.api.doorway import Doorway
from metrics.api.endpoint import Endpoint

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


class SchemaView(Doorway, SpectacularAPIView):
    """This description, in OpenAPI 3.1; YAML, or JSON with `format=json`."""


class DocsView(Doorway, SpectacularSwaggerSplitView):
    """Swagger UI from our own files, without a line of inline script or style."""

    url_name = "api:schema"
    template_name = "api/docs.html"


class UnknownAddressView(Endpoint):
    """Problem details also where the API has nothing; without it readers' pages would answer."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.come_in(request)
        raise NotFound
