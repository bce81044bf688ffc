"""How often who asked: the windows that quotas are counted in, and what is kept of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models.key import ApiKey


class Window(models.Model):
    """The requests of one subject in one window, those beyond the quota included.

    An unlogged table: a request costs no write-ahead log, and a crash of the server forgets the
    window in hand. `subject` is `key:` and an id, or a digest of where a request came from.
    """

    pk = models.CompositePrimaryKey("subject", "starts_at")
    subject = models.CharField(max_length=40, db_collation="C")
    starts_at = models.DateTimeField()
    used = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        verbose_name = _("window of a quota")
        verbose_name_plural = _("windows of quotas")

    def __str__(self) -> str:
        return f"{self.subject} {self.starts_at:%Y-%m-%dT%H:%MZ}"


class KeyDay(models.Model):
    """What was asked with a key (and those it was rotated into) on one day, UTC."""

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="days", verbose_name=_("API key"))
    day = models.DateField(_("day"))
    requests = models.PositiveBigIntegerField(_("requests"))

    class Meta:
        default_permissions = ()
        verbose_name = _("day of a key")
        verbose_name_plural = _("days of keys")
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["key", "day"], name="key_day_once")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.day}"
