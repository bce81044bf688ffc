"""A content folder read whole and checked whole, without a database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from cases.services.content.canonical import render
from cases.services.content.folder import Folder
from cases.services.content.pictures import Pictures, read_pictures
from cases.services.content.problems import ContentError, Problem
from cases.services.content.record import (
    FILES,
    GROUPS,
    INDICATORS,
    KINDS,
    OBSERVATIONS,
    OPTIONAL,
    PICTURES,
    RULES,
    TEXTS,
    UNITS,
    Content,
    Record,
    compact,
)
from cases.services.content.references import check_references, stated_figure
from cases.services.content.rows import read_rows
from cases.services.content.rule_checks import ordered_pairs
from cases.services.content.series_plan import SeriesPlan, plan_series
from cases.services.content.text_files import read_texts
from cases.services.content.yaml_files import read_yaml


@dataclass(frozen=True, slots=True)
class Shipped:
    """The records of a folder, the series they need, its pictures. All of it has been checked."""

    content: Content
    plan: SeriesPlan
    pictures: Pictures


def read_content(folder: Folder) -> Shipped:
    """Every record of the folder; raises ContentError with everything that is wrong.

    References are checked only where every file could be read: a record that could not be would
    be reported again wherever another one names it.
    """
    problems: list[Problem] = []
    content: Content = {kind: {} for kind in KINDS}
    for kind in FILES:
        content[kind] = _read_file(folder, kind, problems)
    content[TEXTS] = read_texts(folder, problems)
    pictures = read_pictures(folder, content[PICTURES], problems)
    if problems:
        raise ContentError(problems)
    plan = plan_series(content)
    problems = check_references(content, plan)
    if problems:
        raise ContentError(problems)
    return Shipped(_normalised(content), plan, pictures)


def canonical_problems(folder: Folder, content: Content) -> list[Problem]:
    """Where the files differ from the canonical form of what they say: the first line of each."""
    contents = {kind: {k: r.data for k, r in content[kind].items()} for kind in KINDS}
    wanted = render(contents)
    return [
        Problem(name, *_difference(actual, wanted[name]))
        for name, actual in folder.files.items()
        if actual != wanted[name]
    ]


def _read_file(folder: Folder, kind: str, problems: list[Problem]) -> dict[str, Record]:
    if kind in OPTIONAL and kind not in folder.files:
        return {}
    try:
        text = folder.text(kind)
    except ContentError as error:
        problems.extend(error.problems)
        return {}
    read = read_rows if kind == OBSERVATIONS else None
    return read(text, problems) if read else read_yaml(kind, text, problems)


def _normalised(content: Content) -> Content:
    """Drop what a stated text says already, and bring mappings into their order."""
    rows = {key: _without_implied(content, r) for key, r in content[OBSERVATIONS].items()}
    rules = {key: _ordered(content, r) for key, r in content[RULES].items()}
    return {**content, OBSERVATIONS: rows, RULES: rules}


def _without_implied(content: Content, record: Record) -> Record:
    if "resolution" not in record.data:
        return record
    indicator = content[INDICATORS][record.data["series"].split(".")[1]]
    kind = content[UNITS][indicator.data["unit"]].data["kind"]
    figure = stated_figure(record.data.get("stated", ""), kind)
    implied = figure.resolution if figure else None
    if implied is None or implied != Decimal(record.data["resolution"]):
        return record
    return replace(record, data=compact(i for i in record.data.items() if i[0] != "resolution"))


def _ordered(content: Content, record: Record) -> Record:
    group = content[GROUPS].get(record.data.get("group", ""))
    members = group.data["members"] if group else []
    return replace(record, data=ordered_pairs(record.data, members))


def _difference(actual: bytes, wanted: bytes) -> tuple[int, str]:
    """Line and message of the first difference."""
    lines = actual.decode().split("\n")
    expected = wanted.decode().split("\n")
    for number, (one, two) in enumerate(zip(lines, expected, strict=False), 1):
        if one != two:
            return number, f"not in canonical form; expected this line to be {two!r}"
    number = min(len(lines), len(expected))
    return number, f"not in canonical form; expected {len(expected) - 1} lines"
