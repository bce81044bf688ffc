"""What must stay as it is once values are stated in it."""

from __future__ import annotations

from collections.abc import Iterable

from cases.services.content.problems import Problem
from cases.services.content.record import Record
from metrics.models import Indicator, Observation


def unit_faults(records: Iterable[Record]) -> list[Problem]:
    """Indicators whose unit would change under the values that are stated in it. One query."""
    wanted = {record.key: record for record in records}
    stated = Observation.objects.filter(
        series__indicator__in=Indicator.objects.filter(key__in=wanted)
    )
    measured = Indicator.objects.filter(pk__in=stated.values("series__indicator"))
    return [
        Problem(
            wanted[key].file,
            wanted[key].line_of("unit"),
            f"values of {key} are stated in {unit}, not {wanted[key].data['unit']}; "
            f"expected {unit} here, or another indicator for the new unit",
        )
        for key, unit in measured.values_list("key", "unit__key")
        if wanted[key].data["unit"] != unit
    ]
