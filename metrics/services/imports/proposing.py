"""Entities that a file brings: what they are called and what they are, before they are created."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from metrics.models import Entity, ImportBatch, ProposedEntity
from metrics.services.imports.publishing import ImportStateError
from metrics.services.imports.uploading import may_import


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is wrong with a proposal: whose, which field, in words."""

    pk: int
    field: str
    message: str


class ProposalsRefusedError(Exception):
    """Nothing was saved: some proposals cannot be as they are."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__(f"{len(refusals)} refused")
        self.refusals = refusals


def revise_proposals(batch: ImportBatch, proposals: Sequence[ProposedEntity], *, actor: Any) -> int:
    """Save slug, names and kind of entities that a checked file brings; how many were saved.

    Slugs must be free: of other proposals of the file and of entities that we have. Raises
    PermissionDenied, ImportStateError once the file is decided, ProposalsRefusedError.
    """
    if actor is not None and not may_import(actor):
        raise PermissionDenied("This user may not import files.")
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != ImportBatch.State.STAGED:
            raise ImportStateError(locked)
        if refusals := _taken(locked, proposals):
            raise ProposalsRefusedError(refusals)
        return ProposedEntity.objects.filter(batch=locked).bulk_update(
            proposals, ["slug", "name_zh_hans", "name_en", "kind"]
        )


def _taken(batch: ImportBatch, proposals: Sequence[ProposedEntity]) -> list[Refusal]:
    mine = {one.pk for one in proposals}
    others = ProposedEntity.objects.filter(batch=batch).exclude(pk__in=mine)
    proposed = set(others.values_list("slug", flat=True))
    slugs = [one.slug for one in proposals]
    standing = set(Entity.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    refusals = []
    for one in proposals:
        if one.slug in standing:
            text = _("An entity has this slug; map the code “%(code)s” to it in the layout.")
            refusals.append(Refusal(one.pk, "slug", text % {"code": one.code}))
        elif one.slug in proposed:
            text = _("Another new entity of this file has this slug.")
            refusals.append(Refusal(one.pk, "slug", text))
        proposed.add(one.slug)
    return refusals
