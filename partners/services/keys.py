"""Making, rotating and revoking keys. Each takes effect with the next request."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from partners.models import ApiKey, Partner


class KeyStateError(ValidationError):
    """The key is revoked or has expired already."""


def issue_key(
    partner: Partner,
    *,
    name: str,
    scopes: Sequence[str],
    actor: Any,
    quota: int | None = None,
    expires_at: datetime | None = None,
    counts_as: ApiKey | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its text, which is to be shown once and is kept nowhere."""
    key = ApiKey(
        partner=partner,
        name=name,
        scopes=sorted(set(scopes)),
        quota=quota,
        expiry_date=expires_at,
        counts_as=counts_as,
        created_by=actor if getattr(actor, "pk", None) else None,
    )
    text = ApiKey.objects.assign_key(key)
    key.save(force_insert=True)
    return key, text


@transaction.atomic
def rotate_key(key: ApiKey, *, overlap: timedelta, actor: Any, now: datetime) -> tuple[ApiKey, str]:
    """A key in place of another, which stays good for the overlap; together they have one quota.

    An earlier expiry of the old key stands; the new one has none. Raises KeyStateError.
    """
    old = _good_key(key, now)
    ends = now + overlap
    old.expiry_date = min(old.expiry_date, ends) if old.expiry_date else ends
    old.save(update_fields=["expiry_date"])
    return issue_key(
        old.partner,
        name=old.name,
        scopes=old.scopes,
        quota=old.quota,
        counts_as=old.counts_as or old,
        actor=actor,
    )


@transaction.atomic
def revoke_key(key: ApiKey, *, actor: Any, now: datetime) -> None:
    """Refuse the key from now on, for good. One that was revoked already stays as it is."""
    locked = ApiKey.objects.select_for_update().get(pk=key.pk)
    if locked.revoked:
        return
    locked.revoked, locked.revoked_at = True, now
    locked.revoked_by = actor if getattr(actor, "pk", None) else None
    locked.save(update_fields=["revoked", "revoked_at", "revoked_by"])


def _good_key(key: ApiKey, now: datetime) -> ApiKey:
    locked: ApiKey = ApiKey.objects.select_for_update().get(pk=key.pk)
    if locked.state(now) != ApiKey.State.GOOD:
        raise KeyStateError(_("This key is not good any more; make a new one."))
    return locked
