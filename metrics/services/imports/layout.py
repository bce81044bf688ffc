"""The layout as it was at the upload: plain values, kept with the batch."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from metrics.models import ImportLayout


@dataclass(frozen=True, slots=True)
class FrozenLayout:
    """The fields of ImportLayout, with what they point to by id and by key."""

    slug: str
    file_kind: str
    encoding: str
    delimiter: str
    sheet: str
    header_row: int
    shape: str
    headers: str
    columns: dict[str, str]
    indicator_id: int | None
    indicator_key: str
    source_id: int | None
    frequency: str
    period_format: str
    scale: int
    decimal_mark: str
    thousands_mark: str
    precision: str
    missing_markers: list[str]
    missing: str
    missing_reason: str
    entity_codes: str
    entities: dict[str, str]
    indicators: dict[str, str]
    unknown_entities: str
    complete: bool
    preferred: bool
    mode: str

    @property
    def is_wide(self) -> bool:
        return self.shape == "wide"

    @property
    def is_backfill(self) -> bool:
        return self.mode == "backfill"

    @property
    def creates(self) -> bool:
        """Whether entities and series that are not known are proposed."""
        return self.unknown_entities == "create" and not self.is_backfill


def freeze_layout(layout: ImportLayout) -> dict[str, Any]:
    """What `thaw_layout` makes a FrozenLayout of, fit for JSON."""
    named: dict[str, Any] = {f.name: getattr(layout, f.name, None) for f in fields(FrozenLayout)}
    named["indicator_key"] = layout.indicator.key if layout.indicator else ""
    return asdict(FrozenLayout(**named))


def thaw_layout(frozen: dict[str, Any]) -> FrozenLayout:
    return FrozenLayout(**frozen)
