"""SVG documents as PNG, by cairo and a font of this machine that has Chinese."""

import re
import subprocess
from functools import lru_cache

import cairosvg  # type: ignore[import-untyped]

SANS, SERIF = "Noto Sans CJK SC", "Noto Serif CJK SC"
MOST_WIDTH = 2400
# A chart of eight panels on a phone is the highest; what is higher is no chart of ours.
MOST_PIXELS = 12_000_000
_VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


class NoFontError(RuntimeError):
    """This machine has no font for Chinese: text would be drawn as boxes."""


class TooLargeError(ValueError):
    """A picture would have more than MOST_PIXELS; it may be `most` across."""

    def __init__(self, width: int, most: int) -> None:
        super().__init__(f"{width} pixels across, where {most} are the most")
        self.most = most


def raster_faces() -> tuple[str, str]:
    """The faces to draw with, sans and serif. Raises NoFontError.

    Cairo takes one face and has no fallback for missing characters, so a document that is to be a
    picture names a face that has both scripts.
    """
    if not has_face(SANS):
        raise NoFontError(SANS)
    return SANS, SERIF if has_face(SERIF) else SANS


@lru_cache(maxsize=8)
def has_face(name: str) -> bool:
    """Whether fontconfig finds this very face; it never answers with nothing."""
    try:
        found = subprocess.run(
            ["fc-match", "--format", "%{family}", name],
            capture_output=True, check=True, text=True, timeout=10,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return False
    return name in found.stdout.split(",")


def png_of(svg: str, *, width: int) -> bytes:
    """The document as PNG, `width` pixels across. Raises TooLargeError.

    The height follows from the view box of the document.
    """
    across, height = map(float, _VIEW_BOX.search(svg).groups())  # type: ignore[union-attr]
    most = min(MOST_WIDTH, int((MOST_PIXELS * across / height) ** 0.5))
    if width > most:
        raise TooLargeError(width, most)
    drawn: bytes = cairosvg.svg2png(bytestring=svg.encode(), output_width=width)
    return drawn
