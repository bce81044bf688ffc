"""Work off what is stale, by several processes if wanted, and verify what stands."""

import subprocess
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from metrics.selectors.refresh_progress import RefreshProgress, refresh_progress
from metrics.services.refresh import has_due_marks, mark_everything, refresh_all
from metrics.services.verification import Verification, verify_derived

MOST_WORKERS = 64
TELL_SECONDS = 1.0


def workers(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= MOST_WORKERS:
        raise ArgumentTypeError(f"expected a number from 1 to {MOST_WORKERS}, not {text!r}")
    return int(text)


class Command(BaseCommand):
    help = (
        "Compute what is marked as stale, whatever Celery does. Any number of these and of Celery "
        "workers share the work; each may be stopped at any point."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="mark every series and every rule first"
        )
        parser.add_argument(
            "--workers", type=workers, default=1, metavar="N", help="processes side by side (1)"
        )
        parser.add_argument(
            "--verify",
            action="store_true",
            help="change nothing: recompute everything by the definitions and compare it with "
            "what stands; the exit status is 1 where something differs",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verify"]:
            if options["all"] or options["workers"] > 1:
                raise CommandError("--verify goes with neither --all nor --workers.")
            self._verify()
            return
        if options["all"]:
            self.stdout.write(f"marked {len(mark_everything()):,} targets")
        self._work_off(options["workers"], quiet=options["verbosity"] == 0)

    def _work_off(self, count: int, *, quiet: bool) -> None:
        if quiet:
            refresh_all(now=timezone.now())
            return
        processes = [self._start() for _ in range(count)]
        try:
            while any(process.poll() is None for process in processes):
                self._tell(refresh_progress(timezone.now()))
                time.sleep(TELL_SECONDS)
        finally:
            self._stop(processes)
        failed = [process for process in processes if process.returncode]
        self._end(refresh_progress(timezone.now()), len(failed))

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "django", "refresh_derived", "--verbosity", "0"]
        return subprocess.Popen(command, cwd=settings.BASE_DIR)

    def _stop(self, processes: list[subprocess.Popen[bytes]]) -> None:
        for process in processes:
            if process.poll() is None:
                process.terminate()
            process.wait()

    def _tell(self, progress: RefreshProgress) -> None:
        backlog, rate = progress.backlog, progress.rate
        speed = f"{rate.read:,.0f} values/s, " if rate else ""
        self.stdout.write(
            f"{backlog.series:,} series and {backlog.rule_periods:,} periods of rules due, "
            f"about {backlog.values:,} values; {speed}{_left(progress.remaining)}"
        )
        self.stdout.flush()

    def _end(self, progress: RefreshProgress, failed: int) -> None:
        for failure in progress.failures:
            self.stderr.write(f"{failure.kind} {failure.key} {failure.period}: {failure.error}")
        if failed:
            raise CommandError(f"{failed} worker(s) stopped with an error.", returncode=1)
        if has_due_marks(timezone.now()):
            self.stdout.write("what is left is held by other workers")
        elif progress.failing:
            raise CommandError(f"{progress.failing} target(s) failed and wait.", returncode=1)
        else:
            self.stdout.write("nothing is due")

    def _verify(self) -> None:
        found = verify_derived(self._tell_verification)
        for difference in found.differences:
            self.stderr.write(str(difference))
        if found.waiting:
            self.stdout.write(f"{found.waiting:,} targets are due and were not compared")
        if found.differing:
            raise CommandError(f"{found.differing:,} differences.", returncode=1)
        self.stdout.write(f"{found.values:,} values compared: no difference")

    def _tell_verification(self, found: Verification) -> None:
        self.stdout.write(
            f"{found.targets:,} of {found.total:,} targets, {found.values:,} values, "
            f"{found.differing:,} differences"
        )
        self.stdout.flush()


def _left(remaining: timedelta | None) -> str:
    return "time left unknown" if remaining is None else f"about {remaining} left"
