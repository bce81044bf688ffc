"""Write the database's content back to files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from cases.management.commands.load_content import default_folder
from cases.services.content.dumping import dump_content


class Command(BaseCommand):
    help = "Write live texts, current values and definitions to the content folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--path", type=Path, default=None, help="the folder (cases/content)")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["path"] or default_folder()
        written = dump_content(path)
        for name in written:
            self.stdout.write(f"  {name}")
        self.stdout.write(f"{len(written)} files written to {path}.")
