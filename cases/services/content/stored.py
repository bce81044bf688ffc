"""What the database holds, as the same canonical records that the files give.

A fixed number of queries for every kind, whatever the number of its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Final

from cases.markup.document import normalised_body
from cases.models import CaseText, Publication, Revision
from cases.services.content.record import OBSERVATIONS, TEXTS, Data, compact
from cases.services.content.references import stated_figure
from cases.services.content.rows import DEFAULTS, row_key
from cases.services.content.stored_definitions import DEFINITIONS, Stored
from cases.services.content.text_files import text_name
from metrics.models import Observation
from metrics.models.observation import NullReason


def stored_records(kind: str) -> Stored:
    """The current records of a kind by key: live texts, current rows, definitions in force."""
    return _READERS[kind]()


def _observations() -> Stored:
    """Current rows of every source but the withdrawn."""
    rows = Observation.objects.current().exclude(null_reason=NullReason.WITHDRAWN)
    rows = rows.select_related("series__indicator__unit", "source")
    return {
        row_key(row.series.key, row.period, row.source.slug): observation_data(row) for row in rows
    }


def observation_data(row: Observation) -> dict[str, str]:
    """A row of observations.csv without what is default or follows from the stated text."""
    cells = {
        "series": row.series.key,
        "period": row.period,
        "value": "" if row.value is None else format(row.value, "f"),
        "stated": row.stated,
        "qualifier": row.qualifier,
        "resolution": _resolution(row),
        "status": row.status,
        "null_reason": row.null_reason,
        "source": row.source.slug,
        "locator": row.locator,
        "vintage_on": row.vintage_on.isoformat() if row.vintage_on else "",
        "preferred": "yes" if row.preferred else "no",
        "note": row.note,
    }
    return compact((k, "" if v == DEFAULTS.get(k) else v.strip()) for k, v in cells.items())


def _resolution(row: Observation) -> str:
    """Only where it differs from what the stated text implies; none at all is then 0."""
    figure = stated_figure(row.stated, row.series.indicator.unit.kind)
    implied = figure.resolution if figure else None
    if row.resolution == implied:
        return ""
    return format(row.resolution or Decimal(0), "f")


def _texts() -> Stored:
    """The live texts."""
    live = Publication.objects.current().select_related("revision", "text__case")
    return {
        text_name(row.text.case.slug, row.text.language): revision_data(row.text, row.revision)
        for row in live
    }


def revision_data(text: CaseText, revision: Revision) -> Data:
    return {
        "slug": text.case.slug,
        "language": text.language,
        "title": revision.title,
        "standfirst": revision.standfirst,
        "body": normalised_body(revision.body),
    }


def drafts(names: Iterable[str]) -> Stored:
    """Texts whose latest revision says something else than the live one, or that are not live."""
    wanted = set(names)
    latest = Revision.objects.order_by("text_id", "-number").distinct("text_id")
    live = _texts()
    found: Stored = {}
    for revision in latest.select_related("text__case"):
        name = text_name(revision.text.case.slug, revision.text.language)
        data = revision_data(revision.text, revision)
        if name in wanted and data != live.get(name):
            found[name] = data
    return found


_READERS: Final[Mapping[str, Callable[[], Stored]]] = {
    **DEFINITIONS,
    OBSERVATIONS: _observations,
    TEXTS: _texts,
}
