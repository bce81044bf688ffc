"""What sources do not let us offer for download: hidden before anything is computed of it.

Single figures of such a source are quoted on pages; a file says in their place that they are
restricted, with source and period. What a rule makes of them is hidden too, since a share and its
whole, or a formula, would give them away; and a transform of a hidden value has nothing to take.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import connection

from metrics.models import NullReason, Source
from metrics.selectors.observation_rows import Material
from metrics.selectors.statements import Statement
from metrics.selectors.values import Value
from metrics.stats.bounds import Figure
from metrics.stats.periods import Period

_HIDDEN: Final = Figure.missing(NullReason.RESTRICTED)
_TAINTED: Final = """
    WITH RECURSIVE taken AS (
        SELECT i.output_id, i.input_id FROM metrics_ruleinput i
        WHERE i.output_id = ANY(%(series)s) AND {edge}
        UNION
        SELECT t.output_id, i.input_id FROM taken t
        JOIN metrics_ruleinput i ON i.output_id = t.input_id AND {edge}
    )
    SELECT DISTINCT output_id FROM taken
    WHERE EXISTS (
        SELECT FROM metrics_observation o JOIN metrics_source s ON s.id = o.source_id
        WHERE o.series_id = taken.input_id AND o.preferred AND {row}
          AND NOT s.redistributable AND o.value IS NOT NULL)
"""
_STANDS: Final = """{alias}.seq_from <= %(seq)s AND ({alias}.seq_to IS NULL
    OR {alias}.seq_to > %(seq)s)"""
_IS_CURRENT: Final = "{alias}.seq_to IS NULL"


@dataclass(frozen=True, slots=True)
class Restricted:
    """Slugs of sources whose values are hidden, and ids of series derived from such values."""

    sources: frozenset[str]
    series_ids: frozenset[int]

    def hidden(self, material: Material) -> Material:
        """The same material without what is restricted."""
        if not self.sources:
            return material
        stated = {
            pk: [self._statement(one) for one in told] for pk, told in material.stated.items()
        }
        derived = {pk: self._derived(pk, values) for pk, values in material.derived.items()}
        return replace(material, stated=stated, derived=derived)

    def _statement(self, one: Statement) -> Statement:
        if one.source not in self.sources or one.value.figure.is_missing:
            return one
        value = replace(one.value, figure=_HIDDEN, stated="", resolution=None, note="")
        return replace(one, value=replace(value, qualifier="exact"))

    def _derived(self, pk: int, values: Mapping[Period, Value]) -> dict[Period, Value]:
        if pk not in self.series_ids:
            return dict(values)
        return {
            period: replace(value, figure=_HIDDEN, qualifier="exact")
            for period, value in values.items()
        }


def restricted_of(series_ids: Collection[int], seq: int | None = None) -> Restricted:
    """What is restricted of the series at a seq (None: now). Two queries."""
    sources = Source.objects.filter(redistributable=False).values_list("slug", flat=True)
    slugs = frozenset(sources)
    return Restricted(slugs, _tainted(series_ids, seq) if slugs else frozenset())


def _tainted(series_ids: Collection[int], seq: int | None) -> frozenset[int]:
    """Those that rules make of restricted values, all the way down."""
    template = _IS_CURRENT if seq is None else _STANDS
    statement = _TAINTED.format(edge=template.format(alias="i"), row=template.format(alias="o"))
    asked: dict[str, Any] = {"series": list(series_ids), "seq": seq}
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return frozenset(pk for (pk,) in cursor.fetchall())
