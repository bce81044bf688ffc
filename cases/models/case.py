"""Cases and their texts, revision by revision."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.picture import Picture
from cases.querysets import (
    CaseQuerySet,
    CaseTextQuerySet,
    PublicationQuerySet,
    RevisionQuerySet,
)
from metrics.models import Entity, Release, Series


class Case(models.Model):
    """A text with a kind; its words are in CaseText, one row a language."""

    class Kind(models.TextChoices):
        CASE = "case", _("case")
        TECHNOLOGY = "technology", _("technology")
        OVERVIEW = "overview", _("overview")

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.CASE)
    position = models.PositiveIntegerField(_("position"), default=0)
    technologies = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="applied_in",
        limit_choices_to={"kind": "technology"},
        verbose_name=_("technologies"),
    )
    entities = models.ManyToManyField(
        Entity, blank=True, related_name="cases", verbose_name=_("entities")
    )

    owners = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        verbose_name=_("owners"),
        help_text=_("They are told by e-mail when data change what a text of the case says."),
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.slug


class CaseText(models.Model):
    """The text of a case in one language: written, reviewed and published on its own."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in-review", _("in review")
        APPROVED = "approved", _("approved")
        SCHEDULED = "scheduled", _("scheduled")
        PUBLISHED = "published", _("published")
        ARCHIVED = "archived", _("archived")

    case = models.ForeignKey(Case, models.CASCADE, related_name="texts", verbose_name=_("case"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.DRAFT)

    objects = CaseTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("case text")
        verbose_name_plural = _("case texts")
        ordering = ["case", "-language"]
        permissions = [("approve_casetext", _("Can approve texts of others"))]
        constraints = [
            models.UniqueConstraint(fields=["case", "language"], name="case_text_one_per_language")
        ]

    def __str__(self) -> str:
        return f"{self.case} ({self.language})"


class Revision(models.Model):
    """An immutable snapshot of a text at a save.

    `source_revision`, of the text in another language, is the one that these words say in theirs;
    somebody may find later that they say a newer one as well.
    """

    text = models.ForeignKey(CaseText, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=300)
    standfirst = models.TextField(_("standfirst"), blank=True)
    body = models.TextField(_("body"))
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    source_revision = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="translations",
        verbose_name=_("follows"),
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["text", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["text", "number"], name="revision_number_in_text")
        ]

    def __str__(self) -> str:
        return f"{self.text} #{self.number}"


class Publication(models.Model):
    """A revision that readers saw, for seq_from ≤ seq < seq_to."""

    text = models.ForeignKey(CaseText, models.PROTECT, related_name="publications")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="publications")
    release = models.ForeignKey(Release, models.PROTECT, related_name="publications")
    seq_from = models.BigIntegerField()
    seq_to = models.BigIntegerField(null=True, blank=True)
    quoted_series = models.ManyToManyField(
        Series, related_name="quoting_publications", verbose_name=_("series it quotes")
    )

    pictures = models.ManyToManyField(
        Picture, related_name="publications", verbose_name=_("pictures it shows")
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["text", "-seq_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["text"], condition=Q(seq_to__isnull=True), name="publication_one_live"
            ),
            models.CheckConstraint(
                condition=Q(seq_to__isnull=True) | Q(seq_to__gt=F("seq_from")),
                name="publication_interval_not_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision} @ {self.seq_from}"


class ReleaseText(models.Model):
    """A revision that a release will publish."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="texts")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="release_texts")

    class Meta:
        verbose_name = _("text in a release")
        verbose_name_plural = _("texts in a release")
        constraints = [
            models.UniqueConstraint(fields=["release", "revision"], name="release_text_once")
        ]

    def __str__(self) -> str:
        return str(self.revision)
