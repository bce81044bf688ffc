"""What a release would change: its publication itself is tried, told and taken back."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from metrics.models import Change, Release, ReleasePreview
from metrics.participants import Impact, RefusedError, participants
from metrics.selectors.rank_changes import Places, keys_of, places_changed_by, places_of
from metrics.selectors.rule_graph import needed_for
from metrics.services.clock import lock_clock, tick
from metrics.services.composing import may_compose
from metrics.services.imports.trimming import trim_imports
from metrics.services.publishing import may_publish, publish_open
from metrics.services.refusals import REFUSALS, refusal_words

# The publishing lock is held meanwhile: others may wait for it this long.
MOST_SECONDS: Final = 5.0
LOCK_SECONDS: Final = 2.0


class PreviewError(RefusedError):
    """There is no preview; the words say why, in the language in force."""


class _TakenBackError(Exception):
    """What was tried is to leave nothing behind."""


class _TooLongError(Exception):
    """The time is up."""


@dataclass(slots=True)
class _Tried:
    """What a trial saw; `observed` is by participant, before and after."""

    seq: int = 0
    composition: int = 0
    refusal: dict[str, str] = field(default_factory=dict)
    summary: dict[str, Any] = field(default_factory=dict)
    left_out: int = 0
    observed: list[tuple[Any, Any]] = field(default_factory=list)
    places: Places = field(default_factory=lambda: Places({}))
    places_before: dict[tuple[int, str], Any] = field(default_factory=dict)


def may_preview(user: Any) -> bool:
    return may_compose(user) or may_publish(user)


def preview_of(release: Release, *, actor: Any, now: datetime) -> ReleasePreview:
    """The preview of an open release: the stored one while it holds, else one made now.

    It holds for one seq and one composition of the release. Raises PermissionDenied, and
    PreviewError where the release is decided, somebody publishes, or the trial takes too long.
    """
    if actor is not None and not may_preview(actor):
        raise PermissionDenied("This user may not preview releases.")
    stored = ReleasePreview.objects.filter(release=release).first()
    standing = Release.objects.get(pk=release.pk)
    if stored is not None and (stored.seq, stored.composition) == (
        Change.objects.latest_seq(),
        standing.composition,
    ):
        return stored
    return _make(standing, now)


def _make(release: Release, now: datetime) -> ReleasePreview:
    if not release.is_open:
        raise PreviewError(_("“%(title)s” was already decided.") % {"title": release})
    started = monotonic()
    try:
        tried = _try(release, now)
    except (_TooLongError, OperationalError) as error:
        raise PreviewError(_why_not(error)) from error
    found = _found(tried) | {"seconds": round(monotonic() - started, 3)}
    kept = {"seq": tried.seq, "composition": tried.composition, "made_at": now, "found": found}
    return ReleasePreview.objects.update_or_create(release=release, defaults=kept)[0]


def _why_not(error: Exception) -> str:
    if "lock timeout" in str(error) or "deadlock" in str(error):
        return _("Somebody is publishing at this moment; try again.")
    text = _("The trial took longer than %(seconds)d seconds and was broken off.")
    return text % {"seconds": MOST_SECONDS}


def _try(release: Release, now: datetime) -> _Tried:
    """Publish under the lock, look, take it back, and look at the same again."""
    tried = _Tried()
    with suppress(_TakenBackError), transaction.atomic():
        with _time_limit():
            tried.left_out = _trim(release)
            lock_clock()
            locked = Release.objects.select_for_update().get(pk=release.pk)
            tried.seq, tried.composition = Change.objects.latest_seq(), locked.composition
            changed, after = _published(locked, tried, now)
            before = [one.observe(locked, changed) for one in participants()]
            tried.observed = list(zip(before, after, strict=True)) if after else []
            tried.places_before = places_of(tried.places.places)
        raise _TakenBackError
    return tried


def _published(release: Release, tried: _Tried, now: datetime) -> tuple[set[int], list[Any]]:
    """The series that change, and what participants see then; the rest stays in `tried`."""
    changed: set[int] = set()
    after: list[Any] = []
    try:
        with suppress(_TakenBackError), transaction.atomic():
            change = tick(release.kind, now=now, release=release)
            changed = publish_open(release, change)
            tried.summary = change.summary
            tried.places = places_changed_by(change)
            after = [one.observe(release, changed) for one in participants()]
            raise _TakenBackError
    except REFUSALS as error:
        for language in ("zh-hans", "en"):
            with override(language):
                tried.refusal[language] = refusal_words(error)
    return changed, after


def _trim(release: Release) -> int:
    """Large files are tried only in what live texts, and those of the release, depend on."""
    quoted: set[int] = set()
    for participant in participants():
        quoted |= participant.quoted_series() | participant.quoted_in(release)
    has_more = any(participant.holds(release) for participant in participants())
    return trim_imports(release, needed_for(quoted), keep_new=has_more)


def _found(tried: _Tried) -> dict[str, Any]:
    impacts: list[Impact] = []
    for participant, (before, after) in zip(participants(), tried.observed, strict=False):
        impacts += participant.impact(before, after)
    return {
        "refusal": tried.refusal,
        "summary": tried.summary,
        "left_out": tried.left_out,
        "impacts": [asdict(one) | {"lines": list(map(list, one.lines))} for one in impacts],
        "places": _places(tried),
        "further_places": tried.places.further,
    }


def _places(tried: _Tried) -> list[list[str]]:
    """Series key, period, place before and after."""
    keys = keys_of({series_id for series_id, _period in tried.places.places})
    return [
        [keys.get(cell[0], ""), cell[1], _number(tried.places_before.get(cell)), _number(place)]
        for cell, place in tried.places.places.items()
        if tried.places_before.get(cell) != place
    ]


def _number(value: Any) -> str:
    return "—" if value is None else format(value, "f")


@contextmanager
def _time_limit() -> Iterator[None]:
    """No statement waits or runs for long, and none begins once the time is up."""
    deadline = monotonic() + MOST_SECONDS

    def in_time(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if monotonic() > deadline:
            raise _TooLongError
        return execute(sql, parameters, many, context)

    limits = {"lock_timeout": LOCK_SECONDS, "statement_timeout": MOST_SECONDS}
    with connection.cursor() as cursor:
        for name, seconds in limits.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, _milliseconds(seconds)])
    with connection.execute_wrapper(in_time):
        yield


def _milliseconds(seconds: float) -> str:
    """At least one: none would be no limit."""
    return str(max(1, int(seconds * 1000)))
