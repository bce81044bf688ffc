"""When what an indicator means changed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedField

from metrics.querysets import RedefinitionQuerySet


class Redefinition(models.Model):
    """From the day `since_on` an indicator is measured by version `version` of its definition.

    Visible for seq_from ≤ seq < seq_to (null: still). The text of the newest version is the
    indicator's own; `before` is the text that this version took the place of. Values before and
    since are compared (growth, changes, averages) only where `comparable` says why they may.
    """

    indicator = models.ForeignKey(
        "metrics.Indicator",
        models.PROTECT,
        related_name="redefinitions",
        verbose_name=_("indicator"),
    )
    version = models.PositiveIntegerField(_("definition version"))
    since = models.CharField(_("first period"), max_length=32, db_collation="C")
    since_on = models.DateField(_("first day"))
    before = TranslatedField(models.TextField(_("definition before"), blank=True))
    before_zh_hans: str
    before_en: str
    comparable = TranslatedField(
        models.TextField(_("why values before and since may be compared"), blank=True)
    )
    comparable_zh_hans: str
    comparable_en: str
    seq_from = models.BigIntegerField(_("visible from seq"))
    seq_to = models.BigIntegerField(_("visible until seq"), null=True, blank=True)

    objects = RedefinitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("redefinition")
        verbose_name_plural = _("redefinitions")
        ordering = ["indicator", "version", "-seq_from"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "version"],
                condition=Q(seq_to__isnull=True),
                name="redefinition_one_current",
            ),
            models.CheckConstraint(
                condition=Q(version__gte=2), name="redefinition_begins_a_further_version"
            ),
            models.CheckConstraint(
                condition=Q(seq_to__isnull=True) | Q(seq_to__gt=F("seq_from")),
                name="redefinition_interval_not_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} v{self.version}"

    @property
    def is_break(self) -> bool:
        """Whether values before and since are not compared."""
        return not (self.comparable_zh_hans or self.comparable_en)
