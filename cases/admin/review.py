"""The review of a text: read it paragraph by paragraph, remark, and move it on."""

from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.markup.hints import hints
from cases.models import CaseText, Comment, Revision, TextAct
from cases.selectors.checklist import checklist
from cases.selectors.claims import claims_of
from cases.selectors.review import review_of
from cases.services.comments import add_comment, settle_comment
from cases.services.workflow import STEPS, offers, take_step
from metrics.admin.bases import ReadOnlyAdmin
from metrics.models import Release
from metrics.participants import RefusedError

NAME: Final = "cases_casetext_review"
_Kind: Final = TextAct.Kind
BUTTONS: Final = {
    _Kind.SUBMITTED: gettext_lazy("Hand in for review"),
    _Kind.TAKEN_BACK: gettext_lazy("Take back from review"),
    _Kind.SENT_BACK: gettext_lazy("Send back"),
    _Kind.APPROVED: gettext_lazy("Approve"),
    _Kind.REOPENED: gettext_lazy("Reopen"),
    _Kind.OVERRIDDEN: gettext_lazy("Vouch for the claims"),
    _Kind.PUBLISHED: gettext_lazy("Publish now"),
    _Kind.ARCHIVED: gettext_lazy("Take from readers"),
}


def typed_note(request: HttpRequest) -> str:
    """The reason that was typed, as much of it as is kept; a null byte no column takes."""
    return request.POST.get("note", "").replace("\x00", "").strip()[:1000]


class ReviewedAdmin(admin.ModelAdmin):
    """The part of the admin of texts that is about their review."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.review_view)
        return [path("<int:pk>/review/", view, name=NAME), *super().get_urls()]

    def review_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: the text with its remarks; POST: one act on it."""
        text = CaseText.objects.select_related("case").filter(pk=pk).first()
        if text is None:
            raise Http404
        if not self.has_view_permission(request, text):
            raise PermissionDenied
        revision = text.revisions.order_by("-number").first()
        if request.method == "POST" and revision is not None:
            self._act(request, text, revision)
            return HttpResponseRedirect(request.path)
        return TemplateResponse(
            request, "admin/cases/casetext/review.html", self._context(request, text, revision)
        )

    def _context(
        self, request: HttpRequest, text: CaseText, revision: Revision | None
    ) -> dict[str, Any]:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Review: %(text)s") % {"text": text},
            "original": text,
            "may_comment": request.user.has_perm("cases.add_comment"),
        }
        if revision is None:
            return context
        claims = claims_of(revision, text.language)
        checks = checklist(text, revision, request.user, claims=claims)
        steps = [
            {"offer": one, "label": BUTTONS[_Kind(one.step.kind)]}
            for one in offers(text, checks, request.user)
        ]
        return context | {
            "review": review_of(text, revision),
            "checks": checks,
            "steps": steps,
            "claims": claims,
            "hints": hints(revision),
        }

    def _act(self, request: HttpRequest, text: CaseText, revision: Revision) -> None:
        """One act; what forbids it is told, and what was typed is lost only where it was done."""
        if request.POST.get("seen") != str(revision.number):
            text_ = _("Somebody saved revision %(number)d meanwhile: look at it first.")
            messages.error(request, text_ % {"number": revision.number})
            return
        try:
            if "comment" in request.POST:
                self._comment(request, revision)
            elif "settle" in request.POST:
                self._settle(request, text)
            else:
                self._step(request, text, revision.number)
        except RefusedError as error:
            messages.error(request, str(error))

    def _comment(self, request: HttpRequest, revision: Revision) -> None:
        line = request.POST.get("line", "")
        add_comment(
            revision,
            words=request.POST["comment"],
            line=int(line) if line.isdecimal() and len(line) < 7 else None,
            actor=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("Your comment stands beside the text."))

    def _settle(self, request: HttpRequest, text: CaseText) -> None:
        key = request.POST["settle"]
        comments = Comment.objects.filter(revision__text=text).select_related("revision")
        comment = comments.filter(pk=int(key)).first() if key.isdecimal() else None
        if comment is None:
            raise BadRequest("No comment of this text.")
        if settle_comment(comment, actor=request.user, now=timezone.now()):
            messages.success(request, _("The comment is settled."))
        else:
            messages.info(request, _("Somebody settled this comment before."))

    def _step(self, request: HttpRequest, text: CaseText, seen: int) -> None:
        kind = request.POST.get("step", "")
        if kind not in STEPS:
            raise BadRequest("No step of the workflow.")
        note = typed_note(request)
        release = take_step(
            text, kind, actor=request.user, now=timezone.now(), note=note, seen=seen
        )
        if release is not None and release.state == Release.State.PUBLISHED:
            text_ = _("Published as change %(seq)d.")
            messages.success(request, text_ % {"seq": release.change.seq})
        else:
            text.refresh_from_db()
            text_ = _("The text is now in the state “%(state)s”.")
            messages.success(request, text_ % {"state": text.get_state_display()})


def review_url(text: CaseText) -> str:
    return reverse(f"admin:{NAME}", args=[text.pk])


@admin.register(TextAct)
class TextActAdmin(ReadOnlyAdmin):
    """The log of every act on every text."""

    list_display = ["at", "text", "kind", "revision", "actor", "note"]
    list_filter = ["kind", "text__language", "text__case"]
    list_select_related = ["text__case", "revision__text__case", "actor"]
    search_fields = ["text__case__slug", "note", "actor__username"]
    date_hierarchy = "at"
