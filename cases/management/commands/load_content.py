"""Load the shipped content into the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.services.content.folder import read_folder
from cases.services.content.job import Report, say_nothing
from cases.services.content.loading import load_content
from cases.services.content.problems import ContentError
from cases.services.content.reading import read_content
from cases.services.search_index import rebuild_if_due


def default_folder() -> Path:
    return Path(settings.BASE_DIR) / "cases" / "content"


class Command(BaseCommand):
    help = "Load the content folder: only what changed in the files since the last load."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--path", type=Path, default=None, help="the folder (cases/content)")
        parser.add_argument("--check", action="store_true", help="check the files, load nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["path"] or default_folder()
        try:
            if options["check"]:
                read_content(read_folder(path))
                self.stdout.write("The content is fit to load.")
                return
            loaded = load_content(path, now=timezone.now(), report=self._progress(options))
        except ContentError as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"{len(error.problems)} problems; nothing was loaded.") from None
        for kind, key in loaded.left:
            self.stdout.write(f"{kind}: {key} is no longer in the files and stays in the database")
        self.stdout.write(f"Content: {loaded.summary}.")
        if (found := rebuild_if_due()) is not None:
            self.stdout.write(f"Search: {found} documents can be found.")

    def _progress(self, options: dict[str, Any]) -> Report:
        if options["verbosity"] < 1:
            return say_nothing
        return lambda line: self.stdout.write(f"  {line}")
