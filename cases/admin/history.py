"""The revisions of a text: listed, compared, and an earlier one restored as a new draft."""

from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cases.models import CaseText, Revision
from cases.selectors.problems import text_problems
from cases.selectors.revisions import Ends, ends_of, revisions_of, sides_of, unsaved_on
from cases.services.restoring import restore_revision
from cases.services.texts import LOCKED
from metrics.participants import RefusedError

COMPARE: Final = "cases_casetext_compare"
RESTORE: Final = "cases_casetext_restore"
LONGEST: Final = 9  # digits


class HistoryAdmin(admin.ModelAdmin):
    """The part of the admin of texts that is about their revisions."""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        compare = wrap(require_safe(self.compare_view))
        restore = wrap(require_POST(self.restore_view))
        return [
            path("<int:pk>/compare/", compare, name=COMPARE),
            path("<int:pk>/restore/", restore, name=RESTORE),
            *super().get_urls(),
        ]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Every revision with what became of it, in the place of Django's list of clicks."""
        text = self._read(request, int(object_id) if object_id.isdecimal() else 0)
        ends = ends_of(text)
        context = self._frame(request, text, ends) | {
            "title": _("History: %(text)s") % {"text": text},
            "page": revisions_of(text, request.GET.get("p")),
        }
        return TemplateResponse(request, "admin/cases/casetext/history.html", context)

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Two revisions side by side: those asked for, or the live and the latest."""
        text = self._read(request, pk)
        ends = ends_of(text)
        if ends.latest is None:
            raise Http404
        numbers = _asked(request, "from", ends.first), _asked(request, "to", ends.latest)
        try:
            sides = sides_of(text, *numbers)
        except Revision.DoesNotExist:
            raise Http404 from None
        context = self._frame(request, text, ends) | {
            "title": _("Compare: %(text)s") % {"text": text},
            "sides": sides,
            "restorable": sorted({*numbers} - {ends.latest}),
            "unsaved": unsaved_on(text),
        }
        return TemplateResponse(request, "admin/cases/casetext/compare.html", context)

    def restore_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        text = self._read(request, pk)
        number, seen = (number_of(request.POST.get(name, "")) for name in ("number", "seen"))
        try:
            revision = restore_revision(
                text, number, seen=seen, actor=request.user, now=timezone.now()
            )
        except RefusedError as error:
            messages.error(request, str(error))
        else:
            self._tell_restored(request, revision, number)
        return HttpResponseRedirect(reverse("admin:cases_casetext_history", args=[pk]))

    def _read(self, request: HttpRequest, pk: int) -> CaseText:
        text = CaseText.objects.select_related("case").filter(pk=pk).first()
        if not self.has_view_permission(request, text):
            raise PermissionDenied
        if text is None:
            raise Http404
        return text

    def _frame(self, request: HttpRequest, text: CaseText, ends: Ends) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": text,
            "ends": ends,
            "is_locked": text.state in LOCKED,
            "may_write": self.has_change_permission(request, text),
        }

    def _tell_restored(self, request: HttpRequest, revision: Revision, number: int) -> None:
        """What was done, what of it could not be shown, and whose unsaved words are kept."""
        done = _("Revision %(old)d is restored as revision %(new)d, a draft.")
        messages.success(request, done % {"old": number, "new": revision.number})
        faults = text_problems(revision.title, revision.standfirst, revision.body)
        if faults:
            text = ngettext(
                "%(n)d place in it could not be shown to readers now; its review tells which.",
                "%(n)d places in it could not be shown to readers now; its review tells which.",
                len(faults),
            )
            messages.warning(request, text % {"n": len(faults)})
        for draft in unsaved_on(revision.text):
            if draft.author_id == request.user.pk:
                text = _("Your unsaved words are kept: the page of the text offers them.")
            else:
                text = _("%(user)s has unsaved words on this text; they are kept.")
                text %= {"user": draft.author}
            messages.warning(request, text)


def _asked(request: HttpRequest, name: str, usual: int | None) -> int:
    """The number of a revision in the address; without one the usual."""
    return number_of(request.GET.get(name) or str(usual))


def number_of(given: str) -> int:
    """The number of a revision, as it was sent."""
    if not (given.isascii() and given.isdecimal() and len(given) <= LONGEST):
        raise BadRequest("Expected the number of a revision.")
    return int(given)
