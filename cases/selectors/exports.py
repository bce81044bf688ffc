"""Which exports are offered."""

from django.db.models import Q, QuerySet

from cases.models import Export
from metrics.models import Change, DefinitionEdit, Series, Source


def offered_exports() -> QuerySet[Export]:
    """Those that hold nothing that was taken out of the record since, nor figures of a source
    that has become one that does not let us offer them; the newest first. Three queries.
    """
    redactions = Change.objects.filter(kind=Change.Kind.REDACTION).order_by("-seq")
    redacted = redactions.values_list("seq", flat=True).first() or 0
    kept = Source.objects.filter(redistributable=False).values("slug")
    edits = DefinitionEdit.objects.filter(kind="source", key__in=kept, action="revised")
    newest = edits.order_by("-seq").values_list("seq", flat=True)
    undated = edits.filter(seq__isnull=True).exists()
    last = newest.exclude(seq__isnull=True).first() or 0
    rows = Export.objects.filter(seq__gte=max(redacted, last))
    return (rows.none() if undated else rows).order_by("-seq")


def series_of_export(export: Export) -> QuerySet[Series]:
    """Those that were defined by its seq."""
    is_later = Q(seq__gt=export.seq) | Q(seq=None)  # without a seq: the clock has yet to tick
    later = DefinitionEdit.objects.filter(is_later, kind="series", action="added")
    return Series.objects.exclude(key__in=later.values("key"))
