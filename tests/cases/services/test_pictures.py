"""Pictures taken in: what is kept of them, and what is refused."""

import io
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from cases.models import Picture
from cases.services.pictures import (
    WIDEST,
    FitPicture,
    PictureError,
    add_picture,
    looked_at,
    made_fit,
)
from tests.cases.drawn import drawn

NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("in_english")


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP"])
def test_picture_of_each_format_is_kept_in_it(name: str) -> None:
    fit = made_fit(drawn(name, 40, 30))
    assert fit.media_type == f"image/{name.lower()}"
    assert (fit.width, fit.height) == (40, 30)
    assert Image.open(io.BytesIO(fit.content)).format == name


def test_wide_picture_is_made_narrower_in_its_shape() -> None:
    fit = made_fit(drawn("PNG", 3200, 1000))
    assert (fit.width, fit.height) == (WIDEST, 500)


def test_what_a_camera_wrote_is_left_out_and_the_picture_turned() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "Camera of somebody"
    fit = made_fit(drawn("JPEG", 40, 30, exif=exif))
    assert (fit.width, fit.height) == (30, 40)
    assert b"somebody" not in fit.content
    assert not Image.open(io.BytesIO(fit.content)).getexif()


def test_text_within_a_png_is_left_out() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "somebody")
    assert b"somebody" not in made_fit(drawn("PNG", 4, 4, pnginfo=info)).content


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "PNG, JPEG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "PNG, JPEG or WebP"),
        (drawn("GIF", 4, 4), "PNG, JPEG or WebP"),
        (drawn("PNG", 400, 400)[:300], "damaged"),
        (drawn("JPEG", 400, 400)[:-900], "damaged"),
    ],
    ids=["nothing", "svg", "gif", "half a png", "most of a jpeg"],
)
def test_what_is_no_whole_picture_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(PictureError, match=message):
        made_fit(content)


def test_picture_of_too_many_pixels_is_refused_by_its_header(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cases.services.pictures.MOST_PIXELS", 99)
    with pytest.raises(PictureError, match="at most 99 pixels"):
        made_fit(drawn("PNG", 10, 10))


def test_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    with pytest.raises(PictureError, match="pixels"):
        made_fit(drawn("PNG", 10, 10))


def test_moving_picture_is_refused() -> None:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    written = io.BytesIO()
    frames[0].save(written, "WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(PictureError, match="still"):
        made_fit(written.getvalue())


def test_too_many_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cases.services.pictures.MOST_BYTES", 20)
    with pytest.raises(PictureError, match="at most 20 bytes"):
        looked_at(drawn("PNG", 4, 4))


@pytest.mark.django_db
def test_database_keeps_no_picture_without_a_size_or_beyond_the_bound() -> None:
    for fit in (
        FitPicture(b"x", "image/png", 0, 1),
        FitPicture(b"x" * 2_000_001, "image/png", 1, 1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            add_picture(fit, slug="p", actor=None, now=NOW)
    assert not Picture.objects.exists()
