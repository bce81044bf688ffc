"""Dated happenings."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from translated_fields import TranslatedField

from metrics.models.reference import Entity, Source


class Event(models.Model):
    """A dated happening of an entity, as a source tells it."""

    entity = models.ForeignKey(
        Entity, models.PROTECT, related_name="events", verbose_name=_("entity")
    )
    slug = models.SlugField(_("slug"), max_length=80)
    period = models.CharField(_("period"), max_length=32)
    period_start = models.DateField(_("first day"), null=True, blank=True)
    period_end = models.DateField(_("last day"), null=True, blank=True)
    label = TranslatedField(models.CharField(_("label"), max_length=300))
    label_zh_hans: str
    label_en: str
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="events", verbose_name=_("source")
    )
    locator = models.CharField(_("place in the source"), max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["period_start", "entity", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["entity", "slug"], name="event_slug_in_entity")
        ]

    def __str__(self) -> str:
        return str(self.label)
