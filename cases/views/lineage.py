"""Where one value comes from: a page of its own, and a part of the series page with JavaScript."""

from urllib.parse import urlencode

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from cases.selectors.lineage import lineage_page
from cases.views.asked import refuse_others
from cases.views.asked_question import QUESTION_PARAMETERS, asked_question, parameter_error
from cases.views.errors import ParameterError
from cases.views.moments import asked_moment
from cases.views.pages import Page, language, reader_page
from metrics.selectors.question_checks import QuestionError
from metrics.stats.periods import Period, PeriodError

PARAMETERS = frozenset({"period", "as_of", *QUESTION_PARAMETERS})


@reader_page(dated=True)
def lineage(request: HttpRequest, key: str) -> Page:
    refuse_others(request, PARAMETERS)
    period, moment = _period(request), asked_moment(request)
    try:
        question = asked_question(request)
        page = lineage_page(key, period, language(), question, moment.seq if moment else None)
    except ObjectDoesNotExist:
        raise Http404 from None
    except QuestionError as error:
        raise parameter_error(error, request) from None
    if page.tree is None:
        raise Http404
    title = f"{page.name} {page.period_label}"
    given = [(name, value) for name, value in request.GET.items() if value and name != "as_of"]
    context = {"page": page, "given": given, "asked": urlencode(given), "section": "data"}
    return Page("data/lineage.html", {**context, "title": title}, moment=moment)


def _period(request: HttpRequest) -> Period:
    given = request.GET.getlist("period")
    try:
        if len(given) != 1:
            raise PeriodError("one period")
        return Period.parse(given[0])
    except PeriodError:
        expected = _("Expected one period, such as 2018, 2018-Q4, 2018-12, 2007/2018 or undated.")
        raise ParameterError("period", ", ".join(given), expected=expected) from None
