"""Looking a key up and counting the request, in one statement that commits at once.

It is the one thing that every request to the API waits for, so it does everything: the key by its
prefix, the window of whoever asks, the latest seq; once a minute of a key, that it was used. The
counter is an upsert, which the database serialises: exact over threads, processes and machines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from django.db import connection
from django.utils.crypto import constant_time_compare

from metrics.selectors.at_once import AtOnce
from partners.models.key import KeyText

_COUNTED: Final = """
INSERT INTO partners_window AS w (subject, starts_at, used) VALUES ({subject}, $2::timestamptz, 1)
ON CONFLICT (subject, starts_at) DO UPDATE SET used = w.used + 1
RETURNING used::text, COALESCE((SELECT max(seq) FROM metrics_change), 0)::text
"""
_COUNT_ADDRESS: Final = AtOnce("count_address", _COUNTED.format(subject="$1"))
# A key is good only where its hash is; so who knows no more than its prefix, which stands in logs
# and mails, uses nothing of its quota. Whatever is refused counts where it came from, which also
# makes an unknown prefix the same work as a known one. What is found is one text, as every column
# and every step of the plan is told on the way of every request.
_GOOD: Final = """COALESCE((
    SELECT 'key:' || counted FROM key
    WHERE hashed_key = $4 AND NOT is_revoked AND NOT has_expired), $1)"""
_KEY: Final = """
WITH key AS (
    SELECT k.id, k.hashed_key, k.revoked OR NOT p.is_active AS is_revoked,
        COALESCE(k.expiry_date <= $5::timestamptz, false) AS has_expired,
        COALESCE(k.last_used_at < $6::timestamptz, true) AS is_due,
        COALESCE(k.quota::text, '') AS quota, array_to_string(k.scopes, ',') AS scopes,
        COALESCE(k.counts_as_id, k.id) AS counted
    FROM partners_apikey k JOIN partners_partner p ON p.id = k.partner_id
    WHERE k.prefix = $3
)"""
_FOUND: Final = """,
    (SELECT concat_ws(' ', id, hashed_key, is_revoked, has_expired, is_due, quota, scopes) FROM key)
"""
_COUNT_KEY: Final = AtOnce("count_key", _KEY + _COUNTED.format(subject=_GOOD) + _FOUND)
_TOUCH: Final = """
UPDATE partners_apikey SET last_used_at = %(now)s WHERE id = (
    SELECT id FROM partners_apikey
    WHERE id = %(key)s AND COALESCE(last_used_at < %(before)s, true)
    FOR NO KEY UPDATE SKIP LOCKED)
"""
TOUCH_EVERY: Final = timedelta(minutes=1)
_hash: Final = partial(KeyText.preferred_hasher.encode, salt="")
# What a wrong key is compared with where there is none of its prefix.
_NOBODYS_HASH: Final = _hash("nobody's")


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
    """Count one request of a key, else of an address (a digest). One statement, and where a good
    key was not used for a minute another.

    `key_text` is as it was sent, "" without one.
    """
    starts_at = window_start(now, window_seconds).isoformat()
    if not key_text:
        used, seq = _told(_COUNT_ADDRESS, address, starts_at)
        return Counted(int(used), int(seq), None)
    hashed, prefix = _hash(key_text), key_text.partition(".")[0]
    moments = now.isoformat(), (now - TOUCH_EVERY).isoformat()
    used, seq, found = _told(_COUNT_KEY, address, starts_at, prefix, hashed, *moments)
    return Counted(int(used), int(seq), _right_key(hashed, found, now))


def _told(statement: AtOnce, *given: str) -> Sequence[str]:
    return [(cell or b"").decode() for cell in statement.row(*given) or ()]


def _right_key(hashed: str, found: str, now: datetime) -> KeyFound | None:
    pk, stored, *said, quota, scopes = (found or f"0 {_NOBODYS_HASH} f f f  ").split(" ")
    if not constant_time_compare(hashed, stored) or not found:
        return None
    is_revoked, has_expired, is_due = (word == "t" for word in said)
    if is_due and not (is_revoked or has_expired):
        _touch(int(pk), now)
    return KeyFound(
        int(pk), is_revoked, has_expired, tuple(scopes.split(",")), int(quota) if quota else None
    )


def _touch(key: int, now: datetime) -> None:
    """When a key was last used: not more often than that is asked for, and waiting for nobody."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCH, {"key": key, "now": now, "before": now - TOUCH_EVERY})
