"""Redactions: a value taken out of all history, asked by one person and done by another."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedField

from metrics.models.release import Change
from metrics.models.series import Series
from metrics.stats.periods import Period, PeriodError
from metrics.translation import translated


class TwoPersonAct(models.Model):
    """What one person asks for with a reason that readers get, and another does or refuses."""

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for a second person")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        LIFTED = "lifted", _("done; new values are taken again")

    reason = TranslatedField(
        models.CharField(
            _("reason"),
            max_length=500,
            help_text=_("Readers get it; it must not tell what is taken out."),
        )
    )
    reason_zh_hans: str
    reason_en: str
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    change = models.ForeignKey(
        Change, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("change")
    )
    blanked = models.JSONField(_("what was blanked"), default=dict, blank=True)

    class Meta:
        abstract = True
        ordering = ["-asked_at", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["done", "lifted"])
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="%(class)s_by_two",
            )
        ]


class ValueRedaction(TwoPersonAct):
    """One slot whose values, of every source and vintage, are taken out; the rows stay, blank.

    Until it is lifted nothing new is recorded for the slot either.
    """

    series = models.ForeignKey(
        Series, models.PROTECT, related_name="redactions", verbose_name=_("series")
    )
    period = models.CharField(_("period"), max_length=32)

    class Meta(TwoPersonAct.Meta):
        verbose_name = _("redaction of a value")
        verbose_name_plural = _("redactions of values")

    def __str__(self) -> str:
        return f"{self.series}@{self.period}"

    def clean(self) -> None:
        try:
            self.period = Period.parse(self.period.strip()).code
        except PeriodError as error:
            raise ValidationError({"period": translated(error.message)}) from None
