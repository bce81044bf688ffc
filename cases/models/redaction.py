"""Redactions of words: a passage taken out of every revision of a text."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import CaseText
from metrics.models import TwoPersonAct


class PassageRedaction(TwoPersonAct):
    """A passage that is taken out wherever a text has it; a mark stands in its place.

    `passage` is as written in the source of the text, and is blank once it is done.
    """

    text = models.ForeignKey(
        CaseText, models.PROTECT, related_name="redactions", verbose_name=_("text")
    )
    passage = models.TextField(
        _("passage"),
        max_length=5000,
        blank=True,
        help_text=_("As written, with its marks: copy it from the text."),
    )

    class Meta(TwoPersonAct.Meta):
        verbose_name = _("redaction of words")
        verbose_name_plural = _("redactions of words")

    def __str__(self) -> str:
        """Without the passage: the log of the admin keeps this for good."""
        return f"{self.text} · {self.asked_at:%Y-%m-%d %H:%M}"
