"""Compare what is stated with what independent levels imply; for lint and for people."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from metrics.selectors.consistency import CheckLine, consistency
from metrics.stats.consistency import Consistency

HEADER = ("series", "period", "stated", "implied", "interval", "basis", "verdict", "gap", "why")


class Command(BaseCommand):
    help = "Check every stated growth rate, share and sum against what the levels imply."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verdicts = [verdict.value for verdict in Consistency]
        parser.add_argument("--verdict", choices=verdicts, help="list only these")
        parser.add_argument("--seq", type=int, help="as of a seq instead of now")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = consistency("en", options["seq"])
        wanted = [line for line in lines if options["verdict"] in (None, line.verdict.value)]
        for text in _table([HEADER, *map(_cells, wanted)]):
            self.stdout.write(text)
        counts = dict.fromkeys(Consistency, 0)
        for line in lines:
            counts[line.verdict] += 1
        self.stdout.write(", ".join(f"{count} {name}" for name, count in counts.items()))
        if counts[Consistency.INCONSISTENT]:
            raise CommandError("Some stated figures contradict the levels.", returncode=1)


def _cells(line: CheckLine) -> tuple[str, ...]:
    gap = "" if line.gap is None else format(line.gap.normalize(), ".4g")
    return (
        line.series_key,
        line.check.period.code,
        line.stated,
        line.implied,
        line.interval,
        line.check.basis,
        line.verdict.value,
        gap,
        line.why,
    )


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
