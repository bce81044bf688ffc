"""Which of several sources speaks for a series, and why."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedField

from metrics.querysets import IntervalQuerySet


class Preference(models.Model):
    """A decision that a source is preferred, for seq_from ≤ seq < seq_to (null: still).

    For one period, or for every period (a blank one); one for a period outranks one for all. Who
    decided is the actor of the change `seq_from`. While it stands, no other source takes the
    preference by being recorded (services.observations).
    """

    series = models.ForeignKey(
        "metrics.Series", models.PROTECT, related_name="preferences", verbose_name=_("series")
    )
    period = models.CharField(_("period"), max_length=32, blank=True, db_collation="C")
    source = models.ForeignKey(
        "metrics.Source", models.PROTECT, related_name="preferences", verbose_name=_("source")
    )
    reason = TranslatedField(models.TextField(_("reason"), blank=True))
    reason_zh_hans: str
    reason_en: str
    seq_from = models.BigIntegerField(_("visible from seq"))
    seq_to = models.BigIntegerField(_("visible until seq"), null=True, blank=True)

    objects = IntervalQuerySet.as_manager()

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        ordering = ["-seq_from", "series", "period"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "period"],
                condition=Q(seq_to__isnull=True),
                name="preference_one_current",
            ),
            models.CheckConstraint(
                condition=~Q(reason_zh_hans="", reason_en=""), name="preference_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series_id}@{self.period or '*'}: {self.source_id}"
