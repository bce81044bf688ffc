"""The admin of data: definitions, values by releases, and what the machinery does."""

from metrics.admin.consistency import ConsistencyCheckAdmin
from metrics.admin.definitions import (
    EntityAdmin,
    EventAdmin,
    IndicatorAdmin,
    SeriesAdmin,
    SourceAdmin,
    UnitAdmin,
)
from metrics.admin.import_layouts import ImportLayoutAdmin
from metrics.admin.imports import ImportBatchAdmin
from metrics.admin.machinery import (
    ChangeAdmin,
    DerivedValueAdmin,
    RefreshRunAdmin,
    RuleVersionAdmin,
    SeriesSummaryAdmin,
    StaleSeriesAdmin,
)
from metrics.admin.observations import ObservationAdmin
from metrics.admin.redactions import ValueRedactionAdmin
from metrics.admin.releases import ReleaseAdmin
from metrics.admin.rules import GroupAdmin, RuleAdmin

__all__ = [
    "ChangeAdmin",
    "ConsistencyCheckAdmin",
    "DerivedValueAdmin",
    "EntityAdmin",
    "EventAdmin",
    "GroupAdmin",
    "ImportBatchAdmin",
    "ImportLayoutAdmin",
    "IndicatorAdmin",
    "ObservationAdmin",
    "RefreshRunAdmin",
    "ReleaseAdmin",
    "RuleAdmin",
    "RuleVersionAdmin",
    "SeriesAdmin",
    "SeriesSummaryAdmin",
    "SourceAdmin",
    "StaleSeriesAdmin",
    "UnitAdmin",
    "ValueRedactionAdmin",
]
