"""Every stated growth rate, share and other figure against what independent levels imply."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from metrics.models import Observation, RuleInput, Series
from metrics.selectors.breaks import breaks_of
from metrics.selectors.consistency_growth import growth_pairs, growth_verdicts
from metrics.selectors.independence import independent_values
from metrics.selectors.values import SeriesValues, Value, observed_values
from metrics.stats.bounds import INPUT_MISSING
from metrics.stats.consistency import Consistency, Verdict, Why, compare_stated, undecided
from metrics.stats.periods import Period

GROWTH, RULE, NOTHING = "growth", "rule", "nothing"
# A figure in such a unit is a rate or a share of something, named or not.
RELATIVE_KINDS = ("percent", "growth", "points")


@dataclass(frozen=True, slots=True)
class Check:
    """A stated value beside what follows from levels that it has no part in.

    `basis` is "growth" (two observed levels), "rule" (one computes the value as well) or "nothing"
    (a rate or share of which no levels are on record). The verdict says why it is undecidable.
    """

    series_id: int
    period: Period
    basis: str
    stated: Value
    verdict: Verdict

    @property
    def document(self) -> dict[str, str | None]:
        """What the API says: the verdict, the interval that the levels imply, or why none."""
        bounds = self.verdict.lower, self.verdict.upper
        lower, upper = (None if bound is None else format(bound, "f") for bound in bounds)
        return {
            "verdict": str(self.verdict.verdict),
            "lower": lower,
            "upper": upper,
            "null_reason": self.verdict.implied.null_reason or None,
            "why": self.verdict.why and str(self.verdict.why),
        }


Checks = dict[tuple[int, str], Check]


def checks_of(series_ids: Collection[int], seq: int | None = None) -> Checks:
    """The checks of stated values by (series, period code), as of a seq (None: now).

    Every stated growth rate or share has one, and whatever else a rule computes as well. Of two
    that are possible one that decides goes before one that does not, growth before a rule. Eight
    queries for now, three a rule level more for the past. A growth rate is compared with two
    observed levels only, and with a rule only as far as its levels are not implied by the rate
    itself: that is no witness for it.
    """
    pairs = growth_pairs(series_ids)
    levels = {pair.level_id for pair in pairs if pair.level_id is not None}
    observed = observed_values({*series_ids, *levels}, seq)
    breaks = breaks_of(levels, seq)
    stating = set(series_ids) & set(observed)
    found: Checks = {}
    for one in (
        *(Check(pk, v.period, GROWTH, v, told) for pk, v, told in
          growth_verdicts(pairs, observed, breaks)),
        *_beside(observed, independent_values(stating, seq)),
        *_without_levels(stating, observed, seq),
    ):  # fmt: skip
        key = one.series_id, one.period.code
        if not one.stated.figure.is_missing and (key not in found or _decides(one, found[key])):
            found[key] = one
    return {key: found[key] for key in sorted(found)}


def checkable_series() -> set[int]:
    """The series of which growth or shares are stated, or something that a rule computes.

    One query. Of ten thousand shares of a group nothing is stated: they are not even read.
    """
    made = RuleInput.objects.exclude(version__rule__kind="implied-prior").values("output_id")
    stated = Exists(Observation.objects.filter(series=OuterRef("pk")))
    has_check = _relative() | Q(pk__in=made)
    return set(Series.objects.filter(has_check, stated).values_list("pk", flat=True))


def _relative() -> Q:
    """Series of growth or of shares."""
    return (
        Q(indicator__unit__kind__in=RELATIVE_KINDS)
        | Q(indicator__growth_of__isnull=False)
        | Q(indicator__share_of__isnull=False)
    )


def _decides(one: Check, other: Check) -> bool:
    undecidable = Consistency.UNDECIDABLE
    return other.verdict.verdict == undecidable and one.verdict.verdict != undecidable


def _beside(observed: SeriesValues, derived: SeriesValues) -> Iterator[Check]:
    """Stated values that a rule computes as well; the implied prior repeats what growth checks."""
    for series_id, cells in derived.items():
        own = observed.get(series_id, {})
        for period, value in cells.items():
            stated = own.get(period)
            if stated is not None and value.kind != "implied":
                verdict = compare_stated(stated.figure, value.figure)
                yield Check(series_id, period, RULE, stated, verdict)


def _without_levels(
    series_ids: Collection[int], observed: SeriesValues, seq: int | None
) -> Iterator[Check]:
    """Stated rates and shares as if nothing were known of their levels. Two queries."""
    relative = Series.objects.filter(_relative(), pk__in=series_ids).values_list("pk", flat=True)
    edges = RuleInput.objects.at_seq(seq).exclude(version__rule__kind="implied-prior")
    made = set(edges.filter(output__in=series_ids).values_list("output_id", flat=True))
    for pk in relative:
        basis, why = (RULE, Why.LEVEL_MISSING) if pk in made else (NOTHING, Why.NO_LEVELS)
        for period, stated in observed.get(pk, {}).items():
            yield Check(pk, period, basis, stated, undecided(stated.figure, INPUT_MISSING, why))
