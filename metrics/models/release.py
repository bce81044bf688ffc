"""Releases, what they stage, and the ticks of the one public clock."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedField

from metrics.models.observation import StatedValue
from metrics.querysets import ChangeQuerySet, ReleaseQuerySet


class Release(models.Model):
    """An atomic set of changes to data and texts that goes live together."""

    class Kind(models.TextChoices):
        NEW = "new", _("new")
        REVISION = "revision", _("revision")
        CORRECTION = "correction", _("correction")
        REDEFINITION = "redefinition", _("redefinition")
        WITHDRAWAL = "withdrawal", _("withdrawal")

    class State(models.TextChoices):
        DRAFT = "draft", _("waiting for approval")
        SCHEDULED = "scheduled", _("scheduled")
        PUBLISHED = "published", _("published")
        REJECTED = "rejected", _("rejected")
        GATHERED = "gathered", _("gathered into another")

    OPEN = (State.DRAFT, State.SCHEDULED)

    title = TranslatedField(models.CharField(_("title"), max_length=200))
    title_zh_hans: str
    title_en: str
    reason = TranslatedField(models.TextField(_("reason"), blank=True))
    reason_zh_hans: str
    reason_en: str
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.DRAFT, db_index=True
    )
    # Counts the times that what it holds was changed: a preview holds for one of them.
    composition = models.PositiveIntegerField(_("changes of what it holds"), default=0)
    scheduled_at = models.DateTimeField(_("scheduled for"), null=True, blank=True)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("scheduled by"),
    )
    # Why a due release did not go live; tried again at `retry_at`, or (null) once somebody acts.
    failure = TranslatedField(models.TextField(_("why it did not go live"), blank=True))
    failure_zh_hans: str
    failure_en: str
    failed_at = models.DateTimeField(_("failed at"), null=True, blank=True)
    retry_at = models.DateTimeField(_("tried again at"), null=True, blank=True)
    # What its author saw: a slot that has changed since is told before it is overwritten.
    proposed_seq = models.BigIntegerField(_("proposed at seq"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    gathered_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="gathered",
        verbose_name=_("gathered into"),
    )
    withdraws = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="withdrawn_by",
        verbose_name=_("withdraws"),
    )

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-created_at", "-id"]
        permissions = [("publish_release", _("Can publish releases"))]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="scheduled") | models.Q(scheduled_at__isnull=False),
                name="release_scheduled_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state="gathered", gathered_into__isnull=False)
                | (~models.Q(state="gathered") & models.Q(gathered_into__isnull=True)),
                name="release_gathered_into_one",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_open(self) -> bool:
        """Whether it may still be published."""
        return self.state in self.OPEN


class StagedObservation(StatedValue):
    """A row that a release will record (or withdraw) when it is published."""

    class Action(models.TextChoices):
        RECORD = "record", _("record")
        WITHDRAW = "withdraw", _("withdraw")

    release = models.ForeignKey(Release, models.CASCADE, related_name="staged")
    series = models.ForeignKey("metrics.Series", models.PROTECT, related_name="+")
    source = models.ForeignKey("metrics.Source", models.PROTECT, related_name="+")
    action = models.CharField(
        _("action"), max_length=8, choices=Action.choices, default=Action.RECORD
    )

    class Meta:
        verbose_name = _("staged observation")
        verbose_name_plural = _("staged observations")
        ordering = ["release", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "series", "period", "source"],
                name="staged_one_per_slot_and_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.series}@{self.period}"


class Change(models.Model):
    """The tick of the public clock: written once by every publishing transaction.

    `seq` has no gaps and `published_at` strictly increases, because both are taken under one
    advisory lock (see services.clock).
    """

    class Kind(models.TextChoices):
        NEW = "new", _("new")
        REVISION = "revision", _("revision")
        CORRECTION = "correction", _("correction")
        REDEFINITION = "redefinition", _("redefinition")
        WITHDRAWAL = "withdrawal", _("withdrawal")
        DEFINITION = "definition", _("definition edited")
        REFRESH = "refresh", _("derived values refreshed")
        REDACTION = "redaction", _("taken out of the record")

    seq = models.BigIntegerField(primary_key=True)
    published_at = models.DateTimeField(_("published at"), unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    release = models.OneToOneField(
        Release, models.PROTECT, null=True, blank=True, related_name="change"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("actor"),
    )
    summary = models.JSONField(_("summary"), default=dict, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"
