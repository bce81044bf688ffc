"""The columns of the table that every file of values holds, and what they mean."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from metrics.models import NullReason, Qualifier, Status
from metrics.selectors.question import UNITS_CODES


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its type as Table Schema has it, what it says, what it may hold."""

    name: str
    type: str
    about: Any
    constraints: dict[str, Any] = field(default_factory=dict)


_REQUIRED = {"required": True}


def _one_of(values: Any, **more: Any) -> dict[str, Any]:
    return {"enum": list(values), **more}


# The names are those of the API; then the transform, then words in a language. No `valid_to`: of
# what stood at the seq of the file nobody knew an end, and telling a later one would change bytes.
DATA_COLUMNS = (
    Column("series", "string", _("Key of the series"), _REQUIRED),
    Column("period", "string", _("Period: 2018, 2018-Q4, 2018-12, 2007/2018, undated"), _REQUIRED),
    Column("units", "string", _("Transform of the value; lin: as it is"),
           _one_of(UNITS_CODES, required=True)),
    Column("period_start", "date", _("First day of the period")),
    Column("period_end", "date", _("Last day of the period")),
    Column("value", "number", _("Value in the unit, exact; empty where there is none")),
    Column("stated", "string", _("The figure as its source prints it")),
    Column("resolution", "number", _("One unit of the last significant digit stated")),
    Column("lower", "number", _("Lower bound; empty: none")),
    Column("upper", "number", _("Upper bound; empty: none")),
    Column("qualifier", "string", _("How the figure is hedged: over, under, nearly, about"),
           _one_of(Qualifier.values, required=True)),
    Column("status", "string", _("SDMX: A normal, E derived, F forecast, I implied, M missing"),
           _one_of(Status.values, required=True)),
    Column("null_reason", "string", _("Why there is no value"), _one_of(NullReason.values)),
    Column("unit", "string", _("Key of the unit; empty where a transform leaves none")),
    Column("source", "string", _("Key of the source that states the value")),
    Column("locator", "string", _("Place in the source")),
    Column("vintage_on", "date", _("Day on which the source published the value")),
    Column("valid_from", "datetime", _("Readers saw the value from this instant")),
    Column("rule", "string", _("Key of the rule or steps that made a value nobody states")),
    Column("series_name", "string", _("Name of the series"), _REQUIRED),
    Column("period_name", "string", _("Period in words"), _REQUIRED),
    Column("unit_name", "string", _("Name of the unit")),
    Column("source_title", "string", _("Title of the source")),
)  # fmt: skip
DATA_KEY = ("series", "period", "units")
SERIES_COLUMNS = (
    Column("series", "string", _("Key of the series"), {"required": True, "unique": True}),
    Column("name", "string", _("Name of the series"), _REQUIRED),
    Column("entity", "string", _("Key of the entity"), _REQUIRED),
    Column("entity_name", "string", _("Name of the entity"), _REQUIRED),
    Column("indicator", "string", _("Key of the indicator"), _REQUIRED),
    Column("indicator_name", "string", _("Name of the indicator"), _REQUIRED),
    Column("definition", "string", _("What is measured")),
    Column("definition_version", "integer", _("Version of the definition"), _REQUIRED),
    Column("nature", "string", _("What kind of quantity it is"), _REQUIRED),
    Column("frequency", "string", _("Frequency: A, S, Q, M, W, D"), _REQUIRED),
    Column("unit", "string", _("Key of the unit"), _REQUIRED),
    Column("unit_name", "string", _("Name of the unit"), _REQUIRED),
    Column("url", "string", _("Page of the series")),
)
SOURCE_COLUMNS = (
    Column("source", "string", _("Key of the source"), {"required": True, "unique": True}),
    Column("title", "string", _("Title of the source"), _REQUIRED),
    Column("publisher", "string", _("Publisher")),
    Column("kind", "string", _("Kind of source"), _REQUIRED),
    Column("published_on", "date", _("Published on")),
    Column("licence", "string", _("Licence, as far as the source states one")),
    Column("redistributable", "boolean", _("Whether its figures may be offered for download"),
           _REQUIRED),
    Column("url", "string", _("Address of the source")),
)  # fmt: skip
