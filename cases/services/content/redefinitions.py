"""Redefinitions of an indicator: how its file lists them, and how they are stored and read back.

    redefined:
    - since: 2019-Q1
      before: {zh-hans: …, en: …}
      comparable: {en: …}

The indicator's own definition is the newest; each entry keeps the text that it took the place of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import override

from cases.markup.document import LANGUAGES
from cases.markup.yaml_reader import Fields, Place, sequence
from cases.services.content.record import Data, Record, compact
from cases.services.content.schema import translated
from metrics.models import Change, Indicator, Redefinition
from metrics.services.redefining import Redefined, replace_redefinitions
from metrics.services.redefinitions import first_day
from metrics.services.stale import Targets
from metrics.stats.periods import Period

MOST: Final = 50


def read_redefined(fields: Fields, name: str) -> list[Data]:
    """The entries in order of time; a fault names the line and what is expected there."""
    what = f"{name!r} of {fields.what}"
    found: list[Data] = []
    for node in sequence(fields.nodes[name], fields.place, what, MOST):
        entry = Fields(
            node,
            fields.place,
            what=f"an entry of {what}",
            required=("since", "before"),
            optional=("comparable",),
        )
        found.append(_entry(entry, entry.place, found))
    return found


def _entry(entry: Fields, place: Place, earlier: list[Data]) -> Data:
    since = entry.value("since", _first_period)
    if earlier and first_day(since) <= first_day(earlier[-1]["since"]):
        message = f"expected 'since' of {entry.what} to be after {earlier[-1]['since']}"
        raise place.fault(f"{message}, not {since!r}", entry.nodes["since"].start_mark)
    return compact(
        (
            ("since", since),
            ("before", translated(5_000)(entry, "before")),
            (
                "comparable",
                translated(5_000, both=False)(entry, "comparable") if "comparable" in entry else {},
            ),
        )
    )


def _first_period(code: str) -> str:
    with override("en"):  # the language of the files' messages
        first_day(code)
    return Period.parse(code).code


def write_redefined(records: Iterable[Record], change: Change) -> tuple[set[int], Targets]:
    """The redefinitions that indicators of the content list, by the change that publishes them."""
    listed = {record.key: record.data.get("redefined", []) for record in records}
    ids = Indicator.objects.filter(key__in=listed).values_list("pk", "key")
    return replace_redefinitions(
        {pk: [_stated(data) for data in listed[key]] for pk, key in ids}, change
    )


def _stated(data: Data) -> Redefined:
    texts = {
        name: {code.replace("-", "_"): text for code, text in data.get(name, {}).items()}
        for name in ("before", "comparable")
    }
    return Redefined(data["since"], **texts)


def stored_redefined() -> dict[int, list[Data]]:
    """What stands now, by indicator id."""
    found: dict[int, list[Data]] = defaultdict(list)
    for row in Redefinition.objects.current().order_by("indicator_id", "version"):
        entry: tuple[tuple[str, Any], ...] = (
            ("since", row.since),
            ("before", _both(row, "before")),
            ("comparable", _both(row, "comparable")),
        )
        found[row.indicator_id].append(compact(entry))
    return found


def _both(row: Redefinition, name: str) -> dict[str, str]:
    return compact((code, getattr(row, f"{name}_{code.replace('-', '_')}")) for code in LANGUAGES)


def redefines(records: Iterable[Record]) -> bool:
    """Whether any of these indicators lists other redefinitions than those that stand."""
    listed = {record.key: record.data.get("redefined", []) for record in records}
    stored = stored_redefined()
    ids = Indicator.objects.filter(key__in=listed).values_list("key", "pk")
    return any(listed[key] != stored.get(pk, []) for key, pk in ids)
