"""The door: keys and quotas, told in the headers that the IETF's drafts name."""

import ipaddress
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import blake2s
from http import HTTPStatus
from typing import Final, Never

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from metrics.api.admission import Admission, NotAdmitted
from metrics.models import Series
from partners.services.admitting import Counted, count_request, window_start
from partners.services.taking import note_all_taken, note_taken

SCHEME: Final = "Api-Key"
CHALLENGE: Final = f'{SCHEME} realm="API"'
# Longer than any key: what is longer is not worth hashing.
LONGEST_KEY: Final = 128


class PartnerDoor:
    """Lets in whoever has a good key or none, up to their quota; see metrics.api.admission."""

    def admit(self, request: HttpRequest, scope: str) -> Admission:
        visit = _visit_of(request)
        visit.check_key()
        visit.check_quota()
        visit.check_scope(scope)
        key = visit.counted.key
        seq, known = visit.counted.seq, key.id if key else None
        return Admission(seq, visit.headers, is_keyed=visit.is_keyed, key=known)

    def told(self, request: HttpRequest) -> Mapping[str, str]:
        visit: _Visit | None = getattr(request, "partner_visit", None)
        return visit.headers if visit is not None else {}

    def note(self, key: int, series_ids: Collection[int], seq: int, *, is_whole: bool) -> None:
        note_taken(key, series_ids, seq, is_whole=is_whole, now=timezone.now())

    def note_all(self, key: int, series: QuerySet[Series], seq: int, *, is_whole: bool) -> None:
        note_all_taken(key, series, seq, is_whole=is_whole, now=timezone.now())


def _visit_of(request: HttpRequest) -> "_Visit":
    """Counted once, however often the door is asked."""
    known: _Visit | None = getattr(request, "partner_visit", None)
    if known is not None:
        return known
    given = request.META.get("HTTP_AUTHORIZATION")
    seconds: int = settings.API_WINDOW_SECONDS
    now = timezone.now()
    counted = count_request(_key_text(given), _subject(request), now=now, window_seconds=seconds)
    visit = _Visit(given is not None, counted, now, seconds)
    request.partner_visit = visit  # type: ignore[attr-defined]
    return visit


def _subject(request: HttpRequest) -> str:
    """Where a request comes from, told to nobody: a digest that only this site can make."""
    address = import_string(settings.API_CLIENT_ADDRESS_CALLABLE)(request)
    return f"at:{_digest(address or '', settings.SECRET_KEY.encode()[:32])}"


@lru_cache(maxsize=4096)
def _digest(address: str, key: bytes) -> str:
    network = _network(address) if address else ""
    return blake2s(network.encode(), key=key, digest_size=16).hexdigest()


class _Visit:
    """One request that was counted, and what may keep it out."""

    def __init__(self, is_keyed: bool, counted: Counted, now: datetime, seconds: int) -> None:
        self.is_keyed, self.counted, self.seconds = is_keyed, counted, seconds
        self.left = seconds - int((now - window_start(now, seconds)).total_seconds())

    @cached_property
    def is_good(self) -> bool:
        key = self.counted.key
        return key is not None and not (key.is_revoked or key.has_expired)

    @cached_property
    def quota(self) -> int:
        key = self.counted.key
        if key is None or not self.is_good:
            return int(settings.API_ANONYMOUS_QUOTA)
        return key.quota or int(settings.API_KEY_QUOTA)

    @cached_property
    def headers(self) -> dict[str, str]:
        """draft-ietf-httpapi-ratelimit-headers: the policy, what remains, seconds to the next."""
        remaining = max(0, self.quota - self.counted.used)
        return {
            "RateLimit-Policy": f'"default";q={self.quota};w={self.seconds}',
            "RateLimit": f'"default";r={remaining};t={self.left}',
        }

    def check_key(self) -> None:
        """A key that is not good is refused, and never taken for no key. Raises NotAdmitted."""
        if not self.is_keyed or self.is_good:
            return
        key = self.counted.key
        if key is None:
            self._refuse("invalid_key", _("This is not a key: expected “Api-Key” and its text."))
        if key.is_revoked:
            self._refuse("revoked_key", _("This key was revoked."))
        self._refuse("expired_key", _("This key has expired."))

    def check_quota(self) -> None:
        if self.counted.used > self.quota:
            detail = _("More than %(quota)d requests in %(seconds)d seconds.")
            headers = {**self.headers, "Retry-After": str(self.left)}
            raise NotAdmitted(
                HTTPStatus.TOO_MANY_REQUESTS,
                "quota_exceeded",
                detail % {"quota": self.quota, "seconds": self.seconds},
                headers,
            )

    def check_scope(self, scope: str) -> None:
        key = self.counted.key
        if scope in (settings.API_ANONYMOUS_SCOPES if key is None else key.scopes):
            return
        if key is None:
            raise key_required(self.headers)
        challenge = f'{CHALLENGE}, error="insufficient_scope", scope="{scope}"'
        detail = _("This key may not do this: it lacks “%s”.") % scope
        headers = {**self.headers, "WWW-Authenticate": challenge}
        raise NotAdmitted(HTTPStatus.FORBIDDEN, "missing_scope", detail, headers)

    def _refuse(self, code: str, detail: str) -> Never:
        headers = {**self.headers, "WWW-Authenticate": CHALLENGE}
        raise NotAdmitted(HTTPStatus.UNAUTHORIZED, code, detail, headers)


def key_required(headers: Mapping[str, str]) -> NotAdmitted:
    """Why somebody without a key is not let in."""
    told = {**headers, "WWW-Authenticate": CHALLENGE}
    detail = _("This takes a key.")
    return NotAdmitted(HTTPStatus.UNAUTHORIZED, "key_required", detail, told)


def _key_text(given: str | None) -> str:
    """What stands after the scheme; "" where that is another or too long for a key."""
    scheme, _space, text = (given or "").partition(" ")
    text = text.strip()
    is_ours = scheme.lower() == SCHEME.lower() and len(text) <= LONGEST_KEY
    return text if is_ours and text.isascii() and "\0" not in text else ""


def _network(address: str) -> str:
    """An address of version 4; of version 6 the /64, which is what one customer is given."""
    ip = ipaddress.ip_address(address)
    mapped = getattr(ip, "ipv4_mapped", None)
    if mapped is not None or ip.version == 4:
        return str(mapped or ip)
    return str(ipaddress.ip_network((int(ip), 64), strict=False))
