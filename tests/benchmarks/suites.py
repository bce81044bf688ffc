"""What is run, and which figures are made of it (DESIGN of the numbers: docs/performance.md)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.rounds import Bench, Side
from tests.benchmarks.rows import Measures, Reach, Result, Row

MONTHS = 120
API_SERIES = 1_000
# Sums of what a refresh wrote: by these, sides are held to the same work.
DERIVED_SUMS = """
    SELECT count(*), sum(value)::float8, sum(lower)::float8, sum(upper)::float8,
        sum(value * (series_id % 97))::float8
    FROM metrics_derivedvalue
    UNION ALL
    SELECT count(*), sum(change)::float8, sum(year_on_year)::float8, sum(cagr)::float8,
        sum(mean + minimum + maximum + volatility + latest_value + previous_value + count)::float8
    FROM metrics_seriessummary
"""
LOADED_SUMS = """
    SELECT count(*), sum(value)::float8, sum(lower)::float8, sum(upper)::float8,
        sum(value * extract(month FROM period_end))::float8
    FROM metrics_observation
"""


@dataclass(frozen=True)
class Suite:
    """A name, the worlds it needs, its sides and the rows made of their runs."""

    name: str
    build: Callable[[Bench], None]
    sides: Sequence[Side]
    rows: Sequence[Row]
    rounds: int = 3

    def run(self, bench: Bench, rounds: int | None = None) -> Iterator[Result]:
        self.build(bench)
        measures: Measures = bench.rounds(self.sides, rounds or self.rounds)
        for row in self.rows:
            yield row.result(measures)


def millions(points: int) -> str:
    return f"{points / 1e6:g}M"


def series_of(bench: Bench, series: int) -> str:
    world = f"series_{series}"
    bench.build(world, "panel:series_world", {"series": series})
    return world


def panel_of(bench: Bench, series: int, state: str) -> None:
    """The worlds with values: `panel`, `marked` for a full refresh, `refreshed`."""
    plain = f"panel_{series}"
    bench.build(plain, "panel:panel_world", {"series": series}, series_of(bench, series))
    bench.build(f"{state}_{series}", f"panel:{state}_world", {}, plain)


def file_of(bench: Bench, name: str, **options: object) -> None:
    if not (bench.folder / name).exists():
        bench.child("panel:write_file", bench.databases.address("postgres"),
                    {"name": name, **options})  # fmt: skip


def loading(series: int, small: int) -> Suite:
    """First load, the same again, and 1% changed; slow peers load a smaller panel, by the row."""
    rows, few, world = series * MONTHS, small * MONTHS, f"series_{series}"
    first = {"files": ["first.csv"], "rows": rows}
    slow = {"file": "small.csv", "rows": few}
    work = f"first load of {millions(rows)} CSV rows, checked and versioned"

    def build(bench: Bench) -> None:
        series_of(bench, series)
        file_of(bench, "first.csv", series=series)
        file_of(bench, "small.csv", series=small)
        file_of(bench, "other.csv", series=series, line_end="\r\n")
        file_of(bench, "changed.csv", series=series, changed=rows // 100)

    def fast(name: str, work: str) -> Side:
        return Side(name, f"loading:{work}", world, first, result=LOADED_SUMS)

    def again(name: str, file: str) -> Side:
        options = {"file": file, "first": "first.csv", "rows": rows}
        return Side(name, "loading:ours_again", world, options)

    def row(*args: Any) -> Row:
        return Row(work, *args)

    return Suite(
        "load",
        build,
        [
            fast("ours", "ours"),
            fast("COPY", "copy"),
            fast("pandas", "pandas"),
            fast("polars", "polars"),
            Side("bulk_create", "loading:bulk_create", world, slow),
            Side("import-export", "loading:import_export", world, slow),
            again("same bytes", "first.csv"),
            again("same values", "other.csv"),
            again("1% changed", "changed.csv"),
        ],
        [
            row("django-import-export in bulk mode, by the row", "ours", "import-export",
                Reach("≥", 30), "faster"),
            row("bulk_create of unchecked rows, by the row", "ours", "bulk_create", None, "faster"),
            *_loaded_by_others(work),
            Row("the same values in another file", "COPY", "same values", "COPY", Reach("≤", 0.7)),
            Row("the same values in another file", "rows written", "same values", "COPY",
                Reach("≤", 0, "rows"), "written"),
            Row("the same file again", "COPY", "same bytes", "COPY", Reach("≤", 0.7)),
            Row("the same file again", "rows written", "same bytes", "COPY",
                Reach("≤", 0, "rows"), "written"),
            Row("a file with 1% of its values changed", "COPY of all", "1% changed", "COPY", None),
        ],
    )  # fmt: skip


def loading_parts(series: int, part: int) -> Suite:
    """A panel too large for one file, loaded in parts, one after the other."""
    firsts = range(0, series, part)
    files = [f"part-{first}.csv" for first in firsts]
    options = {"files": files, "rows": series * MONTHS}
    work = f"first load of {millions(series * MONTHS)} CSV rows in {len(files)} files"

    def build(bench: Bench) -> None:
        series_of(bench, series)
        for first, file in zip(firsts, files, strict=True):
            file_of(bench, file, series=part, first=first)

    def side(name: str, work: str) -> Side:
        return Side(name, f"loading:{work}", f"series_{series}", options, result=LOADED_SUMS)

    sides = [side("ours", "ours"), side("COPY", "copy"), side("pandas", "pandas"),
             side("polars", "polars")]  # fmt: skip
    return Suite("load-large", build, sides, _loaded_by_others(work), rounds=1)


def _loaded_by_others(work: str) -> list[Row]:
    return [
        Row(work, "COPY of finished rows", "ours", "COPY", None),
        Row(work, "pandas with COPY", "ours", "pandas", None),
        Row(work, "polars with COPY", "ours", "polars", None),
        Row(work, "most memory", "ours", "COPY", Reach("≤", 200, "MB"), "memory"),
        *_memory_of_others(work),
    ]


def _memory_of_others(work: str) -> list[Row]:
    return [
        Row(work, f"most memory of {name}", name, name, None, "memory")
        for name in ("pandas", "polars")
    ]


def refreshing(series: int, rounds: int, name: str = "refresh") -> Suite:
    """Summaries, shares and ranks of the whole panel, and after 1% of the series changed."""
    marked, plain, refreshed = (f"{kind}_{series}" for kind in ("marked", "panel", "refreshed"))
    work = f"full refresh of {millions(series * MONTHS)} values: summaries, shares, ranks"
    change = {"changed": series // 100}

    def build(bench: Bench) -> None:
        panel_of(bench, series, "marked")
        panel_of(bench, series, "refreshed")

    def side(name: str, work: str, world: str, **options: int) -> Side:
        return Side(name, f"refreshing:{work}", world, options, result=DERIVED_SUMS)

    return Suite(
        name,
        build,
        [
            side("ours", "ours", marked),
            side("two workers", "ours", marked, workers=2),
            side("pandas", "pandas", plain),
            side("polars", "polars", plain),
            Side("1% changed", "refreshing:ours_after", refreshed, change),
        ],
        [
            Row(f"{work}; one worker", "pandas with COPY", "ours", "pandas", None, "faster"),
            Row(f"{work}; two workers", "pandas with COPY", "two workers", "pandas",
                Reach("≥", 2), "faster"),
            Row(f"{work}; one worker", "polars with COPY", "ours", "polars", None),
            Row(f"{work}; two workers", "polars with COPY", "two workers", "polars",
                Reach("≤", 2)),
            Row(work, "most memory of a worker", "two workers", "ours",
                Reach("≤", 400, "MB"), "memory"),
            *_memory_of_others(work),
            Row("refresh after 1% of the series had their last month corrected", "full refresh",
                "1% changed", "ours", Reach("≤", 0.06)),
        ],
        rounds,
    )  # fmt: skip


def growing(series: int, times: int) -> Suite:
    """The same changes imported and worked off in a table that is larger by so many times."""
    changes = {"file": "changes.csv", "rows": 100}

    def build(bench: Bench) -> None:
        panel_of(bench, series, "refreshed")
        panel_of(bench, series * times, "refreshed")
        file_of(bench, "changes.csv", series=100, last_months=1, changed=100)

    def side(name: str, size: int) -> Side:
        return Side(name, "loading:ours_and_refreshed", f"refreshed_{size}", changes)

    return Suite(
        "growth",
        build,
        [side("small", series), side("large", series * times)],
        [
            Row(f"a changed point among {millions(series * times * MONTHS)} in groups of one size, "
                "until all is derived",
                f"among {millions(series * MONTHS)}", "large", "small", Reach("≤", 1.2)),
        ],
    )  # fmt: skip


def editing() -> Suite:
    def build(bench: Bench) -> None:
        bench.build("empty", "editing:empty_world", {})

    return Suite(
        "edit",
        build,
        [
            Side("ours", "editing:ours", "empty"),
            Side("statement", "editing:statement", "empty"),
        ],
        [
            Row("an edit of one of 40 series, published with its 80 derived values",
                "one prepared statement for the derived values alone", "ours", "statement",
                Reach("≤", 3)),
        ],
    )  # fmt: skip


def drawing() -> Suite:
    work = "chart of 3 series of 60 points"
    return Suite(
        "chart",
        lambda bench: None,
        [Side("ours", "drawing:ours"), Side("pygal", "drawing:pygal")],
        [
            Row(work, "pygal", "ours", "pygal", Reach("≥", 25), "faster"),
            Row(work, "bytes", "ours", "pygal", Reach("≤", 5000, "bytes"), "written"),
        ],
        rounds=5,
    )


def searching() -> Suite:
    work = "a search of two characters or a word over 20,000 documents, ranked, with snippets"

    def build(bench: Bench) -> None:
        bench.build("search", "searching:search_world", {})

    return Suite(
        "search",
        build,
        [
            Side("ours", "searching:ours", "search"),
            Side("scan", "searching:scan", "search"),
            Side("longer", "searching:ours", "search", {"characters": 5}),
        ],
        [
            Row(work, "scan by ILIKE, without ranks and snippets", "ours", "scan", None, "faster"),
            Row(work, "95 of 100 take at most", "ours", "scan", Reach("≤", 50, "ms"), "written"),
            Row("the same of five characters in that order, or a word", "95 of 100 take at most",
                "longer", "scan", Reach("≤", 50, "ms"), "written"),
        ],
    )  # fmt: skip


# As a site for readers runs, its files collected; nothing here asks the broker or the cache.
PRODUCTION = {
    "DEBUG": "false",
    "ALLOWED_HOSTS": "localhost",
    "CACHE_URL": "redis://127.0.0.1:1/0",
    "CELERY_BROKER_URL": "amqp://127.0.0.1:1",
    "SITE_URL": "https://localhost",
}
WAGTAIL = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.peers.wagtail_settings"}
DRF = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.peers.drf"}
CONSTANT = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.peers.constant"}


def reading() -> Suite:
    """A reader's page of a case beside one of Wagtail with the same prose, charts and tables."""
    page = "reader page of a case"

    def build(bench: Bench) -> None:
        settings = PRODUCTION | {"STATIC_ROOT": str(bench.folder / "static")}
        bench.build("content", "reading:content_world", {}, environment=settings)
        bench.build("wagtail", "reading:wagtail_world", {}, environment=WAGTAIL)
        for side in sides:
            side.environment.update(settings if side.world == "content" else {})

    def ours(name: str) -> Side:
        return Side(name, f"reading:ours_{name}", "content", environment={})

    sides = [
        *map(ours, ("kept", "cold", "known")),
        Side("wagtail", "reading:wagtail", "wagtail", environment=dict(WAGTAIL)),
        Side("constant", "reading:constant", environment=dict(CONSTANT)),
    ]
    return Suite(
        "read",
        build,
        sides,
        [
            Row(f"{page}, warm", "Wagtail page of the same weight", "kept", "wagtail",
                Reach("≥", 45), "faster"),
            Row(f"{page}, warm", "Django view of a constant, without middleware", "kept",
                "constant", None, "faster"),
            Row(f"{page}, rendered anew and kept", "Wagtail page of the same weight", "cold",
                "wagtail", Reach("≥", 2), "faster"),
            Row(f"304 for an unchanged {page}", "Django view of a constant, without middleware",
                "known", "constant", Reach("≥", 0.25), "faster"),
        ],
    )  # fmt: skip


