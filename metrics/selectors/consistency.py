"""The consistency checks in words: for the command and for the admin."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext, override

from metrics.models import Series
from metrics.selectors.consistency_checks import Check, checkable_series, checks_of
from metrics.selectors.printing import moment, printed_interval, printed_value, series_name
from metrics.selectors.values import Value
from metrics.stats.consistency import Consistency, Why


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A check in words, for people."""

    check: Check
    series_key: str
    series_name: str
    period_label: str
    stated: str
    implied: str
    interval: str
    why: str

    @property
    def verdict(self) -> Consistency:
        return self.check.verdict.verdict

    @property
    def gap(self) -> Decimal | None:
        return self.check.verdict.gap


def consistency(
    language: str, seq: int | None = None, *, verdicts: Collection[str] = ()
) -> tuple[CheckLine, ...]:
    """Every check there is, by series and period; `verdicts` keeps only those. Ten queries."""
    checks = checks_of(checkable_series(), seq)
    ids = {check.series_id for check in checks.values()}
    series = Series.objects.with_definitions().in_bulk(ids)
    reasons = _reasons(language)
    lines = [
        _line(check, series[check.series_id], language, reasons)
        for check in checks.values()
        if not verdicts or check.verdict.verdict in verdicts
    ]
    return tuple(sorted(lines, key=lambda line: (line.series_key, line.check.period)))


def _line(check: Check, series: Series, language: str, reasons: Mapping[Why, str]) -> CheckLine:
    unit, verdict = series.indicator.unit, check.verdict
    implied = verdict.implied
    made = Value(check.period, implied, str(implied.qualifier), "derived", status="E")
    return CheckLine(
        check=check,
        series_key=series.key,
        series_name=series_name(series, language),
        period_label=moment(check.period, series.indicator, language),
        stated=str(printed_value(check.stated, unit, language) or "—"),
        implied=str(printed_value(made, unit, language) or "—"),
        interval=printed_interval(implied, unit, language),
        why=reasons[verdict.why] if verdict.why else "",
    )


def _reasons(language: str) -> Mapping[Why, str]:
    """Why a check decides nothing, in a language."""
    with override(language):
        return {
            Why.NOT_STATED: gettext("it is not stated"),
            Why.NO_LEVELS: gettext("no levels of it are on record"),
            Why.NO_PRIOR_PERIOD: gettext("its period has no earlier one"),
            Why.LEVEL_MISSING: gettext("a level of the period is not stated"),
            Why.PRIOR_MISSING: gettext("the level before is not stated"),
            Why.INSUFFICIENT_HISTORY: gettext("the levels do not go back far enough"),
            Why.BREAK: gettext("the definition of the level changed in between"),
            Why.BASE_ZERO: gettext("the level it is measured by is zero"),
            Why.SIGN_CHANGE: gettext("the levels lie on both sides of zero"),
            Why.NOT_DETERMINABLE: gettext("the bounds of the levels leave it open"),
            Why.STATED_UNBOUNDED: gettext("it is stated without bounds (about)"),
            Why.LEVELS_UNBOUNDED: gettext("the levels give no bounds (about)"),
        }
