"""Where one value comes from: a page of its own, and a part of the series page with JavaScript."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from cases.selectors.lineage import lineage_page
from cases.views.errors import ParameterError
from cases.views.moments import asked_moment
from cases.views.pages import Page, language, reader_page
from metrics.stats.periods import Period, PeriodError

PARAMETERS = frozenset({"period", "as_of"})


@reader_page(dated=True)
def lineage(request: HttpRequest, key: str) -> Page:
    _refuse_others(request)
    period, moment = _period(request), asked_moment(request)
    try:
        page = lineage_page(key, period, language(), moment.seq if moment else None)
    except ObjectDoesNotExist:
        raise Http404 from None
    if page.tree is None:
        raise Http404
    title = f"{page.name} {page.period_label}"
    context = {"page": page, "section": "data", "title": title}
    return Page("data/lineage.html", context, moment=moment)


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
