"""The cells of a file while it waits: unlogged tables, refilled from the kept file when lost."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from metrics.fields import NumericField
from metrics.models.import_batch import ImportBatch
from metrics.models.observation import NullReason, Qualifier, Status

# `place` holds row and column: a wide row has many cells, and one number makes one narrow key.
COLUMN_BITS = 14


class ImportRow(models.Model):
    """One value of a file, as it would be recorded; null means what the layout says.

    The series may be one that is only proposed (its reserved id), so it is no foreign key.
    """

    pk = models.CompositePrimaryKey("batch_id", "place")
    batch = models.ForeignKey(
        ImportBatch, models.CASCADE, related_name="rows", db_constraint=False, db_index=False
    )
    place = models.BigIntegerField()
    series_id = models.BigIntegerField()
    period = models.CharField(max_length=32, db_collation="C")
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    value = NumericField(null=True)
    resolution = NumericField(null=True)
    qualifier = models.CharField(max_length=8, null=True, choices=Qualifier.choices)  # noqa: DJ001
    stated = models.CharField(max_length=200, null=True)  # noqa: DJ001
    status = models.CharField(max_length=1, null=True, choices=Status.choices)  # noqa: DJ001
    null_reason = models.CharField(  # noqa: DJ001
        max_length=24, null=True, choices=NullReason.choices
    )
    source_id = models.BigIntegerField(null=True)
    locator = models.CharField(max_length=200, null=True)  # noqa: DJ001
    note = models.TextField(null=True)  # noqa: DJ001
    vintage_on = models.DateField(null=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("import row")
        verbose_name_plural = _("import rows")

    def __str__(self) -> str:
        return f"{self.series_id}@{self.period}"

    @property
    def line(self) -> int:
        """The row of the file, counted from 1 as a spreadsheet does."""
        return self.place >> COLUMN_BITS

    @property
    def column(self) -> int:
        """The column of the value, counted from 0."""
        return self.place & ((1 << COLUMN_BITS) - 1)


class ImportDifference(models.Model):
    """What a checked file would do to one slot. Rows that are the same have none.

    A file whose every row is new has none either: its rows are the difference. `position` is the
    place of the row, or for what the file leaves out (withdrawn) the id of the observation.
    """

    class Mark(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    pk = models.CompositePrimaryKey("batch_id", "mark", "position")
    batch = models.ForeignKey(
        ImportBatch, models.CASCADE, related_name="differences", db_constraint=False, db_index=False
    )
    mark = models.CharField(max_length=9, choices=Mark.choices)
    position = models.BigIntegerField()
    observation_id = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("import difference")
        verbose_name_plural = _("import differences")

    def __str__(self) -> str:
        return f"{self.mark} {self.position}"
