"""Second factors: set up, shown, replaced, reset. Every act is an entry in the user's history."""

import secrets
from base64 import b32encode
from typing import Any, Final

import django_otp
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from fintechsite.staff.models import RecoveryCode, RecoveryDevice
from fintechsite.staff.selectors import device_for

CODES: Final = 10
CODE_BYTES: Final = 10
STEP_SECONDS: Final = 30


def new_key() -> str:
    """The secret that an authenticator app shares with us: 160 bits, in hex."""
    return secrets.token_hex(20)


def app_for(user: Any, key: str) -> TOTPDevice:
    """The device of a key, not stored yet."""
    return TOTPDevice(user=user, key=key, name="app", step=STEP_SECONDS)


@transaction.atomic
def set_up_app(user: Any, key: str, code: str) -> TOTPDevice | None:
    """Store the app that shows this code in place of the last one; None where it does not match."""
    get_user_model().objects.select_for_update().get(pk=user.pk)
    device = app_for(user, key)
    clock = TOTP(device.bin_key, device.step, device.t0, device.digits)
    digits = "".join(code.split())
    if not (digits.isdecimal() and clock.verify(int(digits), device.tolerance)):
        return None
    TOTPDevice.objects.filter(user=user).delete()
    device.last_t, device.drift = clock.t(), clock.drift
    device.save()
    record(user, user, _("Set up an authenticator app."))
    return device


@transaction.atomic
def make_recovery_codes(user: Any) -> list[str]:
    """New codes in place of all earlier ones; they are told here and never again."""
    device, _made = RecoveryDevice.objects.get_or_create(user=user, defaults={"name": "codes"})
    device.codes.all().delete()
    codes = [_new_code() for _number in range(CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(device=device, digest=device.digest(code)) for code in codes
    )
    record(user, user, _("Made new recovery codes."))
    return codes


def show_code(request: HttpRequest, user: Any, code: str) -> bool:
    """Let somebody in who gave the password, if the code is theirs; a new session key then."""
    device = device_for(user, code)
    if device is None:
        return False
    if isinstance(device, TOTPDevice):
        code = "".join(code.split())
    accepted = django_otp.verify_token(user, device.persistent_id, code)
    if accepted is None:
        return False
    if isinstance(accepted, RecoveryDevice):
        record(user, user, _("Logged in with a recovery code."))
    let_in(request, user, accepted)
    return True


def let_in(request: HttpRequest, user: Any, device: Any) -> None:
    """This session has shown its second factor."""
    request.user = user
    request.session.cycle_key()
    django_otp.login(request, device)


@transaction.atomic
def reset_second_factor(user: Any, *, actor: Any, reason: str) -> None:
    """Take app and codes away; sessions that rest on them end. `actor` None: the command line.

    PermissionDenied unless a superuser does it; ValueError without a reason.
    """
    if actor is not None and not actor.is_superuser:
        raise PermissionDenied
    if not reason.strip():
        raise ValueError("a reset needs a reason")
    TOTPDevice.objects.filter(user=user).delete()
    RecoveryDevice.objects.filter(user=user).delete()
    words = _("Second factor reset: %(reason)s") if actor else _("Reset on the server: %(reason)s")
    record(user, actor or user, words % {"reason": reason.strip()})


def record(user: Any, actor: Any, words: str) -> None:
    LogEntry.objects.create(
        user=actor,
        content_type=ContentType.objects.get_for_model(user),
        object_id=str(user.pk),
        object_repr=str(user)[:200],
        action_flag=CHANGE,
        change_message=words,
    )


def _new_code() -> str:
    letters = b32encode(secrets.token_bytes(CODE_BYTES)).decode()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))
