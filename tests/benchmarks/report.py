"""What was found, kept beside what earlier runs of other suites found: JSON and a page of it."""

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks.rows import Result

LIBRARIES = ["django", "psycopg", "django-import-export", "pandas", "polars", "pygal"]
ORDER = [
    "load",
    "load-large",
    "refresh",
    "refresh-large",
    "growth",
    "edit",
    "chart",
    "search",
    "read",
    "api",
]
HEAD = """# Performance

Made by `make bench`: our work beside that of others on the same machine, each in a process of its
own on a copy of the same database, in turn, medians of the rounds. Figures are ratios, because
times of shared machines mean little; those with a unit are of our side alone.

| work | beside | found | to reach | |
|---|---|---|---|---|
"""


def machine(postgres: str) -> dict[str, str]:
    libraries = {name: version(name) for name in LIBRARIES}
    return {
        "processors": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "postgresql": postgres,
        **libraries,
    }


def keep(folder: Path, suite: str, results: Iterable[Result], where: dict[str, str]) -> None:
    """Put the results of a suite in the place of its earlier ones."""
    path = folder / "performance.json"
    kept: list[dict[str, Any]] = json.loads(path.read_text()) if path.exists() else []
    stamp = {"suite": suite, "measured_on": date.today().isoformat(), "machine": where}  # noqa: DTZ011
    kept = [row for row in kept if row["suite"] != suite]
    kept += [asdict(result) | stamp for result in results]
    kept.sort(key=lambda row: ORDER.index(row["suite"]))
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
    (folder / "performance.md").write_text(page(kept))


def page(kept: list[dict[str, Any]]) -> str:
    verdicts = {True: "holds", False: "**falls short**", None: ""}
    lines = [
        f"| {row['work']} | {row['peer']} | {figure(row)} | {row['reach']} "
        f"| {verdicts[row['holds']]} |\n"
        for row in kept
    ]
    return HEAD + "".join(lines) + "\n" + machines(kept) + NOTES


def figure(row: dict[str, Any]) -> str:
    unit = row["unit"]
    return f"{row['ratio']:g}{unit if unit == '×' else ' ' + unit}"


def machines(kept: list[dict[str, Any]]) -> str:
    told = {}
    for row in kept:
        about = ", ".join(f"{name} {what}" for name, what in row["machine"].items())
        told.setdefault(f"{about} ({row['measured_on']})", []).append(row["suite"])
    return "".join(
        f"Measured with {about}: {', '.join(dict.fromkeys(names))}.\n"
        for about, names in told.items()
    )


NOTES = """
How to read it:
- The database of a run has no fsync, for all sides alike.
- *first load*: our side uploads, checks every cell against the layout, stages, compares and
  publishes; COPY gets finished rows of all columns, made before its clock starts.
  django-import-export and bulk_create are slow enough to be measured on a panel of a fiftieth and
  compared by the row, which favours them: their indexes are small.
- *full refresh*: share and rank of every member of groups of 10,000 in 120 months, with bounds,
  and a summary of every series. The pipelines read and write the same tables by COPY; that all
  sides wrote the same is checked to a millionth. They compute in binary floats and write
  everything anew; ours is exact, and writes what differs.
- *an edit of one of 40 series*: ours stages, publishes, records the change, finds what depends on
  it and derives; the statement only derives.
- *reader page*: requests to the WSGI application in one process, without a server, which would add
  the same to all sides. Ours and Wagtail's have their production settings; the page of Wagtail's
  has the prose, charts and tables of ours as blocks, siblings, ancestors and related pages.
  Django's constant view has no middleware at all. Ours *rendered anew* is also kept again.
- *observations*: requests as for pages. All sides read the same rows and give the same fields, ours
  also `valid_to`; ours passes the door, which counts the request, and the headers of the site, the
  list of Django REST framework has one middleware and no door. *304*: key, quota and tag by one
  statement that writes.
- `make bench` runs the panel of 1.2M values, `make bench ARGS=--large` that of 12M too,
  `ARGS="--only load"` one suite. Rows of suites that were not run stay as they were.
"""
