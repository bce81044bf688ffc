"""What a layout must say before a file can be read by it: messages by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from metrics.models.import_layout import ImportLayout

# What a column may be; each at most once.
ROLES = (
    "series",
    "entity",
    "entity_name",
    "indicator",
    "period",
    "value",
    "stated",
    "qualifier",
    "status",
    "null_reason",
    "source",
    "locator",
    "note",
    "vintage_on",
)
# What the header cells or the cells below them say in a wide file.
_WIDE_CELLS = {"value", "stated"}


def contradictions(layout: ImportLayout) -> dict[str, Any]:
    """Everything that is missing, doubled or contradictory, by the name of the field."""
    errors: dict[str, Any] = {}
    columns = layout.columns
    if not _is_mapping(columns):
        return {"columns": _("expected roles and headers, such as {“value”: “Value”}")}
    unknown = [role for role in columns if role not in ROLES]
    if unknown:
        errors["columns"] = _("unknown role “%(role)s”; expected one of %(roles)s") % {
            "role": unknown[0],
            "roles": ", ".join(ROLES),
        }
        return errors
    if lacking := _lacking(layout, set(columns)):
        errors["columns"] = _("no column for: %(roles)s") % {"roles": ", ".join(lacking)}
    elif len(set(columns.values())) < len(columns):
        errors["columns"] = _("one header is given for two roles")
    errors |= _marks(layout) | _mappings(layout) | _fixed(layout, set(columns))
    return errors


def _is_mapping(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(key, str) and isinstance(text, str) and text for key, text in value.items()
    )


def _lacking(layout: ImportLayout, roles: set[str]) -> list[str]:
    """Roles that neither a column nor a fixed value fills."""
    wide = layout.headers if layout.shape == "wide" else ""
    lacking = []
    if wide != "series" and "series" not in roles:
        if "entity" not in roles:
            lacking.append("entity")
        if wide != "indicators" and not layout.indicator_id and "indicator" not in roles:
            lacking.append("indicator")
    if wide != "periods" and "period" not in roles:
        lacking.append("period")
    if not wide and not roles & _WIDE_CELLS:
        lacking.append("value")
    if not layout.source_id and "source" not in roles:
        lacking.append("source")
    return lacking


def _marks(layout: ImportLayout) -> dict[str, Any]:
    errors: dict[str, Any] = {}
    if layout.decimal_mark == layout.thousands_mark:
        errors["thousands_mark"] = _("expected another mark than that of decimals")
    markers = layout.missing_markers
    if not isinstance(markers, list) or not all(isinstance(text, str) for text in markers):
        errors["missing_markers"] = _("expected a list of texts, such as [“”, “..”, “NA”]")
    return errors


def _mappings(layout: ImportLayout) -> dict[str, Any]:
    return {
        name: _("expected codes and keys, such as {“CHN”: “china”}")
        for name in ("entities", "indicators")
        if not _is_mapping(getattr(layout, name))
    }


def _fixed(layout: ImportLayout, roles: set[str]) -> dict[str, Any]:
    """Fixed values beside a column for the same, and modes that exclude each other."""
    errors: dict[str, Any] = {}
    for name in ("indicator", "source"):
        if getattr(layout, f"{name}_id") and name in roles:
            errors[name] = _("given for the whole file and as a column; expected one of them")
    if layout.shape == "wide" and roles & _WIDE_CELLS:
        errors["shape"] = _("a wide file has no column for the value")
    if layout.mode == "backfill" and layout.complete:
        errors["complete"] = _("a file of past vintages withdraws nothing")
    return errors
