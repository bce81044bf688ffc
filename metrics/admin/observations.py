"""Values: read as rows, written as one-row releases."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.admin.grid import GridAdmin
from metrics.admin.statement import StatementForm
from metrics.models import Observation
from metrics.services.corrections import Saved, save_observation, withdraw_observation


class CurrentFilter(admin.SimpleListFilter):
    """Current rows unless history is asked for."""

    title = gettext_lazy("visibility")
    parameter_name = "rows"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("superseded", _("superseded")), ("all", _("all rows"))]

    def choices(self, changelist: Any) -> Any:
        choices = list(super().choices(changelist))
        choices[0]["display"] = _("current")
        return choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "all":
            return queryset
        if self.value() == "superseded":
            return queryset.filter(seq_to__isnull=False)
        return queryset.current()


class WithdrawForm(forms.Form):
    reason_zh_hans = forms.CharField(label=gettext_lazy("Reason (Chinese)"), required=False)
    reason_en = forms.CharField(label=gettext_lazy("Reason (English)"), required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not (data.get("reason_zh_hans") or data.get("reason_en")):
            raise forms.ValidationError(_("Give a reason in at least one language."))
        return data


@admin.register(Observation)
class ObservationAdmin(GridAdmin):
    form = StatementForm
    list_display = ["series", "period", "stated", "value", "stated_by", "preferred", "visible"]
    list_filter = [CurrentFilter, "qualifier", "status", "source", "series__entity"]
    list_select_related = ["series", "source"]
    list_per_page = 50
    search_fields = [
        "series__key",
        "series__entity__name_zh_hans",
        "series__entity__name_en",
        "series__indicator__name_zh_hans",
        "series__indicator__name_en",
        "stated",
    ]
    autocomplete_fields = ["series", "source"]
    save_on_top = True
    change_form_template = "admin/metrics/observation/change_form.html"
    fieldsets = [
        (None, {"fields": ["series", "period", "source"]}),
        (
            gettext_lazy("What the source states"),
            {"fields": ["stated", "locator", "vintage_on", "note", "preferred"]},
        ),
        (
            gettext_lazy("Where the stated text does not say it"),
            {"fields": ["value", "qualifier", "resolution", "status", "null_reason"]},
        ),
        (gettext_lazy("Why it is saved"), {"fields": ["kind", "reason_zh_hans", "reason_en"]}),
    ]

    @admin.display(description=gettext_lazy("source"), ordering="source__slug")
    def stated_by(self, row: Observation) -> str:
        """The slug: titles are too long for a column."""
        return row.source.slug

    @admin.display(description=gettext_lazy("changes"), ordering="seq_from")
    def visible(self, row: Observation) -> str:
        """From which change readers saw the row, and until which."""
        return f"{row.seq_from}–{row.seq_to or ''}"

    def get_urls(self) -> list[Any]:
        withdraw = self.admin_site.admin_view(self.withdraw_view)
        own = [path("<path:object_id>/withdraw/", withdraw, name="metrics_observation_withdraw")]
        return own + super().get_urls()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("series", "period", "source") if obj else ()

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        row = context.get("original")
        if row is not None:
            context |= {"title": f"{row.series.key} · {row.period}", "subtitle": None}
        return super().render_change_form(request, context, *args, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A superseded row is history and only to be read."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.seq_to is None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The row itself is never saved: the service closes it and inserts the next."""
        saved = save_observation(
            series=obj.series,
            period=obj.period,
            source=obj.source,
            kind=form.cleaned_data["kind"],
            reason=form.reason,
            actor=request.user,
            now=timezone.now(),
            **form.statement,
        )
        self._report(request, saved)
        current = Observation.objects.current().filter(
            series=obj.series, period=obj.period, source=obj.source
        )
        obj.pk = current.values_list("pk", flat=True).first() or obj.pk

    def _report(self, request: HttpRequest, saved: Saved) -> None:
        if saved.change is not None:
            messages.success(request, _("Published as change %(seq)d.") % {"seq": saved.change.seq})
        else:
            messages.info(request, _("Saved as a release that waits for a publisher's approval."))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return super().log_addition(request, obj, message) if obj.pk else None

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> Any:
        return self._after(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._after(request, obj)

    def _after(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if "_addanother" in request.POST:
            return HttpResponseRedirect(reverse("admin:metrics_observation_add"))
        if "_continue" in request.POST and obj.pk:
            return HttpResponseRedirect(reverse("admin:metrics_observation_change", args=[obj.pk]))
        return HttpResponseRedirect(reverse("admin:metrics_observation_changelist"))

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        observation = self.get_object(request, unquote(object_id))
        if observation is None:
            raise Http404
        if not self.has_change_permission(request, observation):
            raise PermissionDenied
        form = WithdrawForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            reason = {
                "zh-hans": form.cleaned_data["reason_zh_hans"],
                "en": form.cleaned_data["reason_en"],
            }
            saved = withdraw_observation(
                observation, reason=reason, actor=request.user, now=timezone.now()
            )
            self._report(request, saved)
            return HttpResponseRedirect(reverse("admin:metrics_observation_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Withdraw a value"),
            "observation": observation,
            "form": form,
        }
        return TemplateResponse(request, "admin/metrics/observation/withdraw.html", context)
