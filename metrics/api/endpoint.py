"""What every endpoint does: strict parameters, one moment, ETag and cache headers, languages."""

from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import blake2s
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.http import parse_etags
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.viewsets import ReadOnlyModelViewSet

from metrics.api.admission import door
from metrics.api.deprecation import Deprecation, announce
from metrics.api.doorway import Doorway
from metrics.api.pagination import KeysetPagination
from metrics.api.parameters import (
    LANGUAGES,
    FormatNegotiation,
    StrictFilterBackend,
    asked_language,
    refuse_unknown,
)
from metrics.models import Series
from metrics.selectors.moment import consistent_read

EVERYWHERE = frozenset({"lang", "format"})
# Part of every ETag: raise it when the shape of an answer changes, as no seq tells of that.
SHAPE = "2"
WITHOUT_LANGUAGES = "metrics.api.urls"
PUBLIC = "public, max-age=0, s-maxage=5"
PRIVATE = "private, max-age=0"


@dataclass(frozen=True, slots=True)
class KnownAs:
    """What the tag of an address has after the seq, and the scope that its answers take."""

    digest: str
    scope: str


def etag_at(seq: int, digest: str) -> str:
    return f'W/"{seq}-{digest}"'


def is_among(etag: str, condition: str) -> bool:
    """Whether `If-None-Match` names a tag; a proxy may have taken the mark off a weak one."""
    given = parse_etags(condition)
    return etag in given or etag.removeprefix("W/") in given


class NotModified(Exception):  # noqa: N818 (a result, not an error)
    """The client has this answer already."""


class Endpoint(Doorway):
    """A read-only view. Subclasses name their `parameters` besides lang and format.

    `deprecation` tells since when nobody should build on it, and when it goes.
    """

    permission_classes = [AllowAny]
    renderer_classes = [JSONRenderer]
    content_negotiation_class = FormatNegotiation
    parameters: frozenset[str] = frozenset()
    deprecation: Deprecation | None = None
    language: str | None = None
    etag: str = ""
    seq: int = 0
    # the ids of the series whose current values the answer gives
    taken: frozenset[int] = frozenset()
    taken_seq: int = 0
    # whether all their values are in it, or in the pages before
    is_taken_whole: bool = True

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Messages are English unless asked otherwise, never the browser's choice: one address,
        # one answer.
        language = request.GET.get("lang")
        translated = translation.override(language if language in LANGUAGES else "en")
        with translated, ExitStack() as self.moment:
            answer = super().dispatch(request, *args, **kwargs)
        if request.method == "GET":
            self.note_taken(answer.status_code)
        return answer

    def note_taken(self, status: int) -> None:
        """Tell the door which series the answer gave, now that nothing more is read."""
        standing, admission = door(), self.admission
        if standing is None or admission is None or admission.key is None:
            return
        if self.taken and status == HTTPStatus.OK:
            standing.note(admission.key, self.taken, self.taken_seq, is_whole=self.is_taken_whole)

    def note_all_taken(self, series: QuerySet[Series], seq: int, *, is_whole: bool = True) -> None:
        """Tell the door that all of them were given, with their values of a seq."""
        standing, admission = door(), self.admission
        if standing is not None and admission is not None and admission.key is not None:
            standing.note_all(admission.key, series, seq, is_whole=is_whole)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        is_reading = request.method in ("GET", "HEAD")
        if is_reading or request.method == "POST":
            refuse_unknown(request, self.known_parameters())
            self.language = asked_language(request)
        if is_reading and self.admission is not None:
            # What the door read is enough to say that nothing changed: no transaction for that.
            self.refuse_to_repeat(request, self.admission.seq)
        self.begin_reading(request)

    def begin_reading(self, request: Request) -> None:
        """From here on every query sees the same rows, those of `seq`."""
        self.read_at(request, self.moment.enter_context(consistent_read()))

    def read_at(self, request: Request, seq: int) -> None:
        """The answer is of a seq. Raises NotModified."""
        self.seq = seq
        if request.method in ("GET", "HEAD"):
            self.refuse_to_repeat(request, seq)

    def refuse_to_repeat(self, request: Request, seq: int) -> None:
        """Raise NotModified where the client has the answer of this seq already."""
        self.etag = self.etag_of(request, seq)
        if self.etag and is_among(self.etag, request.headers.get("If-None-Match", "")):
            raise NotModified

    def known_parameters(self) -> frozenset[str]:
        return self.parameters | EVERYWHERE

    def etag_of(self, request: Request, seq: int) -> str:
        """Weak: the seq, and a digest of all that chooses the representation."""
        return etag_at(seq, self.digest)

    @cached_property
    def digest(self) -> str:
        request = self.request
        what = f"{SHAPE} {request.build_absolute_uri()} {request.accepted_media_type}"
        return blake2s(what.encode(), digest_size=6).hexdigest()

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, NotModified):
            return self._known()
        return super().handle_exception(exc)

    def _known(self) -> HttpResponseNotModified:
        """The 304; where the seq and the address alone decide on it, it says so."""
        answer = HttpResponseNotModified()
        if self.admission is not None and type(self).etag_of is Endpoint.etag_of:
            known_as = KnownAs(self.digest, self.scope_of(self.request))
            answer.known_as = known_as  # type: ignore[attr-defined]
        return answer

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer: Any = super().finalize_response(request, response, *args, **kwargs)
        if self.etag and answer.status_code in (200, 304):
            answer["ETag"] = self.etag
            answer["Cache-Control"] = (
                PRIVATE if self.admission and self.admission.is_keyed else PUBLIC
            )
        if answer.status_code == HTTPStatus.NOT_FOUND:
            # LocaleMiddleware would redirect to a reader page of this name below a language;
            # with addresses that have no language it does not look for one.
            request._request.urlconf = WITHOUT_LANGUAGES
        is_refusal = answer.status_code >= HTTPStatus.BAD_REQUEST
        spoken = translation.get_language() if is_refusal else self.language
        answer["Content-Language"] = spoken or ", ".join(LANGUAGES)
        patch_vary_headers(answer, ["Accept"])
        if self.deprecation is not None:
            announce(self.deprecation, answer)
        return answer


class ResourceViewSet(Endpoint, ReadOnlyModelViewSet[Any]):
    """A list and its details. Subclasses name queryset, serializers, filterset and `ordering`."""

    pagination_class = KeysetPagination
    filter_backends = [StrictFilterBackend]
    detail_serializer_class: Any = None
    ordering: tuple[str, ...]

    def known_parameters(self) -> frozenset[str]:
        if self.action != "list":
            return super().known_parameters()
        filters = getattr(self, "filterset_class", None)
        own = set(filters.base_filters) if filters else set()
        return super().known_parameters() | {"limit", "cursor"} | own

    def get_serializer_class(self) -> Any:
        if self.action == "retrieve" and self.detail_serializer_class:
            return self.detail_serializer_class
        return super().get_serializer_class()

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "language": self.language}
