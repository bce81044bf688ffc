"""What live texts quote is evaluated inside the release that changes it."""

import logging

from django.db import OperationalError, connection, transaction

from metrics.models import Change, RuleInput
from metrics.participants import participants
from metrics.selectors.rule_graph import needed_for
from metrics.services.derived import compute_work
from metrics.services.merging import changed_series, dependents, merge, stage
from metrics.services.stale import Targets, mark

logger = logging.getLogger(__name__)

# More input cells than this are left to the workers: a release must not hold the clock for long.
INLINE_CELLS = 2000
_INPUT_CELLS = """
    WITH input AS (
        SELECT unnest(%(series)s::bigint[]) AS series_id
        UNION SELECT input_id FROM metrics_ruleinput
        WHERE seq_to IS NULL AND output_id = ANY(%(series)s)
        UNION SELECT i.input_id FROM metrics_ruleinput i
        JOIN metrics_ruleversion v ON v.id = i.version_id
        WHERE i.seq_to IS NULL AND v.rule_id = ANY(%(rules)s)
    )
    SELECT count(*) FROM (
        SELECT FROM metrics_observation WHERE seq_to IS NULL AND preferred
            AND series_id IN (SELECT series_id FROM input)
        UNION ALL
        SELECT FROM metrics_derivedvalue WHERE series_id IN (SELECT series_id FROM input)
        LIMIT %(most)s
    ) cell
"""


def refresh_targets(targets: Targets, change: Change) -> set[int]:
    """Mark the targets and evaluate them at once, level by level; the changed series ids.

    All of them while their inputs have at most INLINE_CELLS cells; else only those that
    live texts quote or that lead to such; else none, and the change says "deferred", as it does
    of what cannot be computed: that fails with the workers, one by one, and holds up nobody. The
    marks stay for the workers in any case: a worker that read older inputs finds them and steps
    back.
    """
    changed: set[int] = set()
    mark(targets)
    while targets:
        targets = _within_limit(targets, change)
        following = Targets()
        for part in _steps(targets):
            made, affected = _refreshed(part, targets, change)
            changed |= made
            following.add(affected)
        mark(following)
        targets = following
    return changed


def _refreshed(part: Targets, targets: Targets, change: Change) -> tuple[set[int], Targets]:
    """Evaluate a step; the series that changed, and what that affects. Nothing if it fails."""
    try:
        with transaction.atomic():
            work = compute_work(part)
            stage(work)
            written = merge(work, change)
            found = changed_series(work), dependents(summarised=targets.series)
    except OperationalError:
        raise
    except Exception:
        logger.exception("refresh_in_release_failed", extra={"change": change.pk})
        change.summary["deferred"] = True
        return set(), Targets()
    change.summary["derived"] = change.summary.get("derived", 0) + written
    return found


def _steps(targets: Targets) -> list[Targets]:
    """Rules over groups first: the summaries of series are made of what those give."""
    steps = [Targets(rules=targets.rules), Targets(series=targets.series)]
    return [step for step in steps if step]


def _within_limit(targets: Targets, change: Change) -> Targets:
    if _input_cells(targets) <= INLINE_CELLS:
        return targets
    change.summary["deferred"] = True
    wanted = needed_for(set().union(*(p.quoted_series() for p in participants())))
    quoted = Targets(series=targets.series & wanted)
    made = RuleInput.objects.current().filter(version__rule__any=targets.rules, output__any=wanted)
    for rule_id in made.order_by().values_list("version__rule_id", flat=True).distinct():
        quoted.rules[rule_id] = targets.rules[rule_id]
    return quoted if _input_cells(quoted) <= INLINE_CELLS else Targets()


def _input_cells(targets: Targets) -> int:
    """How many cells the targets are computed from; counted no further than matters."""
    with connection.cursor() as cursor:
        cursor.execute(
            _INPUT_CELLS,
            {
                "series": list(targets.series),
                "rules": list(targets.rules),
                "most": INLINE_CELLS + 1,
            },
        )
        (count,) = cursor.fetchone()
        return int(count)
