"""Observations: append-only, one row per value as one source states it."""

from django.contrib.postgres.indexes import BrinIndex
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from metrics.fields import NumericField
from metrics.querysets import ObservationQuerySet


class NullReason(models.TextChoices):
    """Why there is no value. Missing is never zero."""

    NOT_REPORTED = "not_reported", _("not reported")
    NOT_YET_DUE = "not_yet_due", _("not yet due")
    BASE_ZERO = "base_zero", _("the base is zero")
    SIGN_CHANGE = "sign_change", _("the sign changes")
    INSUFFICIENT_HISTORY = "insufficient_history", _("not enough history")
    INCOMPLETE_PERIOD = "incomplete_period", _("the period is incomplete")
    BREAK = "break", _("the definition changed")
    INPUT_MISSING = "input_missing", _("an input is missing")
    NOT_DETERMINABLE = "not_determinable", _("cannot be determined from bounds")
    RESTRICTED = "restricted", _("restricted")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Qualifier(models.TextChoices):
    EXACT = "exact", _("exactly")
    OVER = "over", _("more than")
    UNDER = "under", _("less than")
    NEARLY = "nearly", _("nearly")
    ABOUT = "about", _("about")


class Status(models.TextChoices):
    """SDMX CL_OBS_STATUS, the codes in use here."""

    NORMAL = "A", _("normal")
    BREAK = "B", _("time series break")
    ESTIMATE = "E", _("estimated")
    FORECAST = "F", _("forecast")
    IMPLIED = "I", _("implied")
    MISSING = "M", _("missing")
    PROVISIONAL = "P", _("provisional")


class DatedValue(models.Model):
    """A period and a value with its bounds, or null and the reason."""

    # Compared byte by byte: codes are ASCII, and the rules of a language cost a third of a COPY.
    period = models.CharField(_("period"), max_length=32, db_collation="C")
    period_start = models.DateField(_("first day"), null=True, blank=True)
    period_end = models.DateField(_("last day"), null=True, blank=True)
    value = NumericField(_("value"), null=True, blank=True)
    lower = NumericField(_("lower bound"), null=True, blank=True)
    upper = NumericField(_("upper bound"), null=True, blank=True)
    null_reason = models.CharField(
        _("why there is no value"), max_length=24, blank=True, choices=NullReason.choices
    )

    class Meta:
        abstract = True


class StatedValue(DatedValue):
    """A value as one source states it: the columns a staged row and an observation share."""

    stated = models.CharField(_("as stated"), max_length=200, blank=True)
    resolution = NumericField(_("resolution"), null=True, blank=True)
    qualifier = models.CharField(
        _("qualifier"), max_length=8, choices=Qualifier.choices, default=Qualifier.EXACT
    )
    status = models.CharField(
        _("status"),
        max_length=1,
        choices=Status.choices,
        default=Status.NORMAL,
        validators=[MinLengthValidator(1)],
    )
    locator = models.CharField(_("place in the source"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    vintage_on = models.DateField(_("published by the source on"), null=True, blank=True)
    preferred = models.BooleanField(_("preferred"), default=True)

    class Meta:
        abstract = True


class Observation(StatedValue):
    """One value of a series for a period, as one source states it, for seq_from ≤ seq < seq_to.

    Append-only: a database trigger (migration 0002) refuses every update but closing `seq_to` and
    every delete. That the series exists is checked by a trigger once a statement (migration 0011),
    source and release in the staging join: a foreign key's check of every row is half of the cost
    of a bulk insert.
    """

    series = models.ForeignKey(
        "metrics.Series",
        models.PROTECT,
        related_name="observations",
        db_constraint=False,
        db_index=False,
        verbose_name=_("series"),
    )
    source = models.ForeignKey(
        "metrics.Source",
        models.PROTECT,
        related_name="observations",
        db_constraint=False,
        db_index=False,
        verbose_name=_("source"),
    )
    release = models.ForeignKey(
        "metrics.Release",
        models.PROTECT,
        related_name="observations",
        db_constraint=False,
        db_index=False,
        verbose_name=_("release"),
    )
    seq_from = models.BigIntegerField(_("visible from seq"))
    seq_to = models.BigIntegerField(_("visible until seq"), null=True, blank=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["series", "period_end", "id"]
        permissions = [("backfill_vintage", _("Can backfill past vintages"))]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "period"],
                condition=Q(seq_to__isnull=True, preferred=True),
                name="observation_one_preferred",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, null_reason="")
                | (Q(value__isnull=True) & ~Q(null_reason="")),
                name="observation_value_or_reason",
            ),
            models.CheckConstraint(
                # empty: a backfilled vintage, which the clock never shows (services.vintages)
                condition=Q(seq_to__isnull=True) | Q(seq_to__gte=F("seq_from")),
                name="observation_interval_ordered",
            ),
            models.CheckConstraint(
                condition=Q(lower__isnull=True) | Q(upper__isnull=True) | Q(lower__lte=F("upper")),
                name="observation_bounds_ordered",
            ),
        ]
        indexes = [
            # as_of, vintages and history of one series
            models.Index(fields=["series", "period", "seq_from"], name="observation_history"),
            # what a change wrote: rows are only appended, so a few pages tell where it lies
            BrinIndex(fields=["seq_from"], name="observation_change", pages_per_range=16),
        ]

    def __str__(self) -> str:
        return f"{self.series_id}@{self.period}"
