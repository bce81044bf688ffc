"""What readers may find."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchDocument(models.Model):
    """A page that readers can open, in one language, as plain text and as what finds it.

    Written by the publishing transaction that changes the page. `vector` finds (title A, summary B,
    body D); `headings` are its title and summary alone, which order what was found: short, they are
    kept in the row, while the vectors of texts are not.
    """

    class Kind(models.TextChoices):
        CASE = "case", _("case")
        TECHNOLOGY = "technology", _("technology")
        OVERVIEW = "overview", _("overview")
        ENTITY = "entity", _("entity")
        SERIES = "series", _("series")
        SOURCE = "source", _("source")

    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    key = models.CharField(_("key"), max_length=170)
    title = models.TextField(_("title"))
    summary = models.TextField(_("summary"), blank=True)
    body = models.TextField(_("text"), blank=True)
    squeezed = models.TextField()
    headings = SearchVectorField()
    vector = SearchVectorField()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["language", "kind", "key"], name="search_document_once")
        ]
        indexes = [GinIndex(fields=["vector"], name="search_document_vector")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} ({self.language})"
