"""Content files, ``<slug>.<language>.md``: front matter with title and standfirst, then a body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

import yaml

from cases.markup.errors import DocumentError, MarkupError
from cases.markup.text import MAX_STANDFIRST, MAX_TITLE, problems_in
from cases.markup.yaml_reader import Fields, Place, compose
from metrics.stats.phrases import Phrase

LANGUAGES: Final = ("zh-hans", "en")
_NAME: Final = re.compile(
    rf"(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)\.(?P<language>{'|'.join(LANGUAGES)})\.md", re.ASCII
)
_FENCE: Final = "---\n"
_CLOSING: Final = re.compile(r"^---$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Document:
    """One text in one language. ``body_line`` is the file line on which the body starts."""

    title: str
    standfirst: str
    body: str
    slug: str = ""
    language: str = ""
    filename: str = ""
    title_line: int = 2
    standfirst_line: int = 3
    body_line: int = 5

    @property
    def problems(self) -> tuple[MarkupError, ...]:
        """Every fault of title, standfirst and body, with its line in the file."""
        above = {
            "title": self.title_line - 1,
            "standfirst": self.standfirst_line - 1,
            "body": self.body_line - 1,
        }
        return tuple(
            fault.moved(lines=above[fault.part], filename=self.filename)
            for fault in problems_in(self)
        )


def normalised_body(text: str) -> str:
    """A body with LF line ends, no blank lines around it, and one final newline."""
    lines = _unix(text).split("\n")[_blank_lines(_unix(text)) :]
    while lines and not lines[-1].strip():
        lines.pop()
    return "".join(f"{line}\n" for line in [*lines[:-1], *(line.rstrip() for line in lines[-1:])])


def _unix(text: str) -> str:
    """LF line ends, and none of the invisible marks that editors put at the top of files."""
    return re.sub(r"\r\n?", "\n", text.replace("\ufeff", ""))


def _blank_lines(text: str) -> int:
    """How many lines at the top hold nothing."""
    head = text[: len(text) - len(text.lstrip())]
    return head.count("\n")


def read_document(text: str, *, filename: str = "") -> Document:
    """The document in a file's text, its markup not yet checked; raises DocumentError."""
    try:
        return _read(text, filename)
    except MarkupError as error:
        raise error.moved(filename=filename) from None


def parse_document(text: str, *, filename: str = "") -> Document:
    """The document in a file's text; raises the first MarkupError in it, with file and line."""
    document = read_document(text, filename=filename)
    for problem in document.problems:
        raise problem
    return document


def _read(text: str, filename: str) -> Document:
    slug, language = _identity(filename)
    text = _unix(text)
    closing = _CLOSING.search(text, len(_FENCE)) if text.startswith(_FENCE) else None
    if closing is None:
        message = Phrase("expected front matter between two lines of '---' at the top")
        raise DocumentError(message)
    place = Place(2, DocumentError)
    fields = Fields(
        compose(text[len(_FENCE) : closing.start()], place), place,
        what=Phrase("the front matter"), required=("title",), optional=("standfirst",),
    )  # fmt: skip
    rest = text[closing.end() + 1 :]
    return Document(
        title=fields.text("title", limit=MAX_TITLE),
        standfirst=fields.text("standfirst", limit=MAX_STANDFIRST),
        body=normalised_body(rest),
        slug=slug,
        language=language,
        filename=filename,
        title_line=fields.line("title"),
        standfirst_line=fields.line("standfirst") if "standfirst" in fields else 3,
        body_line=text.count("\n", 0, closing.end()) + 2 + _blank_lines(rest),
    )


def _identity(filename: str) -> tuple[str, str]:
    if not filename:
        return "", ""
    match = _NAME.fullmatch(PurePath(filename).name)
    if match is None:
        first, second = (f"<slug>.{language}.md" for language in LANGUAGES)
        message = Phrase("expected a file name %(first)s or %(second)s", first=first, second=second)
        raise DocumentError(message)
    return match["slug"], match["language"]


def render_canonical(document: Document) -> str:
    """The one way to write a document down: what ``parse_document`` reads back unchanged."""
    front = {"title": document.title}
    if document.standfirst:
        front["standfirst"] = document.standfirst
    dumped = yaml.dump(
        front,
        Dumper=yaml.SafeDumper,
        allow_unicode=True,
        default_flow_style=False,
        sort_keys=False,
        width=float("inf"),
    )
    return f"{_FENCE}{dumped}{_FENCE}{normalised_body(document.body)}"


def canonical_problem(text: str, *, filename: str = "") -> MarkupError | None:
    """Where a document differs from its canonical form; None where it does not."""
    canonical = render_canonical(parse_document(text, filename=filename))
    if text == canonical:
        return None
    lines, wanted = text.split("\n"), canonical.split("\n")
    pairs = zip(lines, wanted, strict=False)
    same = next((at for at, (one, two) in enumerate(pairs) if one != two), None)
    if same is None:
        same = min(len(lines), len(wanted)) - 1
    expected = wanted[same] if same < len(wanted) else ""
    message = Phrase(
        "not in canonical form; expected this line to be %(expected)s", expected=repr(expected)
    )
    return DocumentError(message, same + 1, filename=filename)
