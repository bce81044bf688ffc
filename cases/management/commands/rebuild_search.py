"""Make the search index anew, or tell what is wrong with it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.services.search_index import rebuild_index, wrong_documents

MOST_TOLD = 50


class Command(BaseCommand):
    help = (
        "Make the search index anew from what readers see. It is kept by every publication; this "
        "is for a database that was restored without it. Exits with 1 where --verify finds a fault."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--verify", action="store_true", help="compare, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["verify"]:
            self.stdout.write(f"{rebuild_index()} documents can be found.")
            return
        wrong = wrong_documents()
        for place in wrong[:MOST_TOLD]:
            self.stderr.write(f"{place.kind} {place.key} ({place.language})")
        if wrong:
            raise CommandError(f"{len(wrong)} documents are not what readers see.")
        self.stdout.write("Every document is what readers see.")
