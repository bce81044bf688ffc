"""One file on its way to readers, what is wrong with it, and what it would create."""

import uuid
from pathlib import PurePath

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedField

from metrics.models.import_layout import ImportLayout
from metrics.models.reference import Entity, Indicator
from metrics.models.release import Release
from metrics.models.series import Series


def private_storage() -> Storage:
    """Where uploaded files are kept: never served."""
    return storages["imports"]


def private_name(batch: "ImportBatch", name: str) -> str:
    """A name that tells nothing and meets no other: the shown one is `file_name`."""
    suffix = PurePath(name).suffix.lower()
    return f"{batch.uploaded_at:%Y/%m}/{uuid.uuid4().hex}{suffix if suffix.isascii() else ''}"


class ImportBatch(models.Model):
    """An uploaded file with the layout it is read by, and how far it has come.

    `layout_frozen` is the layout as it was at the upload. The counts and `base_seq` belong to the
    last check: the difference was computed against that seq. The rows that a publication wrote
    have ids in (`observations_after`, `observations_until`]: rows are only written under the
    publishing lock, so no other's are among them.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("waiting to be checked")
        CHECKING = "checking", _("being checked")
        INVALID = "invalid", _("refused: see the messages")
        STAGED = "staged", _("checked, ready to publish")
        UNCHANGED = "unchanged", _("nothing new")
        PUBLISHED = "published", _("published")
        UNDONE = "undone", _("undone")
        FAILED = "failed", _("failed")
        DISCARDED = "discarded", _("discarded")

    class Phase(models.TextChoices):
        WAITING = "waiting", _("waiting")
        READING = "reading", _("reading the file")
        COMPARING = "comparing", _("comparing with what stands")
        DONE = "done", _("done")

    layout = models.ForeignKey(
        ImportLayout, models.PROTECT, related_name="batches", verbose_name=_("layout")
    )
    layout_frozen = models.JSONField(_("layout as it was"))
    file = models.FileField(
        _("file"), storage=private_storage, upload_to=private_name, max_length=200
    )
    file_name = models.CharField(_("file name"), max_length=200)
    size = models.BigIntegerField(_("bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    vintage_on = models.DateField(
        _("published by the source on"),
        null=True,
        blank=True,
        help_text=_("For rows that do not say it themselves."),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.UPLOADED, db_index=True
    )
    phase = models.CharField(
        _("phase"), max_length=10, choices=Phase.choices, default=Phase.WAITING
    )
    rows_done = models.PositiveIntegerField(_("rows read"), default=0)
    rows_total = models.PositiveIntegerField(_("rows in all"), default=0)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    same = models.PositiveIntegerField(_("same"), default=0)
    withdrawn = models.PositiveIntegerField(_("withdrawn"), default=0)
    skipped = models.PositiveIntegerField(_("without a value"), default=0)
    errors = models.PositiveIntegerField(_("errors"), default=0)
    conflicts = models.PositiveIntegerField(_("edited since"), default=0)
    base_seq = models.BigIntegerField(_("compared at seq"), null=True, blank=True)
    failure = models.TextField(_("failure"), blank=True)
    release = models.ForeignKey(
        Release,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="imports",
        verbose_name=_("release"),
    )
    undo_release = models.ForeignKey(
        Release,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="undone_imports",
        verbose_name=_("undone by the release"),
    )
    observations_after = models.BigIntegerField(null=True, blank=True)
    observations_until = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class ImportProblem(models.Model):
    """Something wrong at one place of the file; worded by selectors.import_problems when shown."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField(_("row"))
    column = models.CharField(_("column"), max_length=200, blank=True)
    cell = models.CharField(_("cell"), max_length=200, blank=True)
    code = models.CharField(_("code"), max_length=32)
    params = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("import problem")
        verbose_name_plural = _("import problems")
        ordering = ["batch", "row", "id"]

    def __str__(self) -> str:
        return f"{self.row} {self.column}: {self.code}"


class ProposedEntity(models.Model):
    """An entity that the file names and we do not have; created by the publication."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="proposed_entities")
    code = models.CharField(_("code in the file"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=80)
    name = TranslatedField(models.CharField(_("name"), max_length=200))
    name_zh_hans: str
    name_en: str
    kind = models.CharField(_("kind"), max_length=16, choices=Entity.Kind.choices)

    class Meta:
        verbose_name = _("proposed entity")
        verbose_name_plural = _("proposed entities")
        ordering = ["batch", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "code"], name="proposed_entity_code"),
        ]

    def __str__(self) -> str:
        return self.slug


class ProposedSeries(models.Model):
    """A series that the publication creates, under an id that is reserved for it already."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="proposed_series")
    reserved_id = models.BigIntegerField(_("id"))
    entity = models.ForeignKey(Entity, models.CASCADE, null=True, related_name="+")
    proposal = models.ForeignKey(ProposedEntity, models.CASCADE, null=True, related_name="series")
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="+")
    frequency = models.CharField(_("frequency"), max_length=1, choices=Series.Frequency.choices)

    class Meta:
        verbose_name = _("proposed series")
        verbose_name_plural = _("proposed series")
        ordering = ["batch", "reserved_id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "reserved_id"], name="proposed_series_id"),
            models.CheckConstraint(
                condition=models.Q(entity__isnull=False, proposal__isnull=True)
                | models.Q(entity__isnull=True, proposal__isnull=False),
                name="proposed_series_one_entity",
            ),
        ]

    def __str__(self) -> str:
        return str(self.reserved_id)
