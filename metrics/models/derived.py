"""Computed values, their summaries, and the queue that keeps them fresh."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from metrics.fields import NumericField
from metrics.models.observation import DatedValue
from metrics.models.rule import Rule, RuleVersion
from metrics.models.series import Series


class DerivedValue(DatedValue):
    """The current value of a rule for a series and period: a cache of `evaluate`.

    It stands also where an observation fills the period; the observation outranks it and the two
    can be compared.
    """

    # No constraints and no indexes of their own: they are two thirds of the cost of writing
    # millions of these.
    series = models.ForeignKey(
        Series,
        models.CASCADE,
        related_name="derived_values",
        db_constraint=False,
        db_index=False,
        verbose_name=_("series"),
    )
    rule_version = models.ForeignKey(
        RuleVersion, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    computed_seq = models.BigIntegerField(_("computed at seq"))

    class Meta:
        verbose_name = _("derived value")
        verbose_name_plural = _("derived values")
        ordering = ["series", "period_end", "id"]
        constraints = [
            models.UniqueConstraint(fields=["series", "period"], name="derived_one_per_period"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, null_reason="")
                | (Q(value__isnull=True) & ~Q(null_reason="")),
                name="derived_value_or_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series_id}@{self.period}"


class ConsistencyCheck(DerivedValue):
    """What the admin lists beside stated figures (selectors.consistency): no rows of its own."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("consistency check")
        verbose_name_plural = _("consistency checks")


class SeriesSummary(models.Model):
    """One row per series: what a list, a search result or a ranking needs without its points."""

    series = models.OneToOneField(Series, models.CASCADE, primary_key=True, related_name="summary")
    latest_period = models.CharField(_("latest period"), max_length=32, blank=True)
    latest_value = NumericField(_("latest value"), null=True)
    previous_period = models.CharField(_("previous period"), max_length=32, blank=True)
    previous_value = NumericField(_("previous value"), null=True)
    change = NumericField(_("change"), null=True)
    change_reason = models.CharField(max_length=24, blank=True)
    year_on_year = NumericField(_("year on year"), null=True)
    year_on_year_reason = models.CharField(max_length=24, blank=True)
    cagr = NumericField(_("compound annual growth"), null=True)
    cagr_reason = models.CharField(max_length=24, blank=True)
    minimum = NumericField(_("minimum"), null=True)
    maximum = NumericField(_("maximum"), null=True)
    mean = NumericField(_("mean"), null=True)
    mean_reason = models.CharField(max_length=24, blank=True)
    volatility = NumericField(_("volatility"), null=True)
    volatility_reason = models.CharField(max_length=24, blank=True)
    count = models.PositiveIntegerField(_("values"), default=0)
    nature = models.CharField(_("nature it was computed by"), max_length=16, blank=True)
    first_period = models.CharField(_("first period"), max_length=32, blank=True)
    next_due = models.DateField(_("next value due by"), null=True)
    computed_seq = models.BigIntegerField(_("computed at seq"))

    class Meta:
        verbose_name = _("series summary")
        verbose_name_plural = _("series summaries")
        indexes = [models.Index(fields=["next_due"], name="series_summary_due")]

    def __str__(self) -> str:
        return str(self.series_id)


class StaleSeries(models.Model):
    """A mark: this series, or this group-wide rule for a period, must be computed again.

    A queue without a unique constraint on purpose: an insert that finds a row which another
    connection is about to delete would be lost under READ COMMITTED; a second row never is.
    """

    series = models.ForeignKey(Series, models.CASCADE, null=True, related_name="+")
    rule = models.ForeignKey(Rule, models.CASCADE, null=True, related_name="+")
    period = models.CharField(max_length=32, blank=True, db_collation="C")
    marked_at = models.DateTimeField(auto_now_add=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("stale series")
        verbose_name_plural = _("stale series")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(series__isnull=False, rule__isnull=True)
                | Q(series__isnull=True, rule__isnull=False),
                name="stale_series_or_rule",
            )
        ]

    def __str__(self) -> str:
        return f"{self.series_id or self.rule_id}"


class RefreshRun(models.Model):
    """What one refresh transaction did."""

    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"))
    seq = models.BigIntegerField(_("seq"), null=True)
    targets = models.PositiveIntegerField(_("targets"), default=0)
    read = models.PositiveIntegerField(_("values read"), default=0)
    marks = models.PositiveIntegerField(_("marks"), default=0)
    written = models.PositiveIntegerField(_("values written"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    deferred = models.PositiveIntegerField(_("left for the next run"), default=0)

    class Meta:
        verbose_name = _("refresh run")
        verbose_name_plural = _("refresh runs")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M:%S}"

    @property
    def seconds(self) -> float:
        return (self.finished_at - self.started_at).total_seconds()
