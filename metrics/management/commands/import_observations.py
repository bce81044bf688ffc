"""Import a file of values from the command line: check it, publish it, take it back."""

import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import suppress
from datetime import date
from pathlib import Path
from threading import Event, Thread
from typing import Any

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone, translation

from metrics.models import ImportBatch, ImportLayout, Release
from metrics.selectors.import_problems import problem_lines, problem_text
from metrics.services.imports.checking import check_import
from metrics.services.imports.conflicts import ImportConflictsError
from metrics.services.imports.problems import FileRefusedError
from metrics.services.imports.publishing import ImportStateError, publish_import
from metrics.services.imports.undoing import undo_import
from metrics.services.imports.uploading import AlreadyWaitingError, upload_file

TELL_SECONDS = 1.0
KINDS = [Release.Kind.NEW.value, Release.Kind.REVISION.value, Release.Kind.CORRECTION.value]


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"expected a day such as 2019-04-20, not {text!r}") from None


class Command(BaseCommand):
    help = (
        "Check a CSV or XLSX file by a saved layout and tell what would change; publish it with "
        "--publish. Ends with status 1 where something is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--layout", help="slug of the layout (the admin lists them)")
        parser.add_argument("--vintage-on", type=day, metavar="DAY", help="published by the source")
        parser.add_argument("--publish", action="store_true", help="publish what differs")
        parser.add_argument("--kind", choices=KINDS, default=KINDS[0], help="of the release")
        parser.add_argument("--reason", default="", help="shown with the release")
        parser.add_argument("--undo", type=int, metavar="ID", help="take a published import back")
        parser.add_argument("--lang", choices=["en", "zh-hans"], default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["lang"]):
            if options["undo"] is not None:
                self._undo(options)
            else:
                self._import(options)

    def _import(self, options: dict[str, Any]) -> None:
        batch = self._check(self._upload(options))
        self._tell_problems(batch)
        self.stdout.write(
            f"import {batch.pk}: {batch.new:,} new, {batch.changed:,} changed, {batch.same:,} the "
            f"same, {batch.withdrawn:,} withdrawn, {batch.skipped:,} without a value"
        )
        if batch.state == ImportBatch.State.UNCHANGED:
            self.stdout.write("nothing to publish")
        elif options["publish"]:
            self._publish(batch, options)
        else:
            self.stdout.write("checked; publish it in the admin, or again with --publish")

    def _upload(self, options: dict[str, Any]) -> ImportBatch:
        path = options["file"]
        if path is None or not options["layout"]:
            raise CommandError("Expected a file and --layout, or --undo.")
        layout = ImportLayout.objects.filter(slug=options["layout"]).first()
        if layout is None:
            known = ", ".join(ImportLayout.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no layout “{options['layout']}”; there are: {known}.")
        try:
            with path.open("rb") as file:
                return upload_file(
                    File(file, name=path.name),
                    path.name,
                    layout=layout,
                    actor=None,
                    now=timezone.now(),
                    vintage_on=options["vintage_on"],
                )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        except FileRefusedError as error:
            found = error.problem
            raise CommandError(problem_text(found.code, found.params), returncode=1) from None
        except AlreadyWaitingError as error:
            self.stdout.write(f"the same file waits as import {error.batch.pk}: going on with it")
            return error.batch

    def _check(self, batch: ImportBatch) -> ImportBatch:
        ended = Event()
        teller = Thread(target=self._tell_progress, args=(batch.pk, ended))
        if sys.stderr.isatty():
            teller.start()
        try:
            return check_import(batch.pk, now=timezone.now())
        finally:
            ended.set()
            if teller.ident is not None:
                teller.join()

    def _tell_progress(self, pk: int, ended: Event) -> None:
        started = time.monotonic()
        with suppress(ImportBatch.DoesNotExist):
            while not ended.wait(TELL_SECONDS):
                self.stderr.write(progress_text(ImportBatch.objects.get(pk=pk), _since(started)))
        connection.close()

    def _tell_problems(self, batch: ImportBatch) -> None:
        for line in problem_lines(batch):
            place = f"row {line.row}" if line.row else "file"
            where = f"{place}, {line.column}" if line.column else place
            shown = f" “{line.cell}”" if line.cell else ""
            self.stderr.write(f"{where}{shown}: {line.problem}")
        if batch.state == ImportBatch.State.FAILED:
            raise CommandError(f"The check failed: {batch.failure}", returncode=1)
        if batch.errors:
            raise CommandError(f"{batch.errors:,} problems; nothing was imported.", returncode=1)

    def _publish(self, batch: ImportBatch, options: dict[str, Any]) -> None:
        reason = {"en": options["reason"], "zh-hans": options["reason"]}
        try:
            change = publish_import(
                batch, actor=None, now=timezone.now(), kind=options["kind"], reason=reason
            )
        except ImportConflictsError as error:
            raise CommandError(f"Nothing was published: {error}.", returncode=1) from None
        except ImportStateError as error:
            raise CommandError(str(error), returncode=1) from None
        told = "nothing new" if change is None else f"published as change {change.seq}"
        self.stdout.write(told)

    def _undo(self, options: dict[str, Any]) -> None:
        batch = ImportBatch.objects.filter(pk=options["undo"]).first()
        if batch is None:
            raise CommandError(f"There is no import {options['undo']}.")
        reason = {"en": options["reason"], "zh-hans": options["reason"]}
        try:
            undone = undo_import(batch, actor=None, now=timezone.now(), reason=reason)
        except ImportStateError as error:
            raise CommandError(f"{error} Only a published one is undone.", returncode=1) from None
        for key, period in undone.left:
            self.stderr.write(f"{key}@{period}: edited since, left as it is")
        self.stdout.write(f"undone by change {undone.change.seq}; {undone.left_count:,} left")


def _since(started: float) -> float:
    return max(time.monotonic() - started, 0.001)


def progress_text(batch: ImportBatch, seconds: float) -> str:
    """How far a check is after some seconds: rows, rate, what remains."""
    rate = batch.rows_done / seconds
    left = (batch.rows_total - batch.rows_done) / rate if rate else 0
    return (
        f"{batch.get_phase_display()}: {batch.rows_done:,} of {batch.rows_total:,} rows, "
        f"{rate:,.0f} rows/s, about {left:.0f} s left"
    )
