"""Saving a block of cells: judged one by one, saved together or not at all."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from metrics.models import Release, StagedObservation
from metrics.services.clock import lock_clock
from metrics.services.corrections import Saved
from metrics.services.grid_cells import (
    REFUSED,
    WRITTEN,
    Judged,
    Said,
    State,
    Typed,
    judge_cells,
)
from metrics.services.proposals import propose
from metrics.services.publishing import may_publish, publish_release
from metrics.services.staging import StagingError


class GridRefusedError(Exception):
    """Some cells cannot be saved, so none is."""

    def __init__(self, judged: Sequence[Judged]) -> None:
        super().__init__(summary(judged))
        self.judged = judged


def save_cells(
    typed: Sequence[Typed],
    said: Said,
    *,
    kind: str,
    reason: dict[str, str],
    actor: Any,
    now: datetime,
    language: str,
) -> Saved:
    """Save what was changed as one release: published at once by who may, else left for approval.

    The cells are judged under the publishing lock, so nobody changes one between the judgement and
    the publication. Raises GridRefusedError with every judgement where a cell is invalid or in
    conflict, and StagingError("cells" | "kind" | "reason") for what is wrong with the whole.
    """
    with transaction.atomic():
        if may_publish(actor):
            lock_clock()
        release = Release(kind=kind, created_at=now, created_by=actor)
        judged = judge_cells(typed, said, language=language, release=release)
        if any(one.state in REFUSED for one in judged):
            raise GridRefusedError(judged)
        written = [one for one in judged if one.state in WRITTEN]
        _refuse_whole(written, kind, reason)
        _name(release, written, reason)
        release.save()
        StagedObservation.objects.bulk_create(one.row for one in written if one.row is not None)
        if not may_publish(actor):
            propose(release)
            return Saved(release, None)
        change = publish_release(release, actor=actor, now=now)
    return Saved(release, change)


def summary(judged: Sequence[Judged]) -> str:
    """What saving would do, in a line."""
    counted = Counter(one.state for one in judged)
    parts = [
        ngettext("%(count)d new", "%(count)d new", counted[State.NEW]),
        ngettext("%(count)d changed", "%(count)d changed", counted[State.CHANGED]),
        ngettext("%(count)d withdrawn", "%(count)d withdrawn", counted[State.WITHDRAWN]),
        ngettext("%(count)d cannot be saved", "%(count)d cannot be saved", counted[State.INVALID]),
        ngettext(
            "%(count)d changed by somebody else",
            "%(count)d changed by somebody else",
            counted[State.CONFLICT],
        ),
    ]
    states = (*WRITTEN, *REFUSED)
    shown = [
        text % {"count": counted[state]}
        for state, text in zip(states, parts, strict=True)
        if counted[state]
    ]
    return _(", ").join(shown) if shown else _("nothing to save")


def _refuse_whole(written: Sequence[Judged], kind: str, reason: dict[str, str]) -> None:
    if not written:
        raise StagingError("cells", _("Nothing was changed: there is nothing to save."))
    changes_something = any(one.state != State.NEW for one in written)
    if changes_something and kind == Release.Kind.NEW:
        raise StagingError(
            "kind", _("Something stated is changed: choose revision or correction in place of new.")
        )
    if kind != Release.Kind.NEW and not any(reason.values()):
        raise StagingError("reason", _("Give a reason in at least one language."))


def _name(release: Release, written: Sequence[Judged], reason: dict[str, str]) -> None:
    """Title and reason; a block that only withdraws is a withdrawal."""
    if all(one.state == State.WITHDRAWN for one in written):
        release.kind = Release.Kind.WITHDRAWAL
    values = {
        "values": len(written),
        "series": len({one.typed.series_id for one in written}),
        "first": min(one.typed.period for one in written),
        "last": max(one.typed.period for one in written),
    }
    for language, attribute in (("zh-hans", "zh_hans"), ("en", "en")):
        with override(language):
            text = _("Grid: %(values)d values of %(series)d series, %(first)s to %(last)s")
            setattr(release, f"title_{attribute}", text % values)
        setattr(release, f"reason_{attribute}", reason.get(language, ""))
