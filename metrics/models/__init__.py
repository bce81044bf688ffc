"""Data: sources, series, observations, rules, releases."""

from metrics.models.derived import (
    ConsistencyCheck,
    DerivedValue,
    RefreshRun,
    SeriesSummary,
    StaleSeries,
)
from metrics.models.event import Event
from metrics.models.import_batch import (
    ImportBatch,
    ImportProblem,
    ProposedEntity,
    ProposedSeries,
)
from metrics.models.import_layout import ImportLayout
from metrics.models.import_row import ImportDifference, ImportRow
from metrics.models.observation import (
    DatedValue,
    NullReason,
    Observation,
    Qualifier,
    StatedValue,
    Status,
)
from metrics.models.preference import Preference
from metrics.models.redaction import TwoPersonAct, ValueRedaction
from metrics.models.redefinition import Redefinition
from metrics.models.reference import Entity, Indicator, Source, Unit
from metrics.models.release import Change, Release, StagedObservation
from metrics.models.release_preview import ReleasePreview
from metrics.models.rule import Rule, RuleInput, RuleVersion
from metrics.models.series import Group, GroupMember, Series
from metrics.models.told import DefinitionEdit, DerivedGone, DerivedTick

__all__ = [
    "Change",
    "ConsistencyCheck",
    "DatedValue",
    "DefinitionEdit",
    "DerivedGone",
    "DerivedTick",
    "DerivedValue",
    "Entity",
    "Event",
    "Group",
    "GroupMember",
    "ImportBatch",
    "ImportDifference",
    "ImportLayout",
    "ImportProblem",
    "ImportRow",
    "Indicator",
    "NullReason",
    "Observation",
    "Preference",
    "ProposedEntity",
    "ProposedSeries",
    "Qualifier",
    "Redefinition",
    "RefreshRun",
    "Release",
    "ReleasePreview",
    "Rule",
    "RuleInput",
    "RuleVersion",
    "Series",
    "SeriesSummary",
    "Source",
    "StagedObservation",
    "StaleSeries",
    "StatedValue",
    "Status",
    "TwoPersonAct",
    "Unit",
    "ValueRedaction",
]
