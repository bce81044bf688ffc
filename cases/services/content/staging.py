"""Rows and texts of a load, staged in its release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.conf import settings

from cases.models import Case, CaseText, Revision
from cases.services.content.lookup import Lookup
from cases.services.content.problems import ContentError, Problem
from cases.services.content.record import CASES, OBSERVATIONS, SOURCES, Content, Data, Record
from cases.services.texts import save_revision, stage_text
from metrics.models import Release, Series, Source, StagedObservation
from metrics.services.staging import StagingError, stage_observation

_FIRST: Final = settings.LANGUAGE_CODE


def stage_rows(
    release: Release,
    records: Iterable[Record],
    withdrawn: Mapping[str, Data],
    content: Content,
    series: Mapping[str, Series],
) -> None:
    """Stage rows to record and rows to withdraw. Two queries; raises ContentError."""
    sources = Lookup(SOURCES, {row.slug: row for row in Source.objects.all()})
    staged: list[StagedObservation] = []
    problems: list[Problem] = []
    for record in records:
        data = record.data
        try:
            row = stage_observation(
                release,
                series=series[data["series"]],
                source=sources[data["source"]],
                **_statement(data),
            )
        except StagingError as error:
            problems.append(Problem(record.file, record.line, error.message))
        else:
            staged.append(row)
    if problems:
        raise ContentError(problems)
    taken = _taken_slots(content)
    for data in withdrawn.values():
        source = sources[data["source"]]
        staged.append(_withdrawal(release, data, series[data["series"]], source, taken))
    StagedObservation.objects.bulk_create(staged, batch_size=2000)


def _statement(data: Data) -> dict[str, Any]:
    has_value = "value" in data
    return {
        "period": data["period"],
        "value": Decimal(data["value"]) if has_value else None,
        "stated": data.get("stated", ""),
        "qualifier": data.get("qualifier", "exact") if has_value else None,
        "resolution": Decimal(data["resolution"]) if "resolution" in data else None,
        "status": data.get("status", "A"),
        "null_reason": data.get("null_reason", ""),
        "locator": data.get("locator", ""),
        "note": data.get("note", ""),
        "vintage_on": date.fromisoformat(data["vintage_on"]) if "vintage_on" in data else None,
        "preferred": data.get("preferred") != "no",
    }


def _taken_slots(content: Content) -> set[tuple[str, str]]:
    """Slots for which a row of the files speaks."""
    return {
        (record.data["series"], record.data["period"])
        for record in content[OBSERVATIONS].values()
        if record.data.get("preferred") != "no"
    }


def _withdrawal(
    release: Release,
    data: Data,
    series: Series,
    source: Source,
    taken: set[tuple[str, str]],
) -> StagedObservation:
    """The withdrawal of a row; it gives up its slot where another row now speaks for it."""
    kept = ("stated", "locator", "note")
    is_preferred = data.get("preferred") != "no" and (series.key, data["period"]) not in taken
    return stage_observation(
        release,
        series=series,
        source=source,
        period=data["period"],
        vintage_on=_statement(data)["vintage_on"],
        preferred=is_preferred,
        action=StagedObservation.Action.WITHDRAW,
        **{name: data.get(name, "") for name in kept},
    )


def stage_texts(release: Release, records: Iterable[Record], *, actor: Any, now: datetime) -> None:
    """Keep each text as a revision and stage it.

    Where a text comes in several languages, the others follow that in the site's own.
    """
    records = sorted(records, key=lambda record: record.data["language"] != _FIRST)
    cases = Lookup(CASES, dict(Case.objects.values_list("slug", "pk")))
    CaseText.objects.bulk_create(
        [
            CaseText(case_id=cases[record.data["slug"]], language=record.data["language"])
            for record in records
        ],
        ignore_conflicts=True,
    )
    texts = {
        (text.case.slug, text.language): text for text in CaseText.objects.select_related("case")
    }
    firsts: dict[str, Revision] = {}
    for record in records:
        data = record.data
        words = {name: data[name] for name in ("title", "standfirst", "body")}
        text = texts[data["slug"], data["language"]]
        source = firsts.get(data["slug"])
        revision = save_revision(text, **words, actor=actor, now=now, source=source)
        stage_text(release, revision)
        if data["language"] == _FIRST and revision.source_revision_id is None:
            firsts[data["slug"]] = revision
