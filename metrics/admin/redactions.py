"""Redactions in the admin: asking, what it would blank, and the second person's decision."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.admin.bases import ReadOnlyAdmin
from metrics.models import TwoPersonAct, ValueRedaction
from metrics.participants import RefusedError
from metrics.services.redacting import (
    ask_value_redaction,
    lift_value_redaction,
    reach_of_value,
    redact_value,
)
from metrics.services.two_persons import refuse

# What `reach_of_…` and `blanked` count, in words.
COUNTED = {
    "observations": gettext_lazy("Observations, of every source and vintage"),
    "staged": gettext_lazy("Values in releases"),
    "import_rows": gettext_lazy("Rows of files"),
    "files": gettext_lazy("Kept files, which are removed"),
    "revisions": gettext_lazy("Revisions"),
    "drafts": gettext_lazy("Unsaved words"),
    "comments": gettext_lazy("Comments"),
    "acts": gettext_lazy("Notes on acts"),
    "drift": gettext_lazy("Rows of the drift queue"),
    "releases": gettext_lazy("Titles and reasons of releases"),
    "claims": gettext_lazy("Claims"),
    "pages": gettext_lazy("Kept pages"),
}


class TwoPersonAdmin(ReadOnlyAdmin):
    """For superusers alone: one asks by the form, another decides on the page of the row."""

    list_filter = ["state"]
    list_select_related = ["asked_by", "decided_by"]
    list_per_page = 50
    actions = None
    template = "admin/metrics/valueredaction/decide.html"
    can_lift = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def ask(self, act: Any, actor: Any) -> None:
        raise NotImplementedError

    def carry_out(self, act: Any, actor: Any) -> None:
        raise NotImplementedError

    def lift(self, act: Any, actor: Any) -> None:
        raise BadRequest("It cannot be lifted.")

    def reach(self, act: Any) -> dict[str, int]:
        raise NotImplementedError

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """A form whose last check is the asking itself: a refusal is shown and nothing is kept."""
        form = super().get_form(request, *args, **kwargs)
        asking = self

        class AskingForm(form):  # type: ignore[misc,valid-type]
            def _post_clean(self) -> None:
                super()._post_clean()
                if self.errors:
                    return
                try:
                    with transaction.atomic():
                        asking.ask(self.instance, request.user)
                except RefusedError as error:
                    self.instance.pk = None
                    self.add_error(None, str(error))

        return AskingForm

    def save_model(
        self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool
    ) -> None:
        """The form has asked already."""

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kw: Any) -> Any:
        """GET: what was asked, and what it would blank; POST: what becomes of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        act = self.get_object(request, unquote(object_id))
        if act is None:
            raise Http404
        if request.method == "POST":
            return self._decide(request, act)
        is_waiting = act.state == TwoPersonAct.State.ASKED
        counts = self.reach(act) if is_waiting else act.blanked
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(act),
            "act": act,
            "counts": [(COUNTED[name], n) for name, n in counts.items()],
            "is_waiting": is_waiting,
            "may_do": is_waiting and act.asked_by_id != request.user.pk,
            "may_lift": act.state == TwoPersonAct.State.DONE and self.can_lift,
        }
        return TemplateResponse(request, self.template, context)

    def _decide(self, request: HttpRequest, act: Any) -> HttpResponse:
        try:
            match request.POST.get("act", ""):
                case "do":
                    self.carry_out(act, request.user)
                    messages.success(request, _("It is taken out of the record."))
                case "refuse":
                    with transaction.atomic():
                        refuse(act, actor=request.user, now=timezone.now())
                    messages.success(request, _("Nothing was changed."))
                case "lift":
                    self.lift(act, request.user)
                    messages.success(request, _("New values are taken again."))
                case _:
                    raise BadRequest("No decision.")
        except RefusedError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.path)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        return HttpResponseRedirect(reverse(name))


@admin.register(ValueRedaction)
class ValueRedactionAdmin(TwoPersonAdmin):
    """Values that are taken out of all history."""

    list_display = ["__str__", "state", "asked_by", "asked_at", "decided_by", "decided_at"]
    search_fields = ["series__key", "period"]
    list_select_related = ["series", "asked_by", "decided_by"]
    autocomplete_fields = ["series"]
    fields = ["series", "period", "reason_zh_hans", "reason_en"]
    can_lift = True

    def ask(self, act: Any, actor: Any) -> None:
        ask_value_redaction(act, actor=actor, now=timezone.now())

    def carry_out(self, act: Any, actor: Any) -> None:
        redact_value(act, actor=actor, now=timezone.now())

    def lift(self, act: Any, actor: Any) -> None:
        lift_value_redaction(act, actor=actor)

    def reach(self, act: Any) -> dict[str, int]:
        return reach_of_value(act)
