"""Pictures of the content folder: `pictures.yaml` names the files under `pictures/`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from cases.markup.document import LANGUAGES
from cases.models import Picture
from cases.services.content.folder import Folder
from cases.services.content.job import Job
from cases.services.content.problems import Problem
from cases.services.content.record import PICTURES, Data, Record, compact
from cases.services.content.schema import Field, text, translated
from cases.services.pictures import FitPicture, PictureError, add_picture, looked_at

DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
FILE: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.(?:png|jpg|webp)", re.ASCII)
PICTURE_FIELDS: Final = (
    Field("file", text(90, FILE), required=True),
    Field("sha256", text(64, DIGEST), required=True),
    Field("credit", translated(200, both=False)),
    Field("licence", text(200)),
)
Pictures = Mapping[str, FitPicture]


def read_pictures(
    folder: Folder, records: Mapping[str, Record], problems: list[Problem]
) -> dict[str, FitPicture]:
    """The pictures by slug; faulty files, and those without a record, are added to `problems`."""
    found = {}
    for key, record in records.items():
        try:
            found[key] = _read(folder, record)
        except PictureError as error:
            problems.append(Problem(PICTURES, record.line_of("file"), str(error)))
    named = {record.data["file"] for record in records.values()}
    problems += [
        Problem(f"{folder.PICTURES}/{name}", 0, f"unknown file; expected one that {PICTURES} names")
        for name in folder.pictures
        if name not in named
    ]
    return found


def _read(folder: Folder, record: Record) -> FitPicture:
    name = record.data["file"]
    if name not in folder.pictures:
        raise PictureError(f"no file {folder.PICTURES}/{name}; expected this picture")
    fit = looked_at(folder.pictures[name])
    right = f"{record.key}.{Picture(media_type=fit.media_type).extension}"
    if name != right:
        raise PictureError(f"expected the file to be named {right}, not {name}")
    if fit.digest != record.data["sha256"]:
        raise PictureError(f"{name} has the sha256 {fit.digest}; expected that of the record")
    return fit


def picture_faults(records: Iterable[Record]) -> list[Problem]:
    """Records whose bytes differ from those that are kept. One query."""
    wanted = {record.key: record for record in records}
    kept = Picture.objects.filter(slug__in=wanted).values_list("slug", "digest")
    message = "a picture stays as it was; expected another slug for another picture"
    return [
        Problem(PICTURES, wanted[slug].line_of("sha256"), message)
        for slug, digest in kept
        if digest != wanted[slug].data["sha256"]
    ]


def write_pictures(records: Iterable[Record], pictures: Pictures, job: Job) -> None:
    """Add those that are new; of the others, credit and licence."""
    records = list(records)
    kept = {one.slug: one for one in Picture.objects.described().filter(
        slug__in=[record.key for record in records])}  # fmt: skip
    for record in records:
        given = _columns(record.data)
        if record.key in kept:
            Picture.objects.filter(pk=kept[record.key].pk).update(**given)
        else:
            add_picture(
                pictures[record.key], slug=record.key, **given, actor=job.actor, now=job.now
            )


def _columns(data: Data) -> dict[str, str]:
    credit = data.get("credit", {})
    columns = {f"credit_{code.replace('-', '_')}": credit.get(code, "") for code in LANGUAGES}
    return {**columns, "licence": data.get("licence", "")}


def stored_pictures() -> dict[str, Data]:
    """The records of all pictures. One query, without their bytes."""
    return {one.slug: _record(one) for one in Picture.objects.described()}


def _record(one: Picture) -> Data:
    credit = {code: getattr(one, f"credit_{code.replace('-', '_')}") for code in LANGUAGES}
    return compact(
        (
            ("file", f"{one.slug}.{one.extension}"),
            ("sha256", one.digest),
            ("credit", compact(credit.items())),
            ("licence", one.licence),
        )
    )


def dump_pictures(path: Path) -> list[str]:
    """Write the pictures that the folder lacks or has otherwise; their names."""
    written = []
    for one in Picture.objects.described():
        name = f"{one.slug}.{one.extension}"
        file = path / Folder.PICTURES / name
        if file.exists() and hashlib.sha256(file.read_bytes()).hexdigest() == one.digest:
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(bytes(one.content))
        written.append(f"{Folder.PICTURES}/{name}")
    return written
