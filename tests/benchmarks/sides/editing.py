"""One edit of a value that forty series depend on, published, against the derived part in SQL."""

from collections.abc import Iterator
from itertools import count

from django.db import connection, transaction

from metrics.models import StaleSeries
from metrics.services.refresh import refresh_all
from tests.benchmarks.sides.panel import Counted
from tests.metrics.factories import NOW, make_series, publish
from tests.metrics.large import large_group

MEMBERS = 40
EDITS = 30
# The share and the rank of each member in one period, from what is current.
STATEMENT = """
    WITH cells AS (
        SELECT o.series_id, o.period, o.value, o.lower, o.upper,
            sum(o.value) OVER () AS whole, sum(o.lower) OVER () AS least,
            sum(o.upper) OVER () AS most, rank() OVER (ORDER BY o.value DESC) AS place
        FROM metrics_observation o JOIN metrics_groupmember m ON m.series_id = o.series_id
        WHERE m.group_id = $1 AND o.period = $2 AND o.seq_to IS NULL AND o.preferred
    )
    UPDATE metrics_derivedvalue d SET
        value = CASE r.kind WHEN 'share' THEN c.value / c.whole * 100 ELSE c.place END,
        lower = CASE r.kind WHEN 'share' THEN c.lower / c.most * 100 ELSE c.place END,
        upper = CASE r.kind WHEN 'share' THEN c.upper / c.least * 100 ELSE c.place END,
        computed_seq = computed_seq + 1
    FROM cells c JOIN metrics_ruleinput i ON i.input_id = c.series_id AND i.seq_to IS NULL
    JOIN metrics_ruleversion v ON v.id = i.version_id JOIN metrics_rule r ON r.id = v.rule_id
    WHERE d.series_id = i.output_id AND d.period = c.period AND r.kind IN ('share', 'rank')
"""


def _group() -> tuple[int, object]:
    group = large_group(MEMBERS, years=10)
    group.mark()
    refresh_all(now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return group.group.pk, group.members[0]


def ours() -> Iterator[Counted]:
    """The whole of publishing the edit: staged, recorded, derived, pages told."""
    _, member = _group()
    values = count(500)
    publish((member, "2005", str(next(values))), kind="correction")  # type: ignore[arg-type]
    yield None
    for _ in range(EDITS):
        publish((member, "2005", str(next(values))), kind="correction")  # type: ignore[arg-type]
    yield {"items": EDITS, "written": StaleSeries.objects.count()}


def statement() -> Iterator[Counted]:
    """Only the derived part: one prepared statement for the eighty values of the period."""
    group_id, _ = _group()
    with connection.cursor() as cursor:
        cursor.execute(f"PREPARE derive (bigint, text) AS {STATEMENT}")
        cursor.execute("EXECUTE derive (%s, %s)", [group_id, "2005"])
        assert cursor.rowcount == 2 * MEMBERS
    yield None
    for _ in range(EDITS):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("EXECUTE derive (%s, %s)", [group_id, "2005"])
    yield {"items": EDITS}


def empty_world() -> Iterator[Counted]:
    from django.core.management import call_command

    yield None
    call_command("migrate", verbosity=0)
    make_series("one.first", nature="stock")
    yield None
