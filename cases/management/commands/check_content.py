"""Check the content folder without a database, for lint."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.management.commands.load_content import default_folder
from cases.services.content.folder import read_folder
from cases.services.content.problems import ContentError
from cases.services.content.reading import canonical_problems, read_content


class Command(BaseCommand):
    help = "Check the content folder: every reference, and the canonical form of every file."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--path", type=Path, default=None, help="the folder (cases/content)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            folder = read_folder(options["path"] or default_folder())
            shipped = read_content(folder)
            problems = canonical_problems(folder, shipped.content)
        except ContentError as error:
            problems = error.problems
        for problem in problems:
            self.stderr.write(str(problem))
        if problems:
            raise CommandError(f"{len(problems)} problems.")
        self.stdout.write(f"{len(folder.files)} files are complete and in canonical form.")
