"""Unsaved words: kept while somebody types, offered when they come back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases.models import CaseText, Draft, Revision
from cases.selectors.drafts import Offer, draft_of, latest_revision, offer_of
from cases.services.drafts import (
    DraftElsewhereError,
    DraftTooLongError,
    discard_draft,
    keep_draft,
)

NAME = "cases_casetext_draft"
RESTORE = "restore"


class DraftingAdmin(admin.ModelAdmin):
    """The part of the admin of texts that keeps what was not saved."""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        keep, latest = wrap(require_POST(self.draft_view)), wrap(require_safe(self.latest_view))
        return [
            path("<int:pk>/draft/", keep, name=NAME),
            path("<int:pk>/latest/", latest, name="cases_casetext_latest"),
            *super().get_urls(),
        ]

    def draft_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep the words sent, or discard those marked; the answer tells what is kept now.

        JSON {"known": mark or "", "at": "10:32"}; {"message"} with 409 where another window keeps
        other words, with 400 where they are too long. A form that discards is led back to the text.
        """
        text = self._written(request, pk)
        known = request.POST.get("known", "")
        if "discard" in request.POST:
            discard_draft(text, author=request.user, known=known)
            if "application/json" in request.headers.get("Accept", ""):
                return JsonResponse({"known": "", "at": ""})
            messages.info(request, _("Your unsaved words are discarded."))
            return HttpResponseRedirect(reverse("admin:cases_casetext_change", args=[text.pk]))
        try:
            draft = self._keep(request, text, known)
        except DraftElsewhereError as error:
            return JsonResponse({"message": str(error)}, status=409)
        except DraftTooLongError as error:
            return JsonResponse({"message": str(error)}, status=400)
        kept = {"known": draft.mark, "at": clock(draft.saved_at)} if draft else _NOTHING
        return JsonResponse(kept)

    def latest_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """The number of the latest revision and, where it is another than `seen`, who saved it.

        {"number", "message", "token"}: asked every few seconds while somebody writes. A log-in in
        another window makes the token of this page's form worthless; with `token` it goes on.
        """
        latest = latest_revision(self._written(request, pk))
        number = latest.number if latest is not None else 0
        is_new = latest is not None and request.GET.get("seen", "0") != str(number)
        message = told_meanwhile(latest) if latest is not None and is_new else ""
        answer = {"number": number, "message": message, "token": get_token(request)}
        return JsonResponse(answer)

    def _written(self, request: HttpRequest, pk: int) -> CaseText:
        if not self.has_change_permission(request):
            raise PermissionDenied
        text = CaseText.objects.filter(pk=pk).first()
        if text is None:
            raise Http404
        return text

    def _keep(self, request: HttpRequest, text: CaseText, known: str) -> Draft | None:
        names = ("title", "standfirst", "body", "note")
        words = {name: request.POST.get(name, "").replace("\x00", "") for name in names}
        seen = request.POST.get("seen", "")
        return keep_draft(
            text,
            **words,
            seen=int(seen) if seen.isdecimal() and len(seen) < 7 else 0,
            known=known,
            author=request.user,
            now=timezone.now(),
        )


def told_meanwhile(latest: Revision) -> str:
    """Who saved which revision, and when."""
    by = latest.created_by or _("Somebody")
    facts = {"by": by, "number": latest.number, "at": clock(latest.created_at)}
    return _("%(by)s saved revision %(number)d at %(at)s, while you were writing.") % facts


_NOTHING = {"known": "", "at": ""}


def clock(moment: datetime) -> str:
    """The time of day, and the day where it is another."""
    local = timezone.localtime(moment)
    style = "H:i" if local.date() == timezone.localdate() else "Y-m-d H:i"
    return date_format(local, style)


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What the page of a text does with unsaved words: shows those restored, or offers them.

    `known` marks the words that this window replaces as it keeps what is typed.
    """

    restored: Draft | None = None
    offer: Offer | None = None
    known: str = ""


def unsaved_of(request: HttpRequest, text: CaseText) -> Unsaved:
    """The unsaved words of whoever opens, or sends, the page of a text. Two queries at most."""
    draft = draft_of(text, request.user)
    if draft is None:
        return Unsaved()
    if request.method != "GET":
        is_undecided = draft.mark == request.POST.get("offered", "")
        return Unsaved(offer=offer_of(draft)) if is_undecided else Unsaved(known=draft.mark)
    if request.GET.get("draft") == RESTORE:
        return Unsaved(restored=draft, known=draft.mark)
    offer = offer_of(draft)
    return Unsaved(offer=offer, known="" if offer else draft.mark)
