"""What somebody has typed and not saved."""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from cases.models.case import CaseText

MOST_CHARACTERS: Final = 100_000


class Draft(models.Model):
    """Unsaved words of one person on one text; nobody else sees them, and a save clears them.

    `seen` is the revision they began from (0: none). `saved_at` changes with every keeping, so it
    tells whether a window knows the words that are kept.
    """

    text = models.ForeignKey(CaseText, models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    title = models.CharField(_("title"), max_length=300, blank=True)
    standfirst = models.TextField(_("standfirst"), blank=True)
    body = models.TextField(_("body"), blank=True)
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    seen = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        verbose_name = _("unsaved words")
        verbose_name_plural = _("unsaved words")
        constraints = [
            models.UniqueConstraint(fields=["text", "author"], name="draft_one_per_author"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("body"), MOST_CHARACTERS)
                & LessThanOrEqual(Length("standfirst"), MOST_CHARACTERS),
                name="draft_is_bounded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} {self.saved_at:%Y-%m-%d %H:%M}"

    @property
    def mark(self) -> str:
        """What a window must show to replace these words: it has seen them."""
        return self.saved_at.isoformat()
