"""The history of a text: what readers had and when, and two publications side by side."""

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from cases.models import Case, Publication
from cases.selectors.history import Record, comparison_of, history_of
from cases.views.asked import asked_number, refuse_others
from cases.views.errors import ParameterError
from cases.views.pages import Page, language, reader_page
from cases.views.texts import SECTIONS

PARAMETERS = frozenset({"before", "from", "to"})


@reader_page()
def case(request: HttpRequest, slug: str) -> Page:
    return _asked(request, slug, Case.Kind.CASE)


@reader_page()
def technology(request: HttpRequest, slug: str) -> Page:
    return _asked(request, slug, Case.Kind.TECHNOLOGY)


@reader_page()
def overview(request: HttpRequest) -> Page:
    return _asked(request, "overview", Case.Kind.OVERVIEW)


def _asked(request: HttpRequest, slug: str, kind: str) -> Page:
    """The list, from a change on where `before` names one; with `to` a comparison."""
    refuse_others(request, PARAMETERS)
    before, first, second = (_number(request, name) for name in ("before", "from", "to"))
    if second is not None:
        return _comparison(slug, kind, first, second)
    if first is not None:
        expected = _("Expected with it the number of a published revision, as in ?from=1&to=2.")
        raise ParameterError("to", "", expected=expected)
    history = history_of(slug, kind, language(), before=before)
    if not history.entries:
        raise Http404
    context = {"history": history, "is_newest": before is None}
    return _page("cases/history.html", history.record, context)


def _comparison(slug: str, kind: str, first: int | None, second: int) -> Page:
    try:
        found = comparison_of(slug, kind, language(), first=first, second=second)
    except Publication.DoesNotExist:
        raise Http404 from None
    return _page("cases/comparison.html", found.record, {"comparison": found}, is_numbered=True)


def _page(
    template: str, record: Record, context: dict[str, object], *, is_numbered: bool = False
) -> Page:
    """Each language counts its own revisions: what names some leads to the list of the other."""
    title = _("History of “%(title)s”") % {"title": record.title}
    section = SECTIONS.get(record.case.kind, "overview")
    return Page(
        template,
        {"record": record, "section": section, "title": title, **context},
        languages=record.languages,
        keeps_query=not is_numbered,
    )


def _number(request: HttpRequest, name: str) -> int | None:
    return asked_number(request, name, _expected(name))


def _expected(name: str) -> str:
    if name == "before":
        return _("Expected one number of a change, from 1.")
    return _("Expected one number of a published revision, from 1, as in ?from=1&to=2.")
