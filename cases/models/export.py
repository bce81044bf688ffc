"""Everything as one file."""

from typing import Any

from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _


def export_storage() -> Storage:
    """Where the files are kept; only the API serves them."""
    return storages["exports"]


def export_name(export: Any, name: str) -> str:
    """One that no other file has: two of a seq differ by what they hold."""
    return f"{export.seq}-{export.sha256[:16]}.zip"


class Export(models.Model):
    """A finished data package of all that was current at a seq; a row comes after its file."""

    seq = models.BigIntegerField(_("seq"), unique=True)
    published_at = models.DateTimeField(_("published at"))
    built_at = models.DateTimeField(_("built at"))
    file = models.FileField(_("file"), storage=export_storage, upload_to=export_name)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.BigIntegerField(_("bytes"))
    rows = models.BigIntegerField(_("values"))

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-seq"]

    def __str__(self) -> str:
        return str(self.seq)
