"""The lines that put a chart into another site."""

import re

from django.utils.html import format_html
from django.utils.safestring import SafeString

# The narrow drawing is shown up to 432 pixels across (static/css/exhibits.css), the wide one to
# about 950; what stands around it in a frame: title, source, date and link.
NARROW_ACROSS, WIDE_ACROSS = 432, 950
AROUND = 200
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def embed_code(address: str, title: str, *, height: int, width: str = "100%") -> SafeString:
    """An iframe, as wide as its place where no width is given.

    The address is absolute where the site knows its own. No border by an old attribute: a style
    of ours would be refused by the policies of sites that are as strict as this one.
    """
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" frameborder="0">'
        "</iframe>",
        address,
        title,
        width,
        height,
    )


def frame_height(drawing: str) -> int:
    """Pixels that a frame needs for either of the drawings; for none, those around it."""
    needed = [
        float(height) * (WIDE_ACROSS if float(width) > NARROW_ACROSS else NARROW_ACROSS)
        / float(width)
        for width, height in _SIZE.findall(drawing)
    ]  # fmt: skip
    return round(max(needed, default=0.0)) + AROUND
