"""Everything as one file: a list of the newest, and each of them in parts or whole."""

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponseNotModified, StreamingHttpResponse
from django.utils.http import http_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.reverse import reverse

from cases.models import Export
from cases.selectors.exports import offered_exports, series_of_export
from metrics.api.doorway import Doorway
from metrics.api.endpoint import EVERYWHERE, PRIVATE, PUBLIC, Endpoint, ResourceViewSet, is_among
from metrics.api.parameters import asked_language, refuse_unknown
from metrics.api.ranges import FilePart, RangeError, asked_part

ZIP = "application/zip"


class ExportSerializer(serializers.ModelSerializer[Export]):
    published_at = serializers.DateTimeField(default_timezone=UTC, help_text="Of the seq.")
    built_at = serializers.DateTimeField(default_timezone=UTC)
    bytes = serializers.IntegerField(source="size")
    rows = serializers.IntegerField(help_text="Rows of observations.csv.")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Export
        fields = ["seq", "published_at", "built_at", "sha256", "bytes", "rows", "url"]

    def get_url(self, export: Export) -> str:
        address: str = reverse(
            "api:export-file", args=[export.seq], request=self.context["request"]
        )
        return address


class ExportViewSet(ResourceViewSet):
    """The newest data packages of everything, the newest first."""

    queryset = Export.objects.none()  # for the schema; see get_queryset
    serializer_class = ExportSerializer
    ordering = ("-seq",)
    lookup_field = "seq"
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Export]:
        return offered_exports()

    def etag_of(self, request: Request, seq: int) -> str:
        """A file comes some time after its seq."""
        newest = offered_exports().values_list("seq", flat=True).first() or 0
        return super().etag_of(request, seq).replace('"', f'"{newest}-', 1)


class ZipRenderer(BaseRenderer):
    """Names the format for content negotiation."""

    media_type = ZIP
    format = "zip"
    charset = None
    render_style = "binary"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        return bytes(data)


_HEADERS = [
    OpenApiParameter("Range", str, OpenApiParameter.HEADER, description="bytes=1000-"),
    OpenApiParameter("If-Range", str, OpenApiParameter.HEADER, description="The ETag of the part"
                     " that is there already."),
]  # fmt: skip


class ExportFileView(Endpoint):
    """A Frictionless data package of everything at a seq; `Range` resumes an interrupted one."""

    scope = "bulk"
    renderer_classes = [ZipRenderer]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A file never changes: no transaction, and its own tag."""
        Doorway.initial(self, request, *args, **kwargs)
        refuse_unknown(request, EVERYWHERE)
        self.language = asked_language(request)

    @extend_schema(
        operation_id="exports_file",
        parameters=_HEADERS,
        responses={
            (200, ZIP): OpenApiResponse(OpenApiTypes.BINARY),
            (206, ZIP): OpenApiResponse(OpenApiTypes.BINARY, description="The part asked for."),
            416: OpenApiResponse(description="No such part."),
        },
    )
    def get(self, request: Request, seq: str) -> Any:
        export = offered_exports().filter(seq=seq).first()
        if export is None:
            raise Http404
        headers = self._headers(export)
        if is_among(headers["ETag"], request.headers.get("If-None-Match", "")):
            return HttpResponseNotModified(headers=headers)
        return _part(request, export, headers, lambda: self._note(export))

    def _note(self, export: Export) -> None:
        self.note_all_taken(series_of_export(export), export.seq)

    def _headers(self, export: Export) -> dict[str, str]:
        is_keyed = self.admission is not None and self.admission.is_keyed
        digest = b64encode(bytes.fromhex(export.sha256)).decode()
        return {
            "Accept-Ranges": "bytes",
            # Asked for again each time: a file that is withdrawn is to be gone everywhere.
            "Cache-Control": PRIVATE if is_keyed else PUBLIC,
            "ETag": f'"{export.sha256}"',
            "Last-Modified": http_date(export.published_at.timestamp()),
            "Repr-Digest": f"sha-256=:{digest}:",
        }

    def handle_exception(self, exc: Exception) -> Any:
        answer = super().handle_exception(exc)
        if isinstance(exc, RangeError):
            answer["Content-Range"] = f"bytes */{exc.size}"
        return answer


def _part(
    request: Request, export: Export, headers: dict[str, str], when_whole: Callable[[], None]
) -> Any:
    """Raises RangeError; a file that went meanwhile is not found. Whoever takes the last byte has
    the others.
    """
    modified = export.published_at.timestamp()
    part = asked_part(request, export.size, headers["ETag"], modified)
    start, end = part or (0, export.size)
    headers |= {
        "Content-Length": str(end - start),
        "Content-Disposition": f'attachment; filename="fintech-{export.seq}.zip"',
    }
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{export.size}"
    try:
        file = export.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    if request.method == "HEAD":
        chunks = FilePart(file, start, start)
    else:
        chunks = FilePart(file, start, end, when_whole if end == export.size else None)
    status = HTTPStatus.OK if part is None else HTTPStatus.PARTIAL_CONTENT
    return StreamingHttpResponse(chunks, status=status, content_type=ZIP, headers=headers)
