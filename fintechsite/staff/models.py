"""Recovery codes: what lets somebody in whose phone is lost. Only their digests are stored."""

import hashlib
import re

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin


class RecoveryDevice(ThrottlingMixin, Device):
    """The set of recovery codes of one person; each lets in once, wrong ones slow down."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="recovery_device",
        verbose_name=_("user"),
    )

    class Meta:
        verbose_name = _("recovery codes")
        verbose_name_plural = _("recovery codes")

    def get_throttle_factor(self) -> int:
        return 1

    def verify_token(self, token: str) -> bool:
        """Take the code, which is then used up. The caller holds the row of this device."""
        allowed, _why = self.verify_is_allowed()
        if not allowed:
            return False
        used, _by_model = self.codes.filter(digest=self.digest(token)).delete()
        if used:
            self.throttle_reset()
        else:
            self.throttle_increment()
        return bool(used)

    def digest(self, code: str) -> str:
        """80 random bits need no slow hash; small letters, spaces and hyphens do not matter."""
        plain = re.sub(r"[^A-Z2-7]", "", code.upper())
        return hashlib.sha256(f"{self.pk}:{plain}".encode()).hexdigest()


class RecoveryCode(models.Model):
    """One code that was not used yet."""

    device = models.ForeignKey(
        RecoveryDevice, models.CASCADE, related_name="codes", verbose_name=_("recovery codes")
    )
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [
            models.UniqueConstraint(fields=["device", "digest"], name="recovery_code_once")
        ]

    def __str__(self) -> str:
        return f"{self.device_id}: {self.pk}"
