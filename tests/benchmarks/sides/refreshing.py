"""Shares, ranks and summaries of the whole panel, or of what changed: by our workers alone or two
together, and by pipelines of pandas and polars that write the same rows into the same tables.
"""

import io
import subprocess
import sys
from collections.abc import Iterator

from django.db import connection, transaction

from metrics.models import Change, DerivedValue, Series, SeriesSummary, StaleSeries
from metrics.services.refresh import refresh_all
from tests.benchmarks.sides.panel import MONTHS, Counted, code, folder, key
from tests.metrics.factories import NOW, publish

DERIVED = """series_id, period, period_start, period_end, value, lower, upper, null_reason,
    rule_version_id, computed_seq"""
SUMMARY = """series_id, latest_period, latest_value, previous_period, previous_value, change,
    change_reason, year_on_year, year_on_year_reason, cagr, cagr_reason, minimum, maximum, mean,
    mean_reason, volatility, volatility_reason, count, nature, first_period, computed_seq"""
# The parts of each rule with what is made of them.
EDGES = """
    SELECT i.input_id AS part, i.output_id AS output, v.id AS version, r.kind, r.group_id
    FROM metrics_ruleinput i JOIN metrics_ruleversion v ON v.id = i.version_id
    JOIN metrics_rule r ON r.id = v.rule_id
"""
VALUES = """
    SELECT series_id, period, period_start, period_end, value, lower, upper
    FROM metrics_observation WHERE seq_to IS NULL AND preferred
"""


def ours(workers: int = 1) -> Iterator[Counted]:
    """Work off what is marked, in this process or by some beside each other."""
    points = _points()
    yield None
    if workers == 1:
        refresh_all(now=NOW)
    else:
        _side_by_side(workers)
    assert not StaleSeries.objects.exists()
    yield {"items": points, "written": _made()}


