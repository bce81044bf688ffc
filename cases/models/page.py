"""Pages as readers got them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from metrics.querysets import IntervalQuerySet


class PageSnapshot(models.Model):
    """A rendered page, served by one query until something that it depends on changes.

    `depends_on` holds tags: "series:<id>", "case:<slug>" (of a text that the page shows or would
    show once it is published), "texts" (any text: lists), "values", "definitions".
    """

    path = models.CharField(_("path"), max_length=300)
    html = models.BinaryField()
    gzipped = models.BinaryField()
    etag = models.CharField(max_length=64)
    depends_on = ArrayField(models.CharField(max_length=120), default=list)
    keep = models.BooleanField(
        default=False, help_text=_("Superseded snapshots of cases are the record of what was read.")
    )
    seq_from = models.BigIntegerField()
    seq_to = models.BigIntegerField(null=True, blank=True)

    objects = IntervalQuerySet.as_manager()

    class Meta:
        verbose_name = _("page snapshot")
        verbose_name_plural = _("page snapshots")
        constraints = [
            models.UniqueConstraint(
                fields=["path"], condition=Q(seq_to__isnull=True), name="snapshot_one_current"
            )
        ]
        indexes = [
            GinIndex(
                fields=["depends_on"],
                condition=Q(seq_to__isnull=True),
                name="snapshot_depends_on",
            )
        ]

    def __str__(self) -> str:
        return self.path


class ContentRecord(models.Model):
    """What load_content last loaded of one record of the shipped content, as a digest."""

    file = models.CharField(max_length=120)
    key = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "key"], name="content_record_once")]

    def __str__(self) -> str:
        return f"{self.file}: {self.key}"
