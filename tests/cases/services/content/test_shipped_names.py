"""Every drawing of the shipped texts has an address that stays, the same in both languages."""

from collections import defaultdict
from pathlib import Path

from django.conf import settings

from cases.markup.document import read_document
from cases.markup.references import drawings_of


def test_every_shipped_drawing_has_one_name_in_both_languages() -> None:
    names: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for path in sorted((Path(settings.BASE_DIR) / "cases/content").glob("*.md")):
        document = read_document(path.read_text(), filename=path.name)
        names[document.slug][document.language] = [one.name for one in drawings_of(document)]
    assert sum(len(of["en"]) for of in names.values()) >= 21
    for of in names.values():
        assert of["en"] == of["zh-hans"]
        assert all(of["en"])
