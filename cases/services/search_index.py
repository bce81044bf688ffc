"""The search index as a whole: made anew, compared with what readers see, made once where due."""

from typing import Final

from django.db import transaction

from cases.models import ContentRecord, SearchDocument
from cases.services.search_definitions import defined_words
from cases.services.search_documents import Place, other_documents, write_documents
from cases.services.search_texts import live_words
from metrics.services.clock import lock_clock

# Raise it when documents are cut or stored otherwise: `rebuild_if_due` then makes them anew.
FORMAT: Final = "1"
MARK: Final = "search"


def rebuild_index() -> int:
    """Make every document anew; how many. Nobody publishes meanwhile, and readers search on."""
    with transaction.atomic():
        lock_clock()
        SearchDocument.objects.all().delete()
        written = write_documents([*defined_words(), *live_words()])
        mark = {"digest": FORMAT}
        ContentRecord.objects.update_or_create(file=MARK, key="", defaults=mark)
    return written


def rebuild_if_due() -> int | None:
    """Make the index where it was never made, or in another form; None where it stands.

    A database of before there was a search has none after its migration.
    """
    stands = ContentRecord.objects.filter(file=MARK, key="", digest=FORMAT).exists()
    return None if stands else rebuild_index()


def wrong_documents() -> list[Place]:
    """Documents that are missing, stored otherwise than made now, or of what is no more."""
    with transaction.atomic():
        lock_clock()
        made = [*defined_words(), *live_words()]
        standing = SearchDocument.objects.values_list("language", "kind", "key")
        left = {Place(*row) for row in standing} - {one.place for one in made}
        return sorted([*other_documents(made), *left])
