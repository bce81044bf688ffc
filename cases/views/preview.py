"""The page of a text before readers have it: for those of staff who may read or write drafts."""

from dataclasses import replace

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods

from cases.markup.text import Text, tidied
from cases.models import Case, CaseText
from cases.querysets import reads_drafts
from cases.selectors.conflicts import words_of
from cases.selectors.drafts import latest_revision
from cases.selectors.pages import page_of_text
from cases.selectors.texts import as_if_live
from cases.views.errors import permission_denied
from cases.views.pages import Page, language, live_page
from cases.views.texts import page_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]  # typed for bare views only
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The saved words of a case in the language of the address; posted ones in their place.

    Nothing is stored. 403 for whoever may not read drafts (or, to post, not write them), before
    anything is looked up.
    """
    may_write = request.user.has_perm("cases.change_casetext")
    if not reads_drafts(request.user) or (request.method == "POST" and not may_write):
        return permission_denied(request)
    response = live_page(request, _page, slug=slug)
    response["X-Robots-Tag"] = "noindex"
    return response


def _page(request: HttpRequest, slug: str) -> Page:
    cases = Case.objects.visible_to(request.user).filter(slug=slug)
    rows = CaseText.objects.readable_by(request.user).select_related("case")
    text = rows.filter(case__in=cases, language=language()).first()
    words = _words(request, text) if text is not None else None
    if text is None or words is None:
        raise Http404
    page = page_of(page_of_text(as_if_live(text, words, timezone.now()), request.user))
    context = page.context | {
        "is_unsaved": request.method == "POST",
        # The editor's frame runs no scripts, and says so of each that it meets.
        "is_framed": request.headers.get("Sec-Fetch-Dest") == "iframe",
    }
    return replace(page, template="cases/preview.html", context=context)


def _words(request: HttpRequest, text: CaseText) -> Text | None:
    """What is to be seen; None where nothing is written yet."""
    if request.method == "POST":
        return tidied(*(request.POST.get(name, "") for name in ("title", "standfirst", "body")))
    latest = latest_revision(text)
    return words_of(latest) if latest is not None else None
