"""What releases are composed of: kinds of parts that each app registers, in that order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.models import ImportBatch, Release, StagedObservation
from metrics.selectors import composition
from metrics.selectors.composition import Holding
from metrics.services import blocking, composing
from metrics.services.composing import CompositionError, may_compose
from metrics.services.gathering import gather

# release, key of the item, who, when
Act = Callable[[Release, int, Any, datetime], object]


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing that a release holds.

    `held` and `offered` list what a release has and what may be added; `blocks` says in words what
    keeps it from readers; `add` and `take_out` raise RefusedError and PermissionDenied. None:
    nothing is added so, or nothing is taken out again.
    """

    key: str
    title: str | Promise
    held: Callable[[Release], Holding]
    blocks: Callable[[Release], list[str]] | None = None
    offered: Callable[[Release], Holding] | None = None
    add: Act | None = None
    take_out: Act | None = None


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part of one release; nothing is offered to who may not compose."""

    part: Part
    held: Holding
    offered: Holding
    may_take_out: bool


_parts: dict[str, Part] = {}


def register_part(part: Part) -> None:
    """Add a kind of part, or replace the one of the same key."""
    _parts[part.key] = part


def parts_of(release: Release, user: Any) -> tuple[ShownPart, ...]:
    """What a release holds and, while it is composed, what this person may add."""
    is_composed = release.state == Release.State.DRAFT and may_compose(user)
    return tuple(
        ShownPart(
            part,
            part.held(release),
            part.offered(release) if is_composed and part.offered else Holding(),
            is_composed and part.take_out is not None,
        )
        for part in _parts.values()
    )


def blocks_of(release: Release) -> tuple[str, ...]:
    """What keeps an open release from readers, in the language in force."""
    blocks = [block for part in _parts.values() if part.blocks for block in part.blocks(release)]
    is_empty = not any(part.held(release).count for part in _parts.values())
    return (*blocks, _("It holds nothing.")) if is_empty else tuple(blocks)


def change_part(
    release: Release, key: str, item: int, *, add: bool, actor: Any, now: datetime
) -> None:
    """Add an item to a release or take one out. Raises PermissionDenied, RefusedError."""
    part = _parts.get(key)
    act = None if part is None else part.add if add else part.take_out
    if act is None:
        raise CompositionError(_("A release holds nothing of this kind."))
    try:
        act(release, item, actor, now)
    except ObjectDoesNotExist as error:
        raise CompositionError(_("It is not there any more.")) from error


register_part(
    Part(
        "values",
        gettext_lazy("Values"),
        composition.held_values,
        blocking.value_blocks,
        take_out=lambda release, key, actor, now: composing.take_value_out(
            release, StagedObservation.objects.get(pk=key), actor=actor, now=now
        ),
    )
)
register_part(
    Part(
        "imports",
        gettext_lazy("Imported files"),
        composition.held_imports,
        blocking.import_blocks,
        composition.offered_imports,
        lambda release, key, actor, now: composing.add_import(
            release, ImportBatch.objects.get(pk=key), actor=actor
        ),
        lambda release, key, actor, now: composing.take_import_out(
            release, ImportBatch.objects.get(pk=key), actor=actor
        ),
    )
)
register_part(
    Part(
        "releases",
        gettext_lazy("Releases gathered into it"),
        composition.gathered_releases,
        offered=composition.gatherable_releases,
        add=lambda release, key, actor, now: gather(
            release, Release.objects.get(pk=key), actor=actor
        ),
    )
)
