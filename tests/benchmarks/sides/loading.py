"""A file of values into the observations: ours, and what others do with the same file."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.db import connection, transaction

from metrics.models import Change, ImportBatch, ImportLayout, Observation, Series, Source
from metrics.services.imports.checking import check_import
from metrics.services.imports.publishing import publish_import
from metrics.services.imports.uploading import upload_file
from metrics.services.refresh import refresh_all
from metrics.stats.periods import Period
from tests.benchmarks.sides.panel import Counted, folder
from tests.metrics.factories import NOW, make_release

BATCH = 5000
COLUMNS = """series_id, period, period_start, period_end, value, stated, resolution, lower, upper,
    qualifier, status, null_reason, locator, note, preferred, seq_from, source_id, release_id"""


def ours(files: list[str], rows: int) -> Iterator[Counted]:
    """Uploaded, checked, published: as through the admin."""
    layout = ImportLayout.objects.get()
    yield None
    for file in files:
        _import(folder() / file, layout)
    yield {"items": rows}


def ours_again(file: str, first: str, rows: int) -> Iterator[Counted]:
    """The same, over what the first file brought."""
    layout = ImportLayout.objects.get()
    _import(folder() / first, layout)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    before = Observation.objects.count()
    yield None
    _import(folder() / file, layout)
    # the count itself costs time of ours: a small part
    yield {"items": rows, "written": Observation.objects.count() - before}


def ours_and_refreshed(file: str, rows: int) -> Iterator[Counted]:
    """A file of changes, imported and worked off until nothing is stale."""
    layout = ImportLayout.objects.get()
    yield None
    assert _import(folder() / file, layout).changed == rows
    refresh_all(now=NOW)
    yield {"items": rows}


def _import(path: Path, layout: ImportLayout) -> ImportBatch:
    with path.open("rb") as file:
        uploaded = upload_file(File(file, name=path.name), path.name, layout=layout,
                               actor=None, now=NOW)  # fmt: skip
    batch = check_import(uploaded.pk, now=NOW)
    if batch.state == ImportBatch.State.STAGED:
        publish_import(batch, actor=None, now=NOW)
    elif batch.state != ImportBatch.State.UNCHANGED:
        raise AssertionError(batch.state)
    return batch


def copy(files: list[str], rows: int) -> Iterator[Counted]:
    """COPY of finished rows: no check, no version, the rows made before the clock starts."""
    finished = [folder() / f"{file}.copy" for file in files]
    release, source = make_release(), Source.objects.get()
    ids = dict(Series.objects.values_list("key", "pk"))
    for file, out in zip(files, finished, strict=True):
        _write_finished(folder() / file, out, ids, f"1\t{source.pk}\t{release.pk}")
    yield None
    for out in finished:
        _copy(out)
    yield {"items": rows}


def _write_finished(path: Path, finished: Path, ids: dict[str, int], end: str) -> None:
    days: dict[str, str] = {}
    with path.open() as lines, finished.open("w") as out:
        next(lines)
        for line in lines:
            key, period, value = line.rstrip().split(",")
            if period not in days:
                parsed = Period.parse(period)
                days[period] = f"{parsed.start}\t{parsed.end}"
            out.write(
                f"{ids[key]}\t{period}\t{days[period]}\t{value}\t\t1\t{int(value) - 0.5}\t"
                f"{int(value) + 0.5}\texact\tA\t\t\t\tt\t{end}\n"
            )


def _copy(finished: Path) -> None:
    statement = f"COPY metrics_observation ({COLUMNS}) FROM STDIN"
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        finished.open("rb") as file,
        cursor.copy(statement) as stream,
    ):
        while block := file.read(1 << 18):
            stream.write(block)


def bulk_create(file: str, rows: int) -> Iterator[Counted]:
    """The model's own bulk_create, by thousands, in one transaction; nothing checked."""
    release, source = make_release(), Source.objects.get()
    seq = Change.objects.latest_seq()
    yield None
    ids = dict(Series.objects.values_list("key", "pk"))
    with transaction.atomic(), (folder() / file).open() as lines:
        made = (
            _observation(row, ids, source_id=source.pk, release_id=release.pk, seq_from=seq)
            for row in csv.DictReader(lines)
        )
        while part := list(islice(made, BATCH)):
            Observation.objects.bulk_create(part)
    yield {"items": rows}


def _observation(row: dict[str, str], ids: dict[str, int], **fixed: Any) -> Observation:
    period, value = Period.parse(row["period"]), Decimal(row["value"])
    half = Decimal("0.5")
    return Observation(
        series_id=ids[row["series"]],
        period=period.code,
        period_start=period.start,
        period_end=period.end,
        value=value,
        resolution=1,
        lower=value - half,
        upper=value + half,
        **fixed,
    )


