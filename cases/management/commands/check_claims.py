"""Tell which claims of live texts are unbound or broken; the exit status says whether any is."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from cases.models import CaseText, Publication, Revision
from cases.selectors.checklist import claim_faults
from cases.selectors.claims import claims_of


class Command(BaseCommand):
    help = (
        "Read every claim of every live text (with --drafts: of the latest words) with the values "
        "of now. Exits with 1 where a number is bound to nothing or a wording does not hold."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cases", nargs="*", help="slugs of cases (all)")
        parser.add_argument("--drafts", action="store_true", help="the latest words, live or not")
        parser.add_argument(
            "--strict", action="store_true", help="count what a publisher vouched for as well"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sentences = faulty = 0
        with override("en"):
            revisions = self._revisions(options["cases"], drafts=options["drafts"])
            for revision in revisions:
                language = revision.text.language
                claims = claims_of(revision, language)
                sentences += len(claims.sentences)
                for fault in claim_faults(revision, claims, is_strict=options["strict"]):
                    faulty += 1
                    self.stderr.write(f"{revision.text.case.slug}.{language}: {fault}")
        if faulty:
            raise CommandError(f"{faulty} claims are unbound or broken.")
        self.stdout.write(f"{len(revisions)} texts, {sentences} sentences: every claim holds.")

    def _revisions(self, slugs: list[str], *, drafts: bool) -> list[Revision]:
        rows = Revision.objects.select_related("text__case").order_by("text__case", "text")
        if drafts:
            latest = Revision.objects.order_by("text_id", "-number").distinct("text_id")
            rows = rows.filter(pk__in=latest.values("pk"))
        else:
            live = Publication.objects.current()
            rows = rows.filter(pk__in=live.values("revision"))
        known = set(CaseText.objects.values_list("case__slug", flat=True))
        if unknown := sorted(set(slugs) - known):
            raise CommandError(f"Unknown case {unknown[0]!r}; expected one of {sorted(known)}.")
        return list(rows.filter(text__case__slug__in=slugs) if slugs else rows)
