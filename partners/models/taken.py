"""Which series a partner fetched, and the last change whose values it has of each."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models.partner import Partner


class Taken(models.Model):
    """The values of a series as a partner fetched them last: those of `seq`, at `taken_at`.

    Of series that were asked for with a key: by name, or with others in bulk or in an export.
    """

    pk = models.CompositePrimaryKey("partner", "series_id")
    partner = models.ForeignKey(
        Partner, models.CASCADE, related_name="taken", verbose_name=_("partner")
    )
    series_id = models.BigIntegerField(_("series"))  # metrics knows nothing of partners
    seq = models.BigIntegerField(_("seq"))
    taken_at = models.DateTimeField(_("fetched at"))

    class Meta:
        default_permissions = ()
        verbose_name = _("fetched series")
        verbose_name_plural = _("fetched series")

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.series_id} ({self.seq})"
