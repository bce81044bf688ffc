"""Pictures are drawn with a font that has Chinese, or not at all."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from metrics.raster import (
    MOST_WIDTH,
    NoFontError,
    TooLargeError,
    has_face,
    png_of,
    raster_faces,
)

SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10" viewBox="0 0 10 10">'
    '<rect width="10" height="10" fill="#ff0000"/></svg>'
)


@pytest.fixture
def no_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine on which fontconfig finds nothing."""
    config = tmp_path / "fonts.conf"
    config.write_text("<fontconfig></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(config))
    has_face.cache_clear()
    yield
    has_face.cache_clear()


def test_picture_is_as_wide_as_asked() -> None:
    with Image.open(io.BytesIO(png_of(SQUARE, width=64))) as picture:
        assert picture.size == (64, 64)
        assert picture.convert("RGB").getpixel((32, 32)) == (255, 0, 0)


def test_picture_larger_than_any_of_ours_is_refused() -> None:
    with pytest.raises(TooLargeError):
        png_of(SQUARE, width=MOST_WIDTH + 1)
    tall = SQUARE.replace("0 0 10 10", "0 0 10 1000")
    with pytest.raises(TooLargeError):
        png_of(tall, width=2000)


def test_face_that_nobody_has_is_not_taken_for_another() -> None:
    assert not has_face("No Such Face Anywhere")


@pytest.mark.usefixtures("no_fonts")
def test_machine_without_the_font_draws_nothing() -> None:
    with pytest.raises(NoFontError):
        raster_faces()


def test_machine_without_fontconfig_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    has_face.cache_clear()
    with pytest.raises(NoFontError):
        raster_faces()
    has_face.cache_clear()
