"""A QR code as SVG, for a page under the strict policy."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str) -> SafeString:
    """Dark on white in every theme: phones read nothing else well. Attributes only, no style."""
    code = segno.make(text, micro=False)
    drawn = code.svg_inline(scale=4, border=4, light="#fff", dark="#000", svgclass="qr")
    return mark_safe(drawn)  # noqa: S308  (made of squares; the text is not in it)
