"""What uses a definition: whatever would lose its meaning without it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import PROTECT, ManyToOneRel, Model
from django.utils.translation import gettext as _

from metrics.models import GroupMember, Series
from metrics.participants import participants

# More is not counted: a source may have millions of observations, and no index by source.
MOST_COUNTED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Use:
    """A kind of row and how many of it there are, at most MOST_COUNTED + 1."""

    what: str
    count: int

    def __str__(self) -> str:
        count = f"{min(self.count, MOST_COUNTED):,}"
        more = _("over %(count)s") % {"count": count} if self.count > MOST_COUNTED else count
        return f"{self.what}: {more}"


def uses_of(row: Model) -> list[Use]:
    """By kind, those that there are; what is kept for a row alone (its summary) is no use.

    One query for each kind of row that may refer to it, and those of the upper apps for a series.
    """
    uses = list(_referring(row))
    if isinstance(row, Series):
        for participant in participants():
            uses += [Use(what, count) for what, count in participant.uses(row).items()]
    return [use for use in uses if use.count]


def _referring(row: Model) -> Iterator[Use]:
    # Hidden ones too: most rows that refer to a definition have no name for the way back.
    for relation in row._meta.get_fields(include_hidden=True):
        model: Any = relation.related_model
        if not isinstance(relation, ManyToOneRel):
            continue
        if relation.on_delete is PROTECT or model is GroupMember:
            found = model._base_manager.filter(**{relation.field.name: row.pk})
            what = str(model._meta.verbose_name_plural)
            yield Use(what, found.order_by()[: MOST_COUNTED + 1].count())
