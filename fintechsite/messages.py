"""Translations without gettext's tools: collected, checked and compiled with Babel.

Message identifiers are English, so English needs no catalogue. The compiled files are not
committed: `make run` and the tests make them from the `.po` files, in milliseconds.

`python -m fintechsite.messages update` adds what is new to the catalogues, `check` names what is
missing, and `compile` makes the compiled files.
"""

import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

BASE_DIR = Path(__file__).resolve().parent.parent
LOCALE_DIR = BASE_DIR / "fintechsite" / "locale"
CATALOGUE = LOCALE_DIR / "zh_Hans" / "LC_MESSAGES" / "django.po"
SOURCE_FOLDERS = ("metrics", "cases", "partners", "fintechsite", "templates")
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "Phrase": None,
    "ngettext_lazy": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def compile_catalogues(folders: Iterable[Path]) -> list[Path]:
    """Compile each `.po` file that is newer than its `.mo`; return what was written."""
    written = []
    for source in (po for folder in folders for po in Path(folder).glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file)
        # In one step, because web, worker and a test run may compile at the same time.
        draft = target.with_suffix(f".mo.{id(catalogue)}")
        with draft.open("wb") as file:
            write_mo(file, catalogue)
        draft.rename(target)
        written.append(target)
    return written


def _template_source(path: Path) -> io.BytesIO:
    """The template as Django shows it to gettext: its messages as Python calls, the rest as S."""
    from django.utils.translation.template import templatize

    lines = templatize(path.read_text(), origin=str(path)).splitlines()
    return io.BytesIO("\n".join(line.strip() for line in lines).encode())


def _sources() -> Iterator[tuple[Path, io.BytesIO]]:
    for folder in SOURCE_FOLDERS:
        for path in sorted((BASE_DIR / folder).rglob("*.py")):
            yield path, io.BytesIO(path.read_bytes())
        for suffix in ("html", "txt", "svg", "xml"):
            for path in sorted((BASE_DIR / folder).rglob(f"*.{suffix}")):
                if "templates" in path.relative_to(BASE_DIR).parts:
                    yield path, _template_source(path)


def collected() -> Catalog:
    """Every message in the code and the templates."""
    catalogue = Catalog(locale="zh_Hans", charset="utf-8", header_comment="#", fuzzy=False)
    for path, source in _sources():
        for _, message, _, context in extract("python", source, keywords=KEYWORDS):
            # No line numbers: a catalogue should not change when code moves.
            place = (str(path.relative_to(BASE_DIR)), 1)
            catalogue.add(message, None, [place], context=context)
    return catalogue


def _stored() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="zh_Hans", charset="utf-8", fuzzy=False)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def _is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return all(strings)


def missing() -> list[str]:
    """Messages without a Chinese text, with the file they stand in."""
    stored = _stored()
    return [
        f"{message.locations[0][0]}: {message.id!r}"
        for message in collected()
        if message.id and not _is_translated(stored.get(message.id, message.context))
    ]


def update() -> None:
    """Write the catalogue anew: new messages empty, unused ones dropped, texts kept."""
    stored = _stored()
    stored.update(collected(), no_fuzzy_matching=True)
    stored.obsolete.clear()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, stored, sort_output=True, include_lineno=False, width=100)


def main() -> None:
    command = sys.argv[1] if len(sys.argv) == 2 else ""
    if command == "compile":
        compile_catalogues([LOCALE_DIR])
    elif command == "update":
        update()
    elif command == "check":
        if found := missing():
            sys.exit("\n".join([f"{len(found)} messages without a Chinese text:", *found]))
    else:
        sys.exit("Usage: python -m fintechsite.messages compile | update | check")


if __name__ == "__main__":
    main()
