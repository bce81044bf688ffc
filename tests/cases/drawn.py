"""Pictures for tests, drawn here."""

import io
from typing import Any

from PIL import Image

from cases.models import Picture
from cases.services.pictures import add_picture, looked_at
from tests.metrics.factories import NOW


def drawn(name: str = "PNG", width: int = 40, height: int = 30, **options: Any) -> bytes:
    """The bytes of a picture of two colours in a format of Pillow's."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    written = io.BytesIO()
    image.save(written, name, **options)
    return written.getvalue()


def make_picture(slug: str = "branch", **words: str) -> Picture:
    return add_picture(looked_at(drawn()), slug=slug, actor=None, now=NOW, **words)
