"""What a release would change, as last tried."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from metrics.models.release import Release


class ReleasePreview(models.Model):
    """What a release would change, as its publication told when it was tried at `seq`.

    `found` is what services.previewing made of it; it holds for no other seq, and for no other
    composition of the release.
    """

    release = models.OneToOneField(
        Release, models.CASCADE, primary_key=True, related_name="preview", verbose_name=_("release")
    )
    seq = models.BigIntegerField(_("made at seq"))
    composition = models.PositiveIntegerField(_("changes of what the release holds"))
    made_at = models.DateTimeField(_("made at"))
    found = models.JSONField(_("what would change"), default=dict, blank=True)

    class Meta:
        verbose_name = _("preview of a release")
        verbose_name_plural = _("previews of releases")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.release_id} @ {self.seq}"
