"""Pictures that texts show: kept in the database, so that every web process has them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedField

from cases.querysets import PictureQuerySet

MOST_BYTES = 2_000_000
TAG_LENGTH = 16


class Picture(models.Model):
    """A picture with its bytes. It never changes: pages of the past show what they showed.

    `width` and `height` are in pixels; `digest` is the SHA-256 of the bytes, in hex.
    """

    class MediaType(models.TextChoices):
        PNG = "image/png", "PNG"
        JPEG = "image/jpeg", "JPEG"
        WEBP = "image/webp", "WebP"

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    credit = TranslatedField(models.CharField(_("credit"), max_length=200, blank=True))
    credit_zh_hans: str
    credit_en: str
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    media_type = models.CharField(_("format"), max_length=20, choices=MediaType.choices)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    content = models.BinaryField(_("content"))
    digest = models.CharField(_("digest"), max_length=64)
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("added by"),
    )

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(width__gt=0, height__gt=0), name="picture_has_a_size"
            ),
            models.CheckConstraint(
                condition=models.lookups.LessThanOrEqual(Length("content"), MOST_BYTES),
                name="picture_is_bounded",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.media_type]

    @property
    def tag(self) -> str:
        """What tells its bytes from those of any other."""
        return self.digest[:TAG_LENGTH]


EXTENSIONS: dict[Any, str] = {
    Picture.MediaType.PNG: "png",
    Picture.MediaType.JPEG: "jpg",
    Picture.MediaType.WEBP: "webp",
}
