"""The ledger of claims, and the queue of sentences that data changed."""

from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.admin.review import typed_note
from cases.markup.difference import word_pieces
from cases.models import Drift, LedgerEntry
from cases.selectors.waiting import queue_workers
from cases.services.drift import (
    accept_drift,
    assign_drift,
    dismiss_report,
    open_for_rewrite,
    settle_report,
)
from metrics.admin.bases import ReadOnlyAdmin
from metrics.participants import RefusedError

NAME: Final = "cases_drift_settle"


class OfLiveTexts(admin.SimpleListFilter):
    """Claims of what readers see now; the others were true of earlier publications."""

    title = gettext_lazy("publication")
    parameter_name = "live"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("all", gettext_lazy("Earlier ones too"))]

    def choices(self, changelist: Any) -> Any:
        found = list(super().choices(changelist))
        found[0]["display"] = _("Live")
        return iter(found)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset if self.value() == "all" else queryset.filter(publication__seq_to=None)


@admin.register(LedgerEntry)
class LedgerAdmin(ReadOnlyAdmin):
    """Every claim of every live text, with how it stands."""

    list_display = ["printed", "state", "text", "part", "line", "seq"]
    list_filter = [
        OfLiveTexts, "state", "publication__text__language", "publication__text__case",
    ]  # fmt: skip
    list_select_related = ["publication__text__case"]
    search_fields = ["printed", "source", "publication__text__case__slug"]
    fields = [
        "text", "part", "line", "printed", "source", "state", "reason", "seq", "held", "held_at",
    ]  # fmt: skip
    list_per_page = 50

    @admin.display(description=gettext_lazy("text"), ordering="publication__text__case__slug")
    def text(self, entry: LedgerEntry) -> str:
        return str(entry.publication.text)


class StillOpen(admin.SimpleListFilter):
    """What waits for somebody, unless asked otherwise."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        settled = [(key, label) for key, label in Drift.State.choices if key != Drift.State.OPEN]
        return [*settled, ("all", gettext_lazy("All"))]

    def choices(self, changelist: Any) -> Any:
        found = list(super().choices(changelist))
        found[0]["display"] = Drift.State.OPEN.label
        return iter(found)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = self.value()
        if wanted == "all":
            return queryset
        return queryset.filter(state=wanted if wanted in Drift.State else Drift.State.OPEN)


class AssignedToMe(admin.SimpleListFilter):
    title = gettext_lazy("assigned to")
    parameter_name = "assigned"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("me", gettext_lazy("Me")), ("nobody", gettext_lazy("Nobody"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "me":
            return queryset.filter(assigned=request.user.pk)
        return queryset.filter(assigned=None) if self.value() == "nobody" else queryset


@admin.register(Drift)
class DriftAdmin(ReadOnlyAdmin):
    """The queue. A row leads to its page, where it is accepted, rewritten, assigned."""

    list_display = ["after_or_report", "kind", "about", "at", "assigned"]
    list_filter = [StillOpen, "kind", AssignedToMe, "text__language", "text__case"]
    list_select_related = ["text__case", "series", "assigned"]
    search_fields = ["before", "after", "report", "text__case__slug", "series__key"]
    actions = ["accept"]
    list_per_page = 50

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.settle_view)
        return [path("<int:pk>/settle/", view, name=NAME), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kw: Any) -> Any:
        """A row has one page, which is ours."""
        if not self.has_view_permission(request) or not object_id.isdecimal():
            return super().change_view(request, object_id, *args, **kw)
        return self.settle_view(request, int(object_id))

    @admin.display(description=gettext_lazy("sentence"), ordering="after")
    def after_or_report(self, drift: Drift) -> str:
        return (drift.report or drift.after)[:160]

    @admin.display(description=gettext_lazy("text or series"), ordering="text__case__slug")
    def about(self, drift: Drift) -> str:
        return drift.about

    def has_accept_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("cases.change_drift")

    @admin.action(
        description=gettext_lazy("Accept the new figures of the selected"), permissions=["accept"]
    )
    def accept(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        now, accepted, refused = timezone.now(), 0, 0
        for drift in queryset.order_by("pk"):
            try:
                accept_drift(drift, actor=request.user, now=now)
                accepted += 1
            except RefusedError:
                refused += 1
        text = ngettext("%(n)d sentence accepted.", "%(n)d sentences accepted.", accepted)
        messages.success(request, text % {"n": accepted})
        if refused:
            text = ngettext(
                "%(n)d was left: it needs a look of its own.",
                "%(n)d were left: each needs a look of its own.",
                refused,
            )
            messages.warning(request, text % {"n": refused})

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: the sentence before and after; POST: what becomes of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = Drift.objects.select_related("text__case", "series", "assigned", "settled_by")
        drift = rows.filter(pk=pk).first()
        if drift is None:
            raise Http404
        if request.method == "POST":
            return self._act(request, drift)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("What became of a sentence"),
            "drift": drift,
            "pieces": word_pieces(drift.before, drift.after),
            "may_work": drift.is_open and request.user.has_perm("cases.change_drift"),
            "may_write": request.user.has_perm("cases.change_casetext"),
            "workers": queue_workers() if drift.is_open else (),
        }
        return TemplateResponse(request, "admin/cases/drift/settle.html", context)

    def _act(self, request: HttpRequest, drift: Drift) -> HttpResponse:
        given: dict[str, Any] = {"actor": request.user, "now": timezone.now()}
        note = typed_note(request)
        try:
            match request.POST.get("act", ""):
                case "accept":
                    accept_drift(drift, note=note, **given)
                case "dismiss":
                    dismiss_report(drift, note=note, **given)
                case "mended":
                    settle_report(drift, note=note, **given)
                case "rewrite":
                    text = open_for_rewrite(drift, **given)
                    return HttpResponseRedirect(
                        reverse("admin:cases_casetext_change", args=[text.pk])
                    )
                case "assign":
                    return self._assign(request, drift)
                case _:
                    raise BadRequest("No act on the queue.")
        except RefusedError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.path)
        messages.success(request, _("Settled."))
        return HttpResponseRedirect(reverse("admin:cases_drift_changelist"))

    def _assign(self, request: HttpRequest, drift: Drift) -> HttpResponse:
        key = request.POST.get("to", "")
        to = next((one for one in queue_workers() if str(one.pk) == key), None)
        if key and to is None:
            raise BadRequest("Nobody who works on the queue.")
        assign_drift(drift, to, actor=request.user)
        text = _("Assigned to %(user)s.") % {"user": to} if to else _("Assigned to nobody.")
        messages.success(request, text)
        return HttpResponseRedirect(request.path)