def import_export(file: str, rows: int) -> Iterator[Counted]:
    """django-import-export in bulk mode, with its own checks of the same columns."""
    from import_export import resources
    from tablib import Dataset

    release, source = make_release(), Source.objects.get()
    fixed = {"source_id": source.pk, "release_id": release.pk, "seq_from": 1}

    class ObservationResource(resources.ModelResource):  # type: ignore[misc]
        class Meta:
            model = Observation
            fields = ("series", "period", "value")
            import_id_fields = ("series", "period")
            use_bulk = True
            batch_size = BATCH
            skip_diff = True
            skip_html_diff = True
            force_init_instance = True
            report_skipped = False

        def before_import(self, dataset: Any, **kwargs: Any) -> None:
            self.ids = dict(Series.objects.values_list("key", "pk"))

        def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
            made = _observation(row, self.ids, **fixed)
            instance.__dict__.update({k: v for k, v in made.__dict__.items() if k != "_state"})

        def before_import_row(self, row: Any, **kwargs: Any) -> None:
            if row["series"] not in self.ids:
                raise ValueError(row["series"])

    yield None
    with (folder() / file).open() as lines:
        dataset = Dataset().load(lines, format="csv")
    result = ObservationResource().import_data(dataset, raise_errors=True)
    assert not result.has_errors()
    assert Observation.objects.count() == rows
    yield {"items": rows}


def pandas(files: list[str], rows: int) -> Iterator[Counted]:
    """Read, joined and filled in by pandas, then COPY."""
    import pandas as pd

    release, source = make_release(), Source.objects.get()
    yield None
    ids = dict(Series.objects.values_list("key", "pk"))
    for file in files:
        _copy(_finished_by_pandas(pd.read_csv(folder() / file), ids, source.pk, release.pk))
    yield {"items": rows}


def _finished_by_pandas(frame: Any, ids: dict[str, int], source: int, release: int) -> Path:
    import pandas as pd

    frame["series_id"] = frame.pop("series").map(ids)
    months = pd.PeriodIndex(frame["period"].unique(), freq="M")
    names = months.strftime("%Y-%m")
    for column, days in (("period_start", months.start_time), ("period_end", months.end_time)):
        by_name = dict(zip(names, days.strftime("%Y-%m-%d"), strict=True))
        frame[column] = frame.period.map(by_name)
    frame["lower"], frame["upper"] = frame.value - 0.5, frame.value + 0.5
    _refuse(frame.isna().to_numpy().any() or frame.duplicated(["series_id", "period"]).any())
    fixed = {"stated": "", "resolution": 1, "qualifier": "exact", "status": "A", "null_reason": "",
             "locator": "", "note": "", "preferred": "t", "seq_from": 1, "source_id": source,
             "release_id": release}  # fmt: skip
    frame = frame.assign(**fixed)[[name.strip() for name in COLUMNS.split(",")]]
    frame.to_csv(folder() / "pandas.copy", sep="\t", header=False, index=False)
    return folder() / "pandas.copy"


def polars(files: list[str], rows: int) -> Iterator[Counted]:
    """Read, joined and filled in by polars, then COPY."""
    import polars as pl

    release, source = make_release(), Source.objects.get()
    yield None
    ids = Series.objects.values_list("key", "pk")
    keys = pl.DataFrame(list(ids), schema=["series", "series_id"], orient="row")
    for file in files:
        _copy(_finished_by_polars(pl.read_csv(folder() / file), keys, source.pk, release.pk))
    yield {"items": rows}


def _finished_by_polars(frame: Any, keys: Any, source: int, release: int) -> Path:
    import polars as pl

    frame = frame.join(keys, on="series", how="left", maintain_order="left")
    first = pl.col("period").str.to_date("%Y-%m", strict=False)
    frame = frame.with_columns(
        first.alias("period_start"),
        first.dt.month_end().alias("period_end"),
        (pl.col("value") - 0.5).alias("lower"),
        (pl.col("value") + 0.5).alias("upper"),
    )
    slots = frame.select("series_id", "period")
    _refuse(any(frame.null_count().row(0)) or slots.is_duplicated().any())
    fixed = {"stated": "", "resolution": 1, "qualifier": "exact", "status": "A", "null_reason": "",
             "locator": "", "note": "", "preferred": "t", "seq_from": 1, "source_id": source,
             "release_id": release}  # fmt: skip
    frame = frame.with_columns(*(pl.lit(said).alias(name) for name, said in fixed.items()))
    finished = frame.select(name.strip() for name in COLUMNS.split(","))
    finished.write_csv(folder() / "polars.copy", separator="\t", include_header=False,
                       quote_style="never")  # fmt: skip
    return folder() / "polars.copy"


def _refuse(is_wrong: bool) -> None:
    if is_wrong:
        raise ValueError("the file has gaps or doubles")
