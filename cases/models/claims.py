"""What live texts claim, and what became of it when data changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import CaseText, Publication
from cases.querysets import LedgerQuerySet
from metrics.models import Series


class LedgerEntry(models.Model):
    """One claim of a live text: a sentence that quotes values, or a number that somebody typed.

    A sentence has a `key` (a digest of its source, by which a page finds it), its words with the
    values of now, and its words when it last held. A typed number has no key; its state is
    unbound, or exempt for the reason in `reason`.
    """

    class State(models.TextChoices):
        HOLDS = "holds", _("holds")
        FALSE = "false", _("no longer true")
        OPEN = "open", _("left open by the data")
        MISSING = "missing", _("quotes a missing value")
        UNBOUND = "unbound", _("unbound number")
        EXEMPT = "exempt", _("exempt number")

    publication = models.ForeignKey(
        Publication, models.CASCADE, related_name="ledger", verbose_name=_("publication")
    )
    key = models.CharField(_("key"), max_length=16, blank=True)
    part = models.CharField(_("part"), max_length=12)
    line = models.PositiveIntegerField(_("line"))
    source = models.TextField(_("as written"))
    printed = models.TextField(_("as read"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices)
    reason = models.CharField(_("reason"), max_length=12, blank=True)
    seq = models.BigIntegerField(_("so since seq"))
    held = models.TextField(_("when it last held"), blank=True)
    held_seq = models.BigIntegerField(_("last held at seq"), null=True, blank=True)
    held_at = models.DateTimeField(_("last held at"), null=True, blank=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["publication", "id"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "key"],
                condition=~Q(key=""),
                name="ledger_sentence_once_in_publication",
            )
        ]

    def __str__(self) -> str:
        return self.printed[:100]

    @property
    def is_withheld(self) -> bool:
        """Whether readers get other words than these, or these with a flag."""
        return bool(self.key) and self.state != self.State.HOLDS


class Drift(models.Model):
    """A sentence of a live text that reads otherwise since data changed, or that a reader doubts.

    `before` is what was last acknowledged; further changes write `after` until somebody settles it.
    What a reader doubts is a text, a figure of it (`series`, and `period` where one is named), or a
    figure on the page of its series, and then of no text.
    """

    class Kind(models.TextChoices):
        FIGURES = "figures", _("new figures")
        FALSE = "false", _("no longer true")
        OPEN = "open", _("left open by the data")
        MISSING = "missing", _("a value is gone")
        REPORT = "report", _("reported by a reader")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        REWRITTEN = "rewritten", _("rewritten")
        UNDONE = "undone", _("reads as before")
        DISMISSED = "dismissed", _("dismissed")

    text = models.ForeignKey(
        CaseText,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="drift",
        verbose_name=_("text"),
    )
    series = models.ForeignKey(
        Series,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("series"),
    )
    period = models.CharField(_("period"), max_length=32, blank=True)
    key = models.CharField(_("key"), max_length=16, blank=True)
    part = models.CharField(_("part"), max_length=12, blank=True)
    line = models.PositiveIntegerField(_("line"), default=1)
    kind = models.CharField(_("what"), max_length=8, choices=Kind.choices)
    source = models.TextField(_("as written"), blank=True)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)
    report = models.TextField(_("what the reader says"), max_length=2000, blank=True)
    seq = models.BigIntegerField(_("since seq"))
    at = models.DateTimeField(_("since"))
    mailed_at = models.DateTimeField(_("told to the owners at"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OPEN)
    assigned = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned to"),
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
    note = models.CharField(_("note"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("drift")
        verbose_name_plural = _("drift queue")
        ordering = ["-at", "-id"]
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["text", "key"],
                condition=Q(state="open") & ~Q(kind="report"),
                name="drift_one_open_a_sentence",
            ),
            models.CheckConstraint(
                condition=Q(text__isnull=False) | Q(kind="report"), name="drift_of_a_text"
            ),
        ]
        indexes = [
            models.Index(fields=["text", "-at"], condition=Q(state="open"), name="drift_open")
        ]

    def __str__(self) -> str:
        return f"{self.about}: {self.after[:80] or self.report[:80]}"

    @property
    def about(self) -> str:
        """The text or, of a report on a figure alone, its series and period."""
        return str(self.text) if self.text is not None else f"{self.series} {self.period}".strip()

    @property
    def is_open(self) -> bool:
        return self.state == Drift.State.OPEN
