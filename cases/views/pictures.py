"""Pictures of texts: an address is of some bytes, which never change."""

from django.http import Http404, HttpRequest, HttpResponse

from cases.only_read import only_read
from cases.selectors.pictures import is_public, shown_picture

A_YEAR = 365 * 24 * 3600


@only_read
def picture(request: HttpRequest, slug: str, tag: str, extension: str) -> HttpResponse:
    """The bytes; a draft's picture only for those who read drafts, and kept by nobody between."""
    found = shown_picture(slug, tag, extension, request.user)
    if found is None:
        raise Http404
    is_known = f'"{tag}"' in request.headers.get("If-None-Match", "")
    response = HttpResponse(
        b"" if is_known else bytes(found.content),
        content_type=found.media_type,
        status=304 if is_known else 200,
    )
    response["ETag"] = f'"{tag}"'
    public = is_public(found)
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable" if public else "no-store"
    return response
