"""What happens to a text between its first draft and its readers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import CaseText, Revision


class TextAct(models.Model):
    """Something that somebody did to a text. Never changed: the log of the workflow."""

    class Kind(models.TextChoices):
        SAVED = "saved", _("saved")
        SUBMITTED = "submitted", _("handed in for review")
        TAKEN_BACK = "taken-back", _("taken back from review")
        SENT_BACK = "sent-back", _("sent back")
        APPROVED = "approved", _("approved")
        REOPENED = "reopened", _("reopened")
        SCHEDULED = "scheduled", _("scheduled")
        UNSCHEDULED = "unscheduled", _("taken off the schedule")
        OVERRIDDEN = "overridden", _("claims vouched for")
        PUBLISHED = "published", _("published")
        ARCHIVED = "archived", _("archived")
        COMMENTED = "commented", _("commented")
        SETTLED = "settled", _("comment settled")
        FOLLOWED = "followed", _("set against the other language")

    text = models.ForeignKey(CaseText, models.CASCADE, related_name="acts", verbose_name=_("text"))
    revision = models.ForeignKey(
        Revision, models.CASCADE, related_name="acts", verbose_name=_("revision")
    )
    kind = models.CharField(_("act"), max_length=16, choices=Kind.choices)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("actor"),
    )

    class Meta:
        verbose_name = _("act on a text")
        verbose_name_plural = _("acts on texts")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["text", "-at"], name="text_act_of_text")]

    def __str__(self) -> str:
        return f"{self.text}: {self.get_kind_display()}"


class Comment(models.Model):
    """A remark on one paragraph of a text, until somebody settles it.

    `paragraph` is the source of the paragraph as it stood, so that the comment finds it again in
    later revisions; empty: a remark on the whole text.
    """

    revision = models.ForeignKey(
        Revision, models.CASCADE, related_name="comments", verbose_name=_("revision")
    )
    paragraph = models.TextField(_("paragraph"), blank=True)
    words = models.TextField(_("comment"), max_length=2000)
    written_at = models.DateTimeField(_("written at"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["written_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="comment_settled_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.words[:80]
