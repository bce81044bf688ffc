"""Changing what an indicator means: a release of its own, and a break in what is compared."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from metrics.models import Change, Indicator, Redefinition, Release, Series
from metrics.selectors.breaks import computed_from
from metrics.services.publishing import may_publish, publish_release
from metrics.services.stale import Targets
from metrics.stats.periods import Period, PeriodError
from metrics.translation import translated

LANGUAGES = (("zh-hans", "zh_hans"), ("en", "en"))
Texts = Mapping[str, str]  # by language code


class RedefinitionError(ValueError):
    """A redefinition that cannot be: which field, and what is expected there."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


def redefine(
    indicator: Indicator,
    *,
    since: str,
    definition: Texts,
    comparable: Texts,
    reason: Texts,
    actor: Any,
    now: datetime,
) -> Change:
    """Give the indicator its next definition version, in force from the period `since` on.

    `definition` is the new text in both languages. `comparable` says, in one language at least, why
    values before and since may be compared all the same; empty, growth across is null, break.
    `reason` is of the release. Raises PermissionDenied, or RedefinitionError("since" |
    "definition" | "reason").
    """
    _refuse_reader(actor)
    since_on = first_day(since)
    _refuse_empty("reason", reason)
    if not all(definition.get(code, "").strip() for code, _name in LANGUAGES):
        raise RedefinitionError("definition", _("Give the new definition in both languages."))
    with transaction.atomic():
        locked = Indicator.objects.select_for_update().get(pk=indicator.pk)
        _refuse_earlier(locked, since_on)
        row = Redefinition(
            indicator=locked,
            version=locked.version + 1,
            since=Period.parse(since).code,
            since_on=since_on,
            before_zh_hans=locked.definition_zh_hans,
            before_en=locked.definition_en,
        )
        _set(row, "comparable", comparable)
        locked.version += 1
        _set(locked, "definition", definition)
        _save(locked, reason)
        return _publish(locked, reason, actor, now, opened=row)


def set_comparable(
    redefinition: Redefinition, comparable: Texts, *, reason: Texts, actor: Any, now: datetime
) -> Change:
    """Say why values before and since may be compared, or (empty) take that back.

    Raises PermissionDenied, or RedefinitionError("comparable" | "reason").
    """
    _refuse_reader(actor)
    _refuse_empty("reason", reason)
    with transaction.atomic():
        standing = _standing(redefinition)
        row = _copy(standing)
        _set(row, "comparable", comparable)
        if (row.comparable_zh_hans, row.comparable_en) == (
            standing.comparable_zh_hans,
            standing.comparable_en,
        ):
            raise RedefinitionError("comparable", _("This is what stands already."))
        return _publish(row.indicator, reason, actor, now, opened=row, closed=standing)


def take_back(redefinition: Redefinition, *, reason: Texts, actor: Any, now: datetime) -> Change:
    """Undo the newest redefinition of an indicator: its text before is in force again.

    The past keeps it: as of an earlier seq it still stands. Raises PermissionDenied, or
    RedefinitionError("redefinition" | "reason").
    """
    _refuse_reader(actor)
    _refuse_empty("reason", reason)
    with transaction.atomic():
        standing = _standing(redefinition)
        locked = standing.indicator
        if standing.version != locked.version:
            raise RedefinitionError(
                "redefinition", _("Only the newest redefinition can be taken back.")
            )
        locked.version -= 1
        locked.definition_zh_hans = standing.before_zh_hans
        locked.definition_en = standing.before_en
        _save(locked, reason)
        return _publish(locked, reason, actor, now, closed=standing)


def first_day(since: str) -> date:
    """The first day of the period that a redefinition begins with."""
    try:
        period = Period.parse(since.strip())
    except PeriodError as error:
        raise RedefinitionError("since", translated(error.message)) from None
    if not period.is_regular or period.start is None:
        raise RedefinitionError(
            "since", _("Expected one period, such as 2018, 2018-Q3 or 2018-07-01.")
        )
    return period.start


def _publish(
    indicator: Indicator,
    reason: Texts,
    actor: Any,
    now: datetime,
    *,
    opened: Redefinition | None = None,
    closed: Redefinition | None = None,
) -> Change:
    release = _release(indicator, reason, actor, now)

    def record(release: Release, change: Change) -> tuple[set[int], Targets]:
        if closed is not None:
            closed.seq_to = change.seq
            closed.save(update_fields=["seq_to"])
        if opened is not None:
            opened.seq_from = change.seq
            opened.save()
        change.summary["redefined"] = indicator.key
        own = set(Series.objects.filter(indicator=indicator).values_list("pk", flat=True))
        affected = own | computed_from(own)
        return affected, Targets(series=affected)

    return publish_release(release, actor=actor, now=now, definitions_changed=True, record=record)


def _release(indicator: Indicator, reason: Texts, actor: Any, now: datetime) -> Release:
    release = Release(kind=Release.Kind.REDEFINITION, created_at=now, created_by=actor)
    for code, name in LANGUAGES:
        setattr(release, f"reason_{name}", reason.get(code, "").strip())
        with override(code):
            title = _("%(indicator)s: definition version %(version)d") % {
                "indicator": getattr(indicator, f"name_{name}"),
                "version": indicator.version,
            }
        setattr(release, f"title_{name}", title[:200])
    release.save()
    return release


def _standing(redefinition: Redefinition) -> Redefinition:
    """The redefinition with its indicator, locked; what was closed meanwhile is refused."""
    indicator = Indicator.objects.select_for_update().get(pk=redefinition.indicator_id)
    found: Redefinition | None = (
        Redefinition.objects.current().select_for_update().filter(pk=redefinition.pk).first()
    )
    if found is None:
        raise RedefinitionError(
            "redefinition", _("This redefinition was changed meanwhile; open it again.")
        )
    found.indicator = indicator
    return found


def _copy(standing: Redefinition) -> Redefinition:
    names = ("version", "since", "since_on", "before_zh_hans", "before_en")
    fields = {name: getattr(standing, name) for name in names}
    return Redefinition(indicator=standing.indicator, **fields)


def _refuse_reader(actor: Any) -> None:
    if actor is not None and not may_publish(actor):
        raise PermissionDenied("This user may not redefine indicators.")


def _refuse_empty(field: str, texts: Texts) -> None:
    if not any(text.strip() for text in texts.values()):
        raise RedefinitionError(field, _("Give a reason in at least one language."))


def _refuse_earlier(indicator: Indicator, since_on: date) -> None:
    """Versions follow one another in time as in number."""
    last = Redefinition.objects.current().filter(indicator=indicator).order_by("-version").first()
    if last is not None and since_on <= last.since_on:
        raise RedefinitionError(
            "since",
            _("Expected a period after %(period)s, from which version %(version)d is in force.")
            % {"period": last.since, "version": last.version},
        )


def _set(row: Any, field: str, texts: Texts) -> None:
    for code, name in LANGUAGES:
        setattr(row, f"{field}_{name}", texts.get(code, "").strip())


def _save(indicator: Indicator, reason: Texts) -> None:
    """Its history takes one text of 100 characters."""
    said = next(text.strip() for text in reason.values() if text.strip())
    indicator._change_reason = said[:100]  # type: ignore[attr-defined]
    indicator.save()
