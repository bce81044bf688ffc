"""What may be sent at most: looked at before a byte of it is kept."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from metrics.services.imports.limits import MOST_BYTES

# Staff hand in files to import; up to twice what is taken, the form itself says what is expected.
MOST_BY_STAFF = 2 * MOST_BYTES
MOST_BY_OTHERS = 1024 * 1024


class BoundedUpload(FileUploadHandler):
    """Comes before the handlers that keep what is sent; passes everything on to them."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 (Django's own name)
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        user = getattr(self.request, "user", None)
        most = MOST_BY_STAFF if user is not None and user.is_staff else MOST_BY_OTHERS
        if content_length > most:
            raise RequestDataTooBig(f"The request has {content_length} bytes; at most {most}.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
