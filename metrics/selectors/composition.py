"""What a release holds, and what could be added to it."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.models import ImportBatch, Release, StagedObservation

SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a release: its words, and the admin page that it leads to (name and key)."""

    key: int
    label: str
    page: str
    page_key: Any
    note: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """How many there are, and the first of them."""

    count: int = 0
    items: tuple[Item, ...] = ()

    @property
    def further(self) -> int:
        """How many are not listed."""
        return max(self.count - len(self.items), 0)


def held_values(release: Release) -> Holding:
    """The staged values of a release. Two queries."""
    rows = release.staged.select_related("series", "source").order_by("id")
    items = tuple(_value(row) for row in rows[:SHOWN])
    return Holding(rows.count(), items)


def _value(row: StagedObservation) -> Item:
    what = row.stated or ("" if row.value is None else format(row.value, "f"))
    if row.action == StagedObservation.Action.WITHDRAW:
        what = _("is withdrawn")
    elif row.null_reason:
        what = str(row.get_null_reason_display())
    label = f"{row.series.key} {row.period}: {what}"
    return Item(row.pk, label, "metrics_series_change", row.series_id, row.source.slug)


def held_imports(release: Release) -> Holding:
    """The files of a release. One query."""
    batches = list(release.imports.order_by("pk"))
    return Holding(len(batches), tuple(map(_import, batches)))


def offered_imports(release: Release) -> Holding:
    """Checked files that are in no release, the newest first. Two queries."""
    free = ImportBatch.objects.filter(state=ImportBatch.State.STAGED, release=None)
    rows = free.exclude(layout_frozen__mode="backfill").order_by("-pk")
    return Holding(rows.count(), tuple(_import(row) for row in rows[:SHOWN]))


def _import(batch: ImportBatch) -> Item:
    counts = ngettext("%(n)d new", "%(n)d new", batch.new) % {"n": batch.new}
    counts += _(", ") + ngettext("%(n)d changed", "%(n)d changed", batch.changed) % {
        "n": batch.changed
    }
    return Item(batch.pk, batch.file_name, "metrics_importbatch_change", batch.pk, counts)


def gathered_releases(release: Release) -> Holding:
    """The releases whose parts this one took over; nothing of theirs is counted. One query."""
    rows = [_release(row) for row in release.gathered.order_by("pk")]
    return Holding(0, tuple(rows))


def gatherable_releases(release: Release) -> Holding:
    """Other releases that wait and may be gathered into this one, the oldest first. Two queries."""
    kinds = {release.kind, Release.Kind.NEW}
    waiting = Release.objects.filter(state=Release.State.DRAFT, kind__in=kinds)
    rows = waiting.exclude(pk=release.pk).order_by("created_at", "id")
    return Holding(rows.count(), tuple(_release(row) for row in rows[:SHOWN]))


def _release(row: Release) -> Item:
    label = str(row) or f"#{row.pk}"
    return Item(row.pk, label, "metrics_release_change", row.pk, str(row.get_kind_display()))
