"""Where one value comes from: a page of its own, and a part of the series page with JavaScript."""

from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.selectors.lineage import lineage_page
from cases.views.errors import ParameterError
from cases.views.pages import Page, language, reader_page
from metrics.models import Change
from metrics.selectors.moment import MomentError, moment_of
from metrics.stats.periods import Period, PeriodError

PARAMETERS = frozenset({"period", "as_of"})


@reader_page(dated=True)
def lineage(request: HttpRequest, key: str) -> Page:
    _refuse_others(request)
    try:
        page = lineage_page(key, _period(request), language(), asked_moment(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    if page.tree is None:
        raise Http404
    title = f"{page.name} {page.period_label}"
    return Page("data/lineage.html", {"page": page, "section": "data", "title": title})


def asked_moment(request: HttpRequest) -> datetime | None:
    """The moment that `as_of` names, None without it; raises ParameterError."""
    given = request.GET.getlist("as_of")
    if not given or given == [""]:
        return None
    expected = _("Expected one day, such as 2027-03-01, or an instant, 2027-03-01T08:30:00Z.")
    try:
        instant = moment_of(given[0])
    except MomentError:
        raise ParameterError("as_of", ", ".join(given), expected=expected) from None
    if len(given) > 1:
        raise ParameterError("as_of", ", ".join(given), expected=expected)
    if not Change.objects.is_settled(instant, timezone.now()):
        past = _("Expected a moment that is past: what is published then may still change.")
        raise ParameterError("as_of", given[0], expected=past)
    return instant


def _period(request: HttpRequest) -> Period:
    given = request.GET.getlist("period")
    try:
        if len(given) != 1:
            raise PeriodError("one period")
        return Period.parse(given[0])
    except PeriodError:
        expected = _("Expected one period, such as 2018, 2018-Q4, 2018-12, 2007/2018 or undated.")
        raise ParameterError("period", ", ".join(given), expected=expected) from None


def _refuse_others(request: HttpRequest) -> None:
    for name in sorted(set(request.GET) - PARAMETERS):
        allowed = ", ".join(sorted(PARAMETERS))
        expected = _("This page takes only %s.") % allowed
        raise ParameterError(name, ", ".join(request.GET.getlist(name)), expected=expected)
