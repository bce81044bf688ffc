"""Pictures taken in: looked at whole, made fit for pages, and kept as they then are."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from cases.models import Picture
from cases.models.picture import MOST_BYTES

FORMATS: Final = {
    "PNG": Picture.MediaType.PNG,
    "JPEG": Picture.MediaType.JPEG,
    "WEBP": Picture.MediaType.WEBP,
}
MOST_UPLOADED: Final = 12_000_000
MOST_PIXELS: Final = 40_000_000
# Twice the width of the column of a text, for dense screens.
WIDEST: Final = 1_600
QUALITY: Final = 85


class PictureError(ValueError):
    """Why some bytes are no picture for a text, in the language in force."""


@dataclass(frozen=True, slots=True)
class FitPicture:
    """A picture ready to be kept; sizes in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def looked_at(content: bytes) -> FitPicture:
    """Bytes that are kept as they are; raises PictureError for what a page could not show."""
    if len(content) > MOST_BYTES:
        text = _("Expected at most %(most)d bytes; this picture has %(size)d.")
        raise PictureError(text % {"most": MOST_BYTES, "size": len(content)})
    image = _opened(content)
    return FitPicture(content, FORMATS[str(image.format)], image.width, image.height)


def made_fit(content: bytes) -> FitPicture:
    """An upload turned upright, no wider than a page needs, without what a camera wrote into it.

    Raises PictureError.
    """
    image = _opened(content)
    name = str(image.format)
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    if upright.width > WIDEST:
        height = max(1, round(upright.height * WIDEST / upright.width))
        upright = _resizable(upright).resize((WIDEST, height), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    options = {"optimize": True} if name == "PNG" else {"quality": QUALITY}
    # An image that was opened keeps its metadata among `info`; only what is passed is written.
    upright.info = {}
    upright.save(written, name, icc_profile=profile, **options)
    return looked_at(written.getvalue())


def add_picture(
    fit: FitPicture,
    *,
    slug: str,
    credit_zh_hans: str = "",
    credit_en: str = "",
    licence: str = "",
    actor: Any,
    now: datetime,
) -> Picture:
    """Keep a picture under a slug of its own."""
    return Picture.objects.create(
        slug=slug,
        credit_zh_hans=credit_zh_hans,
        credit_en=credit_en,
        licence=licence,
        media_type=fit.media_type,
        width=fit.width,
        height=fit.height,
        content=fit.content,
        digest=fit.digest,
        added_at=now,
        added_by=actor,
    )


def _opened(content: bytes) -> Image.Image:
    """The picture, decoded to its last row, so that a broken one is found now."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=list(FORMATS))
            _refuse_large(image)
            image.load()
    except UnidentifiedImageError:
        raise PictureError(_("Expected a picture in the format PNG, JPEG or WebP.")) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError(_too_large()) from None
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError(_("This picture is damaged and cannot be read to its end.")) from None
    return image


def _refuse_large(image: Image.Image) -> None:
    """By its header, before anything is decoded."""
    if image.width * image.height > MOST_PIXELS:
        raise PictureError(_too_large())
    if getattr(image, "n_frames", 1) > 1:
        raise PictureError(_("Expected a still picture; this one moves."))


def _too_large() -> str:
    return _("Expected at most %(most)d pixels.") % {"most": MOST_PIXELS}


def _resizable(image: Image.Image) -> Image.Image:
    """A palette has no colours between its own."""
    if image.mode != "P":
        return image
    return image.convert("RGBA" if "transparency" in image.info else "RGB")
