"""Documents of texts: the words that readers get, written as they change.

Runs inside the publishing transaction, after the ledger: sentences that hold no longer are found by
the words that stand for them.
"""

from collections.abc import Collection, Mapping, Sequence

from django.db.models import Q

from cases.markup.pen import Withheld
from cases.markup.render import plain_parts
from cases.models import Publication, SearchDocument
from cases.selectors.claims import text_of
from cases.selectors.figures import Figures, text_figures
from cases.selectors.texts import parsed
from cases.selectors.withheld import withheld_of
from cases.services.search_definitions import KINDS as DEFINITIONS
from cases.services.search_documents import Place, Words, remove_documents, write_documents
from metrics.models import Change


def index_changed(change: Change, series_ids: Collection[int]) -> None:
    """Write the live texts that a change published or whose figures it moved, take out the others.

    Where nothing was published and nothing is quoted: one query.
    """
    quoting = Publication.quoted_series.through.objects.filter(series__any=series_ids)
    touched = Q(seq_from=change.seq)
    if series_ids:
        touched |= Q(pk__in=quoting.values("publication"))
    rows = Publication.objects.filter(Q(seq_to__isnull=True) & touched | Q(seq_to=change.seq))
    found = list(rows.with_words())
    live = [row for row in found if row.seq_to is None]
    written = {row.text_id for row in live}
    remove_documents({_place(row) for row in found if row.text_id not in written})
    write_documents(words_of(live))


def index_defined(change: Change, series_ids: Collection[int]) -> None:
    """The same after definitions changed; and texts whose case is named or is of a kind otherwise
    get their own places. Three queries where nothing moved.
    """
    index_changed(change, series_ids)
    rows = Publication.objects.current().values_list(
        "text__language", "text__case__kind", "text__case__slug", "pk"
    )
    live = {Place(*place): pk for *place, pk in rows}
    standing = _standing_places()
    remove_documents(standing - live.keys())
    moved = [live[place] for place in live.keys() - standing]
    write_documents(words_of(list(Publication.objects.filter(pk__in=moved).with_words())))


def index_quoting(series_ids: Collection[int]) -> None:
    """Write the live texts that quote some series anew: what stood for their sentences is gone."""
    rows = Publication.objects.current().filter(quoted_series__in=series_ids).distinct()
    write_documents(words_of(list(rows.with_words())))


def index_every() -> int:
    """Write all live texts, take out all others; how many were written."""
    documents = live_words()
    remove_documents(_standing_places() - {one.place for one in documents})
    return write_documents(documents)


def live_words() -> list[Words]:
    """The words of every live text."""
    return words_of(list(Publication.objects.current().with_words()))


def _standing_places() -> set[Place]:
    """Where the documents of texts are. One query."""
    rows = SearchDocument.objects.exclude(kind__in=DEFINITIONS)
    return {Place(*row) for row in rows.values_list("language", "kind", "key")}


def words_of(rows: Sequence[Publication]) -> list[Words]:
    """What readers get of live publications. Seven queries a language; none for no rows."""
    if not rows:
        return []
    found = []
    for language in sorted({row.text.language for row in rows}):
        own = [row for row in rows if row.text.language == language]
        figures = text_figures([parsed(text_of(row.revision)) for row in own], language)
        withheld = withheld_of([row.pk for row in own], language)
        found += [_words(row, figures, withheld.get(row.pk, {})) for row in own]
    return found


def _words(row: Publication, figures: Figures, withheld: Mapping[str, Withheld]) -> Words:
    text = text_of(row.revision)
    parts = plain_parts(
        text, parsed(text), language=row.text.language, resolver=figures, withheld=withheld
    )
    return Words(*_place(row), *parts)


def _place(row: Publication) -> Place:
    return Place(row.text.language, row.text.case.kind, row.text.case.slug)
