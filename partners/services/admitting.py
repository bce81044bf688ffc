"""Looking a key up and counting the request, in one statement that commits at once.

It is the one thing that every request to the API waits for, so it does everything: the key by its
prefix, the window of whoever asks, when the key was last used, the latest seq. The counter is an
upsert, which the database serialises: exact over threads, processes and machines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connection

from partners.models.key import KeyText

# A key is good only where its hash is; so who knows no more than its prefix, which stands in logs
# and mails, uses nothing of its quota. Whatever is refused counts where it came from, which also
# makes an unknown prefix the same work as a known one.
_COUNT: Final = """
WITH key AS (
    SELECT k.id, k.hashed_key, k.revoked, k.expiry_date <= %(now)s AS has_expired, p.is_active,
        k.scopes, k.quota, k.last_used_at, COALESCE(k.counts_as_id, k.id) AS counted
    FROM partners_apikey k JOIN partners_partner p ON p.id = k.partner_id
    WHERE k.prefix = %(prefix)s
), good AS (
    SELECT * FROM key WHERE hashed_key = %(hash)s
        AND NOT revoked AND is_active AND has_expired IS NOT TRUE
), counted AS (
    INSERT INTO partners_window AS w (subject, starts_at, used)
    VALUES (COALESCE((SELECT 'key:' || counted FROM good), %(address)s), %(starts_at)s, 1)
    ON CONFLICT (subject, starts_at) DO UPDATE SET used = w.used + 1
    RETURNING used
), stale AS (
    SELECT k.id FROM partners_apikey k JOIN good ON good.id = k.id
    WHERE COALESCE(k.last_used_at < %(before)s, true)
    FOR NO KEY UPDATE OF k SKIP LOCKED
), touched AS (
    UPDATE partners_apikey SET last_used_at = %(now)s WHERE id IN (SELECT id FROM stale)
)
SELECT counted.used, COALESCE((SELECT max(seq) FROM metrics_change), 0), key.id, key.hashed_key,
    key.revoked, key.has_expired, key.is_active, key.scopes, key.quota
FROM counted LEFT JOIN key ON true
"""
TOUCH_EVERY: Final = timedelta(minutes=1)
_KEY_TEXT: Final = KeyText()
# What a wrong key is compared with where there is none of its prefix.
_NOBODYS_HASH: Final = _KEY_TEXT.hash("nobody's")


@dataclass(frozen=True, slots=True)
class KeyFound:
    """A key whose secret is right, and what keeps it from being good."""

    id: int
    is_revoked: bool
    has_expired: bool
    scopes: tuple[str, ...]
    quota: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """`used` requests of this window, this one included; None: no key whose secret is right."""

    used: int
    seq: int
    key: KeyFound | None


def window_start(now: datetime, seconds: int) -> datetime:
    """When the window began that an instant lies in: windows are whole multiples since 1970."""
    moment = int(now.timestamp())
    return datetime.fromtimestamp(moment - moment % seconds, UTC)


def count_request(key_text: str, address: str, *, now: datetime, window_seconds: int) -> Counted:
    """Count one request of a key, else of an address (a digest). One statement.

    `key_text` is as it was sent, "" without one.
    """
    hashed = _KEY_TEXT.hash(key_text)
    parameters: dict[str, Any] = {
        "prefix": key_text.partition(".")[0],
        "hash": hashed,
        "address": address,
        "starts_at": window_start(now, window_seconds),
        "now": now,
        "before": now - TOUCH_EVERY,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, parameters)
        used, seq, *found = cursor.fetchone()
    return Counted(used, seq, _right_key(key_text, found))


def _right_key(key_text: str, found: Sequence[Any]) -> KeyFound | None:
    pk, stored, revoked, has_expired, is_active, scopes, quota = found
    if not _KEY_TEXT.verify(key_text, stored or _NOBODYS_HASH):  # in constant time
        return None
    return KeyFound(pk, revoked or not is_active, bool(has_expired), tuple(scopes), quota)
