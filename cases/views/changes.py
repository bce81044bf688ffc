"""What changed, for readers: the releases, one of them, and what was put right."""

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from cases.selectors.change_log import (
    NoChangeError,
    change_entry,
    corrections_log,
    releases_log,
)
from cases.views.asked import asked_number, asked_once, refuse_others
from cases.views.errors import ParameterError
from cases.views.pages import Page, language, reader_page
from metrics.models import Change

KINDS = tuple(kind for kind in Change.Kind if kind != Change.Kind.REFRESH)


@reader_page()
def releases(request: HttpRequest) -> Page:
    refuse_others(request, {"kind", "before"})
    kind = asked_once(request, "kind")
    allowed = tuple((str(one), str(one.label)) for one in KINDS)
    if kind and kind not in dict(allowed):
        raise ParameterError("kind", kind, allowed)
    before = _before(request)
    log = releases_log(language(), kind=kind, before=before)
    context = {
        "log": log,
        "kind": kind,
        "kinds": allowed,
        "is_newest": before is None,
        "title": _("Releases"),
    }
    return Page("changes/releases.html", context)


@reader_page()
def corrections(request: HttpRequest) -> Page:
    refuse_others(request, {"before"})
    before = _before(request)
    log = corrections_log(language(), before=before)
    context = {"log": log, "is_newest": before is None, "title": _("Corrections")}
    return Page("changes/corrections.html", context)


@reader_page()
def release(request: HttpRequest, seq: str) -> Page:
    refuse_others(request, set())
    try:
        entry = change_entry(int(seq), language())
    except NoChangeError:
        raise Http404 from None
    title = entry.title or _("Change %(seq)d") % {"seq": entry.seq}
    return Page("changes/release.html", {"entry": entry, "title": title})


def _before(request: HttpRequest) -> int | None:
    return asked_number(request, "before", _("Expected one number of a change, from 1."))
