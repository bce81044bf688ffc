"""Where a reader reports an error in a text or a figure."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cases.selectors.reports import Doubted, doubted
from cases.services.drift import MOST_CHARACTERS, DriftError, report_error
from cases.views.asked import asked_once
from cases.views.errors import ParameterError, bad_request, not_found
from cases.views.pages import Page, language, live_page, reader_page
from metrics.models import Change
from metrics.stats.periods import Period, PeriodError
from metrics.translation import translated

PARAMETERS = ("text", "series", "period")
LONGEST = 200


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report(request: HttpRequest) -> HttpResponse:
    """A form about what `text`, `series` and `period` name; posted words go to the drift queue."""
    refusal = ""
    if request.method == "POST":
        try:
            _take(request)
        except DriftError as error:
            refusal = str(error)
        except ParameterError as error:
            return bad_request(request, error)
        except Http404:
            return not_found(request)
        else:
            return HttpResponseRedirect(reverse("cases:reported"))
    response = live_page(request, _page, refusal=refusal)
    response["X-Robots-Tag"] = "noindex"
    return response


@reader_page()
def reported(request: HttpRequest) -> Page:
    return Page("report/reported.html", {"title": _("Thank you")})


def _take(request: HttpRequest) -> None:
    about = _doubted(request)
    report_error(
        about.text,
        words=request.POST.get("words", ""),
        series=about.series,
        period=about.period,
        seq=Change.objects.latest_seq(),
        now=timezone.now(),
    )


def _page(request: HttpRequest, refusal: str) -> Page:
    context = {
        "about": _doubted(request),
        "refusal": refusal,
        "words": request.POST.get("words", ""),
        "most": MOST_CHARACTERS,
        "title": _("Report an error"),
    }
    return Page("report/report.html", context)


def _doubted(request: HttpRequest) -> Doubted:
    """Raises ParameterError for an address that names nothing, Http404 for what readers lack."""
    given = {name: _given(request, name) for name in PARAMETERS}
    if not given["text"] and not given["series"]:
        expected = _("Expected a text or a series, as in ?text=webank or ?series=webank.users.")
        raise ParameterError("text", "", expected=expected)
    if given["period"]:
        try:
            Period.parse(given["period"])
        except PeriodError as error:
            raise ParameterError(
                "period", given["period"], expected=translated(error.message)
            ) from None
    try:
        return doubted(given["text"], given["series"], given["period"], language())
    except ObjectDoesNotExist:
        raise Http404 from None


def _given(request: HttpRequest, name: str) -> str:
    text = asked_once(request, name)
    if len(text) > LONGEST or "\0" in text:
        raise ParameterError(name, text[:LONGEST], expected=_("Expected one value."))
    return text
