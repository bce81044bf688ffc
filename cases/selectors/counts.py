"""How much there is: the numbers of the home page."""

from dataclasses import dataclass

from metrics.models import DerivedValue, Entity, Observation, Series, Source


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows that readers can follow back to a source."""

    series: int
    observations: int
    derived: int
    entities: int
    sources: int


def counts() -> Counts:
    """Five queries."""
    return Counts(
        series=Series.objects.count(),
        observations=Observation.objects.current().preferred().count(),
        derived=DerivedValue.objects.filter(value__isnull=False).count(),
        entities=Entity.objects.filter(series__isnull=False).distinct().count(),
        sources=Source.objects.count(),
    )
