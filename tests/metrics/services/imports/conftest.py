"""Files in memory, layouts as editors save them, and an import from upload to publication."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from metrics.models import ImportBatch, ImportLayout, ImportProblem
from metrics.services.imports.checking import check_import
from metrics.services.imports.publishing import publish_import
from metrics.services.imports.uploading import upload_file
from tests.metrics.factories import NOW, IndicatorFactory, SourceFactory

DATA = Path(__file__).resolve().parents[3] / "data"
PER_ENTITY = {"entity": "entity", "period": "period", "value": "value"}


def make_layout(slug: str = "revenue", **fields: Any) -> ImportLayout:
    """A layout of a long file with the columns entity, period and value, unless told otherwise."""
    if "columns" not in fields:
        fields["columns"] = PER_ENTITY
    if not {"series", "indicator"} & set(fields["columns"]) and fields.get("headers") != "series":
        fields.setdefault("indicator", IndicatorFactory(key="revenue", nature="flow"))
    if "source" not in fields["columns"]:
        fields.setdefault("source", SourceFactory())
    layout = ImportLayout(slug=slug, name_zh_hans=slug, name_en=slug, **fields)
    layout.full_clean(exclude=["missing_markers"])
    layout.save()
    return layout


def uploaded(
    layout: ImportLayout, content: str | bytes, name: str = "file.csv", **more: Any
) -> ImportBatch:
    data = content.encode() if isinstance(content, str) else content
    more.setdefault("actor", None)
    more.setdefault("now", NOW)
    return upload_file(ContentFile(data), name, layout=layout, **more)


def checked(
    layout: ImportLayout, content: str | bytes, name: str = "file.csv", **more: Any
) -> ImportBatch:
    return check_import(uploaded(layout, content, name, **more).pk, now=NOW)


def imported(
    layout: ImportLayout,
    content: str | bytes,
    name: str = "file.csv",
    *,
    now: datetime = NOW,
    kind: str = "new",
    **more: Any,
) -> ImportBatch:
    """Uploaded, checked and published by the system."""
    batch = checked(layout, content, name, **more)
    assert batch.state == "staged", problems(batch)
    publish_import(batch, actor=None, now=now, kind=kind)
    batch.refresh_from_db()
    return batch


def problems(batch: ImportBatch) -> list[tuple[int, str, str, str]]:
    """What is wrong: row, column, cell, code."""
    rows = ImportProblem.objects.filter(batch=batch)
    return [(row.row, row.column, row.cell, row.code) for row in rows.order_by("id")]


@pytest.fixture(autouse=True)
def private_files(tmp_path: Path, settings: Any) -> None:
    """Uploads of a test end with it."""
    storages = dict(settings.STORAGES)
    options = {"location": tmp_path / "imports", "file_permissions_mode": 0o600}
    storages["imports"] = storages["imports"] | {"OPTIONS": options}
    settings.STORAGES = storages


@pytest.fixture
def gdp() -> Callable[[], bytes]:
    return lambda: (DATA / "world-bank-gdp.csv").read_bytes()
