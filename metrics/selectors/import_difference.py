"""What a checked file would do, a page at a time: what stands, and what the file says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from metrics.models import (
    ImportBatch,
    ImportDifference,
    ImportRow,
    NullReason,
    Observation,
    ProposedSeries,
    Qualifier,
    Series,
)
from metrics.selectors.printing import in_language, series_name

LINES = 50
MARKS = tuple(ImportDifference.Mark.values)
# What a row of a file may say beside the value, and what is told where it changes.
BESIDE = ("stated", "qualifier", "resolution", "status", "locator", "note")


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One slot: `before` is empty for a new one, `after` for a withdrawn one.

    `row` is that of the file, None for what the file leaves out; `beside` tells what else changes.
    """

    mark: str
    row: int | None
    key: str
    name: str
    unit: str
    is_new_series: bool
    period: str
    before: str
    after: str
    beside: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class DifferencePage:
    lines: tuple[DifferenceLine, ...]
    number: int
    pages: int
    count: int


@dataclass(frozen=True, slots=True)
class _Named:
    key: str
    name: str
    unit: str
    is_new: bool


def difference_page(
    batch: ImportBatch, *, mark: str = "", entity: str = "", page: int = 1, language: str
) -> DifferencePage:
    """Lines by mark and then in the order of the file. At most 9 queries.

    `mark` is one of MARKS or empty for all, `entity` a part of a slug or a name. A page past the
    last is the last. A file whose every row is new has no differences stored: its rows are them.
    """
    chosen = None if not entity else _series_of(batch, entity)
    is_stored = ImportDifference.objects.filter(batch=batch).exists()
    if is_stored:
        rows: QuerySet[Any] = _stored(batch, mark, chosen)
    elif mark in ("", ImportDifference.Mark.NEW) and batch.new:
        rows = ImportRow.objects.filter(batch=batch).order_by("place")
        rows = rows if chosen is None else rows.filter(series_id__in=chosen)
    else:
        rows = ImportRow.objects.none()
    count = rows.count() if chosen is not None else _counted(batch, mark)
    pages = max(-(-count // LINES), 1)
    number = min(max(page, 1), pages)
    wanted = list(rows[(number - 1) * LINES : number * LINES])
    with override(language):
        lines = tuple(_lines(batch, wanted, is_stored=is_stored, language=language))
    return DifferencePage(lines, number, pages, count)


def _series_of(batch: ImportBatch, entity: str) -> list[int]:
    """The series, proposed ones too, whose entity has this in its slug or a name."""
    names = ("slug", "name_zh_hans", "name_en")

    def named(prefix: str) -> Q:
        return Q(*[(f"{prefix}__{name}__icontains", entity) for name in names], _connector=Q.OR)

    known = Series.objects.filter(named("entity")).values_list("pk", flat=True)
    proposed = ProposedSeries.objects.filter(named("entity") | named("proposal"), batch=batch)
    return [*known, *proposed.values_list("reserved_id", flat=True)]


def _stored(
    batch: ImportBatch, mark: str, chosen: list[int] | None
) -> QuerySet[ImportDifference, ImportDifference]:
    rows = ImportDifference.objects.filter(batch=batch).order_by("mark", "position")
    if mark:
        rows = rows.filter(mark=mark)
    if chosen is None:
        return rows
    said = ImportRow.objects.filter(
        batch_id=batch.pk, place=OuterRef("position"), series_id__in=chosen
    )
    stood = Observation.objects.filter(pk=OuterRef("observation_id"), series_id__in=chosen)
    is_left_out = Q(mark=ImportDifference.Mark.WITHDRAWN)
    return rows.filter((~is_left_out & Exists(said)) | (is_left_out & Exists(stood)))


def _counted(batch: ImportBatch, mark: str) -> int:
    counts = {name: int(getattr(batch, name)) for name in MARKS}
    return counts[mark] if mark else sum(counts.values())


def _lines(
    batch: ImportBatch, wanted: list[Any], *, is_stored: bool, language: str
) -> Iterable[DifferenceLine]:
    """Three queries for what is named: rows of the file, observations, series with proposals."""
    if is_stored:
        places = [one.position for one in wanted if one.mark != ImportDifference.Mark.WITHDRAWN]
        rows = {one.place: one for one in ImportRow.objects.filter(batch=batch, place__in=places)}
        stood = Observation.objects.in_bulk([one.observation_id for one in wanted])
        pairs = [
            (one.mark, rows.get(one.position), stood.get(one.observation_id)) for one in wanted
        ]
    else:
        pairs = [("new", one, None) for one in wanted]
    named = _named(
        batch, {one.series_id for _, *pair in pairs for one in pair if one is not None}, language
    )
    reason = str(batch.layout_frozen.get("missing_reason", NullReason.NOT_REPORTED))
    for mark, row, before in pairs:
        one = row or before
        if one is not None:
            yield _line(mark, one, row, before, named.get(one.series_id, _UNKNOWN), reason)


_UNKNOWN = _Named("?", "?", "", is_new=False)


def _named(batch: ImportBatch, ids: set[int], language: str) -> Mapping[int, _Named]:
    found: dict[int, _Named] = {}
    known = Series.objects.filter(pk__in=ids).select_related("entity", "indicator__unit")
    for series in known:
        unit = in_language(series.indicator.unit, "name", language)
        found[series.pk] = _Named(series.key, series_name(series, language), unit, is_new=False)
    proposed = ProposedSeries.objects.filter(batch=batch, reserved_id__in=ids - set(found))
    for new in proposed.select_related("entity", "proposal", "indicator__unit"):
        entity = new.entity or new.proposal
        if entity is None:  # the constraint proposed_series_one_entity holds that it is not
            continue
        name = in_language(entity, "name", language)
        indicator = in_language(new.indicator, "name", language)
        unit = in_language(new.indicator.unit, "name", language)
        found[new.reserved_id] = _Named(
            f"{entity.slug}.{new.indicator.key}", f"{name} · {indicator}", unit, is_new=True
        )
    return found


def _line(
    mark: str,
    one: ImportRow | Observation,
    row: ImportRow | None,
    before: Observation | None,
    named: _Named,
    reason: str,
) -> DifferenceLine:
    return DifferenceLine(
        mark=mark,
        row=row.line if row else None,
        key=named.key,
        name=named.name,
        unit=named.unit,
        is_new_series=named.is_new,
        period=one.period,
        before=_text(before, "") if before else "",
        after=_text(row, reason) if row else "",
        beside=tuple(_beside(row, before)) if row and before else (),
    )


def _text(one: ImportRow | Observation, reason: str) -> str:
    """1,234.5, more than 60, or why there is no value."""
    if one.value is None:
        code = one.null_reason or reason
        return str(NullReason(code).label) if code in NullReason.values else code
    number = f"{one.value:,f}"
    qualifier = one.qualifier or Qualifier.EXACT
    if qualifier == Qualifier.EXACT:
        return number
    return f"{Qualifier(qualifier).label} {number}"


def _beside(row: ImportRow, before: Observation) -> Iterable[tuple[str, str, str]]:
    """What the file says otherwise of the same value: name, before, after."""
    if row.value != before.value:
        return
    for name in BESIDE:
        said, stood = getattr(row, name), getattr(before, name)
        if said is not None and said != stood:
            title = getattr(Observation._meta.get_field(name), "verbose_name", name)
            yield capfirst(str(title)), _plain(stood), _plain(said)


def _plain(value: Any) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value or _("empty"))
