"""Bringing the redefinitions of indicators to a list of them, inside a publication."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from metrics.models import Change, Redefinition, Series
from metrics.selectors.breaks import computed_from
from metrics.services.stale import Targets
from metrics.stats.periods import Period


@dataclass(frozen=True, slots=True)
class Redefined:
    """A redefinition as a list states it; its place in the list gives its version, from 2 on.

    `since` is the code of the first period; `before` and `comparable` are texts by column suffix
    ("zh_hans", "en"), `comparable` empty where values before and since are not compared.
    """

    since: str
    before: Mapping[str, str]
    comparable: Mapping[str, str]

    def columns(self) -> dict[str, object]:
        texts = {"before": self.before, "comparable": self.comparable}
        return {
            "since": self.since,
            "since_on": Period.parse(self.since).start,
            **{
                f"{name}_{code}": said.get(code, "")
                for name, said in texts.items()
                for code in ("zh_hans", "en")
            },
        }


def replace_redefinitions(
    wanted: Mapping[int, Sequence[Redefined]], change: Change
) -> tuple[set[int], Targets]:
    """Make the lists, by indicator id, what stands from `change` on; the past keeps what stood.

    Rows that stand as listed are left alone. The version of each indicator is the caller's to set.
    Returns the series whose values may compare otherwise, and what is to be computed again. Two
    queries where nothing differs.
    """
    rows = Redefinition.objects.current().filter(indicator__in=wanted).select_for_update()
    standing = {(row.indicator_id, row.version): row for row in rows.order_by("pk")}
    listed = {
        (indicator_id, version): redefined.columns()
        for indicator_id, several in wanted.items()
        for version, redefined in enumerate(several, start=2)
    }
    closed = [row for slot, row in standing.items() if not _stands(row, listed.get(slot))]
    kept = standing.keys() - {(row.indicator_id, row.version) for row in closed}
    opened = [slot for slot in listed if slot not in kept]
    Redefinition.objects.filter(pk__in=[row.pk for row in closed]).update(seq_to=change.seq)
    Redefinition.objects.bulk_create(
        Redefinition(
            indicator_id=indicator_id,
            version=version,
            seq_from=change.seq,
            **listed[indicator_id, version],
        )
        for indicator_id, version in opened
    )
    return _affected({row.indicator_id for row in closed} | {pk for pk, _version in opened})


def _stands(row: Redefinition, columns: Mapping[str, object] | None) -> bool:
    return columns is not None and all(
        getattr(row, name) == value for name, value in columns.items()
    )


def _affected(indicator_ids: Collection[int]) -> tuple[set[int], Targets]:
    if not indicator_ids:
        return set(), Targets()
    own = set(Series.objects.filter(indicator__in=indicator_ids).values_list("pk", flat=True))
    series = own | computed_from(own)
    return series, Targets(series=series)