def asking() -> Suite:
    """Observations as JSON at three sizes, and the 304 of a series for a partner with a key."""
    settings = PRODUCTION | {"API_ANONYMOUS_QUOTA": "1000000000", "API_KEY_QUOTA": "1000000000"}
    world = f"panel_{API_SERIES}"

    def build(bench: Bench) -> None:
        panel_of(bench, API_SERIES, "refreshed")
        static = {"STATIC_ROOT": str(bench.folder / "static")}
        for side in sides:
            if "STATIC_ROOT" in side.environment:
                side.environment.update(static)

    ours = settings | {"STATIC_ROOT": ""}
    sizes = {120: 8, 1_200: 20, 10_000: 35}
    sides, rows = [], []
    for count, reach in sizes.items():
        of_rows = {"rows": count}
        sides += [
            Side(f"ours {count}", "asking:ours", world, of_rows, environment=dict(ours)),
            Side(f"drf {count}", "asking:drf", world, of_rows, environment=dict(DRF)),
            Side(f"bare {count}", "asking:bare", world, of_rows, environment=dict(CONSTANT)),
        ]
        work = f"{count:,} observations as JSON, cold"
        rows += [
            Row(work, "ModelSerializer of Django REST framework with pagination", f"ours {count}",
                f"drf {count}", Reach("≥", reach), "faster"),
            Row(work, "bare psycopg and orjson, without framework", f"ours {count}",
                f"bare {count}", None, "faster"),
            Row(work, "queries, the door's included", f"ours {count}", f"drf {count}",
                Reach("≤", 2, "queries"), "queries"),
        ]  # fmt: skip
    sides.append(Side("known", "asking:known", world, environment=dict(ours)))
    sides.append(Side("constant", "reading:constant", environment=dict(CONSTANT)))
    work = "304 for an unchanged series, key and quota included"
    rows.append(
        Row(work, "Django view of a constant, without middleware", "known", "constant",
            Reach("≥", 0.25), "faster")
    )  # fmt: skip
    rows.append(Row(work, "queries", "known", "constant", Reach("≤", 1, "queries"), "queries"))
    return Suite("api", build, sides, rows)


def suites(*, large: bool, series: int = 10_000) -> list[Suite]:
    usual = [
        loading(series, series // 50),
        refreshing(series, 3),
        editing(),
        drawing(),
        searching(),
        reading(),
        asking(),
    ]
    if not large:
        return usual
    return [
        *usual,
        growing(series, 10),
        loading_parts(series * 10, series),
        refreshing(series * 10, 1, "refresh-large"),
    ]
