"""A view behind the door: whoever asks is let in and counted first, and told where they stand."""

from collections.abc import Mapping
from typing import Any

from django.utils.cache import patch_vary_headers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from metrics.api.admission import Admission, NotAdmitted, door


class Doorway(APIView):
    """`scope` is what a key must be allowed; see metrics.api.admission."""

    scope: str = "read"
    admission: Admission | None = None
    told_at_door: Mapping[str, str] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.come_in(request)
        super().initial(request, *args, **kwargs)

    def come_in(self, request: Request) -> None:
        """Be let in at the door, where somebody stands at it. Raises NotAdmitted."""
        standing = door()
        if standing is None:
            return
        self.admission = standing.admit(request._request, self.scope_of(request))
        self.told_at_door = self.admission.headers

    def handle_exception(self, exc: Exception) -> Any:
        """Who is not let in, at the door or by the view itself, is told where they stand too."""
        if isinstance(exc, NotAdmitted):
            self.told_at_door = exc.headers
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer: Any = super().finalize_response(request, response, *args, **kwargs)
        for name, value in self.told_at_door.items():
            answer[name] = value
        if door() is not None:
            patch_vary_headers(answer, ["Authorization"])
        return answer

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """What may be asked, as JSON: the formats of the data are for data."""
        request.accepted_renderer = JSONRenderer()
        request.accepted_media_type = JSONRenderer.media_type
        return super().options(request, *args, **kwargs)

    def scope_of(self, request: Request) -> str:
        """What a key must be allowed for this request."""
        return self.scope
