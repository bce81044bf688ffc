"""Deciding which of several sources speaks for a series."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from metrics.models import Change, Observation, Preference, Release, Series, Source
from metrics.selectors.preferences import EVERY_PERIOD, standing_preferences
from metrics.services.imports.released import record_imported
from metrics.services.observations import Written, preferred_source
from metrics.services.publishing import may_publish, publish_release
from metrics.services.stale import Targets, affected

MOST_PERIODS = 1000


class PreferenceError(ValueError):
    """A preference that cannot be: which field, and what is expected there."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


def prefer_source(
    series: Series,
    source: Source,
    *,
    periods: Collection[str] | None = None,
    reason: dict[str, str],
    actor: Any,
    now: datetime,
) -> Change:
    """Decide that a source speaks for the series, in some periods or (None) in all of them.

    `reason` is by language code, in one language at least. The rows concerned are closed and
    inserted again in one publishing transaction; what depends on them is evaluated or marked. The
    decision stands until the next one: rows that other sources record later stand beside it. One
    for all periods takes the place of those for single ones. Raises PermissionDenied, or
    PreferenceError("source" | "periods" | "reason").
    """
    if actor is not None and not may_publish(actor):
        raise PermissionDenied("This user may not decide which source is preferred.")
    refuse_wrong(series, source, periods, reason)
    with transaction.atomic():
        release = _release(series, source, periods, reason, actor, now)
        return publish_release(
            release, actor=actor, now=now, record=deciding(series, source, periods)
        )


def deciding(series: Series, source: Source, periods: Collection[str] | None) -> Any:
    """What `publish_release` records for a decision, with the reason of the release."""

    def record(release: Release, change: Change) -> tuple[set[int], Targets]:
        changed, targets = record_imported(release, change)
        _keep(series, source, periods, release, change)
        written = _preferred(series, periods, change)
        recorded = written.save()
        counts = {"inserted": recorded.inserted, "closed": recorded.closed}
        for name, count in counts.items():
            change.summary[name] = change.summary.get(name, 0) + count
        change.summary["preferred"] = source.slug
        targets.add(affected(recorded.touched))
        return changed | {series.pk}, targets

    return record


def refuse_wrong(
    series: Series, source: Source, periods: Collection[str] | None, reason: dict[str, str]
) -> None:
    """Raise PreferenceError for a decision without a reason, or for a source that is silent."""
    if not any(text.strip() for text in reason.values()):
        raise PreferenceError("reason", _("Give a reason in at least one language."))
    told = series.observations.current().filter(source=source)
    stated = set(told.values_list("period", flat=True))
    if not stated:
        raise PreferenceError(
            "source",
            _("%(source)s states nothing of %(series)s.")
            % {"source": source.slug, "series": series.key},
        )
    if periods is not None and not 1 <= len(periods) <= MOST_PERIODS:
        raise PreferenceError("periods", _("Expected 1 to %d periods.") % MOST_PERIODS)
    if unstated := sorted(set(periods or ()) - stated):
        raise PreferenceError(
            "periods",
            _("%(source)s states nothing for %(periods)s.")
            % {"source": source.slug, "periods": ", ".join(unstated[:10])},
        )


def _keep(
    series: Series,
    source: Source,
    periods: Collection[str] | None,
    release: Release,
    change: Change,
) -> None:
    """Close the decisions that this one replaces, and keep it."""
    replaced = Preference.objects.current().filter(series=series)
    if periods is not None:
        replaced = replaced.filter(period__in=periods)
    replaced.update(seq_to=change.seq)
    Preference.objects.bulk_create(
        Preference(
            series=series,
            period=code,
            source=source,
            reason_zh_hans=release.reason_zh_hans,
            reason_en=release.reason_en,
            seq_from=change.seq,
        )
        for code in ([EVERY_PERIOD] if periods is None else sorted(set(periods)))
    )


def _preferred(series: Series, periods: Collection[str] | None, change: Change) -> Written:
    """The rows of the periods, each with the preference that the decisions now give it."""
    rows = Observation.objects.current().filter(series=series)
    if periods is not None:
        rows = rows.filter(period__in=periods)
    decided = standing_preferences([series.pk])
    slots: dict[str, list[Observation]] = {}
    for row in rows:
        slots.setdefault(row.period, []).append(row)
    written = Written(change)
    for code, rivals in slots.items():
        claims = {row.source_id: row.preferred for row in rivals}
        written.prefer(rivals, preferred_source(claims, {}, decided.of((series.pk, code))))
    return written


def _release(
    series: Series,
    source: Source,
    periods: Collection[str] | None,
    reason: dict[str, str],
    actor: Any,
    now: datetime,
) -> Release:
    release = Release(
        kind=Release.Kind.REVISION,
        reason_zh_hans=reason.get("zh-hans", ""),
        reason_en=reason.get("en", ""),
        created_at=now,
        created_by=actor,
    )
    codes = sorted(periods or ())
    for language, attribute in (("zh-hans", "zh_hans"), ("en", "en")):
        with override(language):
            title = _("%(series)s %(periods)s: preferred source %(source)s") % {
                "series": f"{getattr(series.entity, f'name_{attribute}')} · "
                f"{getattr(series.indicator, f'name_{attribute}')}",
                "periods": "–".join(dict.fromkeys([codes[0], codes[-1]])) if codes else "",
                "source": getattr(source, f"title_{attribute}"),
            }
        setattr(release, f"title_{attribute}", " ".join(title.split())[:200])
    release.save()
    return release