def ours_after(changed: int, months: int = 1) -> Iterator[Counted]:
    """Work off what is marked after some series had their last months corrected."""
    rows = [
        (series, code(month), str(1000 + n))
        for n, series in enumerate(Series.objects.filter(key__in=[key(n) for n in range(changed)]))
        for month in range(MONTHS - months, MONTHS)
    ]
    publish(*rows, kind="correction", now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE metrics_observation, metrics_staleseries")
    yield None
    refresh_all(now=NOW)
    assert not StaleSeries.objects.exists()
    yield {"items": changed}


def _side_by_side(workers: int) -> None:
    command = [sys.executable, "-m", "django", "refresh_derived", "--verbosity", "0"]
    processes = [subprocess.Popen(command) for _ in range(workers)]
    if any(process.wait() for process in processes):
        raise AssertionError("a worker failed")


def _points() -> int:
    return Series.objects.filter(indicator__nature="flow").count() * MONTHS


def _made() -> int:
    return DerivedValue.objects.count() + SeriesSummary.objects.count()


def pandas() -> Iterator[Counted]:
    import numpy as np
    import pandas as pd

    points = _points()
    yield None

    frame, edges = (pd.read_csv(_read(query)) for query in (VALUES, EDGES))
    seq = Change.objects.latest_seq() + 1
    joined = frame.merge(edges, left_on="series_id", right_on="part")
    columns = joined.groupby(["group_id", "kind", "period"], sort=False)

    def share(column: "pd.DataFrame") -> "pd.DataFrame":
        return column.assign(
            value=column.value / column.value.sum() * 100,
            lower=column.lower / column.upper.sum() * 100,
            upper=column.upper / column.lower.sum() * 100,
        )

    def rank(column: "pd.DataFrame") -> "pd.DataFrame":
        lowers, uppers = np.sort(column.lower.to_numpy()), np.sort(column.upper.to_numpy())
        return column.assign(
            value=column.value.rank(method="min", ascending=False),
            lower=1 + len(column) - np.searchsorted(lowers, column.upper, side="right"),
            upper=len(column) - np.searchsorted(uppers, column.lower, side="left"),
        )

    made = pd.concat(
        (share if kind == "share" else rank)(column) for (_, kind, _), column in columns
    )
    made = made.assign(series_id=made.output, null_reason="", rule=made.version, seq=seq)
    order = ["series_id", "period", "period_start", "period_end", "value", "lower", "upper",
             "null_reason", "rule", "seq"]  # fmt: skip
    made[order].to_csv(folder() / "derived.csv", header=False, index=False)
    frame = frame.sort_values(["series_id", "period_start"])
    grouped = frame.groupby("series_id", sort=False)
    changes = grouped.value.pct_change() * 100
    last, first = grouped.tail(1).set_index("series_id"), grouped.head(1).set_index("series_id")
    previous = grouped.nth(-2).set_index("series_id")
    year_ago = grouped.nth(-13).set_index("series_id")
    span = (grouped.size() - 1) / 12
    summaries = pd.DataFrame(
        {
            "latest_period": last.period, "latest": last.value,
            "previous_period": previous.period, "previous": previous.value,
            "change": last.value - previous.value, "change_reason": "",
            "yoy": (last.value / year_ago.value - 1) * 100, "yoy_reason": "",
            "cagr": ((last.value / first.value) ** (1 / span) - 1) * 100, "cagr_reason": "",
            "minimum": grouped.value.min(), "maximum": grouped.value.max(),
            "mean": grouped.value.mean(), "mean_reason": "",
            "volatility": changes.groupby(frame.series_id).std(), "volatility_reason": "",
            "count": grouped.size(), "nature": "flow", "first": first.period, "seq": seq,
        }
    )  # fmt: skip
    summaries.to_csv(folder() / "summaries.csv", header=False)
    _write(seq)
    yield {"items": points, "written": _made()}


def polars() -> Iterator[Counted]:
    import polars as pl

    points = _points()
    yield None

    frame, edges = (pl.read_csv(_read(query), try_parse_dates=True) for query in (VALUES, EDGES))
    frame = frame.with_columns(pl.col("value", "lower", "upper").cast(pl.Float64))
    seq = Change.objects.latest_seq() + 1
    joined = frame.join(edges, left_on="series_id", right_on="part")
    over = ["group_id", "period"]
    shares = joined.filter(pl.col("kind") == "share").with_columns(
        (pl.col("value") / pl.col("value").sum().over(over) * 100).alias("value"),
        (pl.col("lower") / pl.col("upper").sum().over(over) * 100).alias("lower"),
        (pl.col("upper") / pl.col("lower").sum().over(over) * 100).alias("upper"),
    )
    members = pl.len().over(over)
    ranked = joined.filter(pl.col("kind") == "rank")
    ranks = ranked.with_columns(
        pl.col("value").rank("min", descending=True).over(over).cast(pl.Float64).alias("value"),
        # the values are whole and known to a half: only equal ones may change places
        pl.col("value").rank("min", descending=True).over(over).cast(pl.Float64).alias("lower"),
        (members + 1 - pl.col("value").rank("min").over(over)).cast(pl.Float64).alias("upper"),
    )
    made = pl.concat([shares, ranks.select(shares.columns)]).select(
        pl.col("output"), "period", "period_start", "period_end", "value", "lower", "upper",
        pl.lit("").alias("null_reason"), pl.col("version"), pl.lit(seq).alias("seq"),
    )  # fmt: skip
    made.write_csv(folder() / "derived.csv", include_header=False, quote_style="necessary")
    value, period = pl.col("value"), pl.col("period")
    summaries = frame.sort("series_id", "period_start").group_by("series_id").agg(
        period.last().alias("latest_period"), value.last().alias("latest"),
        period.get(-2).alias("previous_period"), value.get(-2).alias("previous"),
        (value.last() - value.get(-2)).alias("change"), pl.lit("").alias("change_reason"),
        ((value.last() / value.get(-13) - 1) * 100).alias("yoy"), pl.lit("").alias("yoy_reason"),
        (((value.last() / value.first()) ** (12 / (pl.len() - 1)) - 1) * 100).alias("cagr"),
        pl.lit("").alias("cagr_reason"), value.min().alias("minimum"), value.max().alias("maximum"),
        value.mean().alias("mean"), pl.lit("").alias("mean_reason"),
        (value.pct_change() * 100).std().alias("volatility"),
        pl.lit("").alias("volatility_reason"), pl.len().alias("count"),
        pl.lit("flow").alias("nature"), period.first().alias("first"), pl.lit(seq).alias("seq"),
    )  # fmt: skip
    summaries.write_csv(folder() / "summaries.csv", include_header=False)
    _write(seq)
    yield {"items": points, "written": _made()}


def _read(query: str) -> io.BytesIO:
    read = io.BytesIO()
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)") as rows,
    ):
        for block in rows:
            read.write(block)
    read.seek(0)
    return read


def _write(seq: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns, name in (
            ("metrics_derivedvalue", DERIVED, "derived.csv"),
            ("metrics_seriessummary", SUMMARY, "summaries.csv"),
        ):
            # an empty cell is an empty text, as in our own rows
            statement = f"COPY {table} ({columns}) FROM STDIN (FORMAT csv, NULL 'null')"
            with (folder() / name).open("rb") as file, cursor.copy(statement) as stream:
                while block := file.read(1 << 18):
                    stream.write(block)
