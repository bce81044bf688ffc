"""The tables of the site as another project would declare them, to read them through the ORM."""

from django.db import models


class Unit(models.Model):  # noqa: DJ008
    key = models.CharField(max_length=40)

    class Meta:
        managed = False
        db_table = "metrics_unit"


class Indicator(models.Model):  # noqa: DJ008
    unit = models.ForeignKey(Unit, models.DO_NOTHING)

    class Meta:
        managed = False
        db_table = "metrics_indicator"


class Series(models.Model):  # noqa: DJ008
    key = models.CharField(max_length=170)
    indicator = models.ForeignKey(Indicator, models.DO_NOTHING)

    class Meta:
        managed = False
        db_table = "metrics_series"


class Source(models.Model):  # noqa: DJ008
    slug = models.CharField(max_length=80)

    class Meta:
        managed = False
        db_table = "metrics_source"


class Change(models.Model):  # noqa: DJ008
    seq = models.BigIntegerField(primary_key=True)
    published_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "metrics_change"


class Observation(models.Model):  # noqa: DJ008
    series = models.ForeignKey(Series, models.DO_NOTHING)
    source = models.ForeignKey(Source, models.DO_NOTHING)
    change = models.ForeignKey(Change, models.DO_NOTHING, db_column="seq_from")
    period = models.CharField(max_length=32)
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    value = models.DecimalField(null=True, max_digits=40, decimal_places=10)
    stated = models.CharField(max_length=80)
    resolution = models.DecimalField(null=True, max_digits=40, decimal_places=10)
    lower = models.DecimalField(null=True, max_digits=40, decimal_places=10)
    upper = models.DecimalField(null=True, max_digits=40, decimal_places=10)
    qualifier = models.CharField(max_length=8)
    status = models.CharField(max_length=1)
    null_reason = models.CharField(max_length=24)
    locator = models.CharField(max_length=200)
    vintage_on = models.DateField(null=True)
    preferred = models.BooleanField()
    seq_to = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "metrics_observation"
