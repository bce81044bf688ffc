"""Who has a second factor, who still has to show it, and how long a device makes one wait."""

from datetime import datetime
from math import ceil
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from fintechsite.staff.models import RecoveryCode, RecoveryDevice


def has_second_factor(user: Any) -> bool:
    """Whether an authenticator app is set up. 1 query."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def needs_second_factor(user: Any) -> bool:
    """Whether a password alone, which this session has shown, does not open the site to them.

    Staff without a second factor have to set one up, unless settings leave that to them.
    """
    if not (user.is_authenticated and (user.is_staff or user.is_superuser)):
        return False
    if getattr(user, "otp_device", None) is not None:
        return False
    return bool(settings.SECOND_FACTOR_REQUIRED) or has_second_factor(user)


def device_for(user: Any, code: str) -> TOTPDevice | RecoveryDevice | None:
    """Which device of theirs a code speaks to: six digits are the app's, all else recovers."""
    digits = "".join(code.split())
    model = TOTPDevice if digits.isdigit() and len(digits) <= 6 else RecoveryDevice
    found: TOTPDevice | RecoveryDevice | None = model.objects.filter(user=user).first()
    return found


def seconds_to_wait(device: TOTPDevice | RecoveryDevice) -> int:
    """How long after wrong codes the next one may be tried; 0: at once."""
    _allowed, why = device.verify_is_allowed()
    until: datetime | None = (why or {}).get("locked_until")
    return max(ceil((until - timezone.now()).total_seconds()), 1) if until else 0


def recovery_codes_left(user: Any) -> int:
    return RecoveryCode.objects.filter(device__user=user).count()
