"""What the clock's ticks brought besides observations, kept for those who follow along.

Observations say themselves when they came. Derived values are a cache that is written over, and
definitions have no seq of their own: for both a tick leaves a mark here.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DerivedTick(models.Model):
    """A series of which derived values changed at a seq: those that say they were computed then."""

    pk = models.CompositePrimaryKey("seq", "series_id")
    seq = models.BigIntegerField(_("seq"))
    # No reference: a row for each series of a refresh is checked by nobody.
    series_id = models.BigIntegerField(_("series"))

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.series_id} ({self.seq})"


class DerivedGone(models.Model):
    """A cell that had a derived value until a seq and has none since."""

    seq = models.BigIntegerField(_("seq"))
    series_id = models.BigIntegerField(_("series"))
    period = models.CharField(_("period"), max_length=32, db_collation="C")

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["seq", "id"], name="derived_gone_seq")]

    def __str__(self) -> str:
        return f"{self.series_id}@{self.period} ({self.seq})"


class DefinitionEdit(models.Model):
    """A definition that was added, changed or taken out; without a seq until the clock ticks.

    Written by triggers of the tables, so that no way of saving passes it by.
    """

    class Action(models.TextChoices):
        ADDED = "added", _("added")
        REVISED = "revised", _("revised")
        WITHDRAWN = "withdrawn", _("withdrawn")

    kind = models.CharField(_("kind"), max_length=16)
    key = models.CharField(_("key"), max_length=170)
    action = models.CharField(_("action"), max_length=10, choices=Action.choices)
    seq = models.BigIntegerField(_("seq"), null=True, blank=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["seq", "id"], name="definition_edit_seq"),
            models.Index(fields=["id"], condition=Q(seq=None), name="definition_edit_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
