"""Redefining an indicator: its next version, what may be compared across, and the way back."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.models import Change, Indicator, Redefinition
from metrics.selectors.breaks import Reach, reach_of
from metrics.services.publishing import may_publish
from metrics.services.redefinitions import RedefinitionError, redefine, set_comparable, take_back

LONG = {"rows": 3, "class": "vLargeTextField"}
Act = Callable[[forms.Form], Change]


def _text(label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs=LONG)
    return forms.CharField(label=label, required=False, widget=widget, help_text=help_text)


def texts(form: forms.Form, name: str) -> dict[str, str]:
    """The texts of a pair of fields by language code."""
    data = form.cleaned_data
    return {"zh-hans": data[f"{name}_zh_hans"], "en": data[f"{name}_en"]}


class ReasonForm(forms.Form):
    """The reason of the release that the act makes."""

    reason_zh_hans = _text(
        gettext_lazy("Reason (Chinese)"),
        gettext_lazy("Shown with the release; in one language at least."),
    )
    reason_en = _text(gettext_lazy("Reason (English)"))

    def refuse(self, error: RedefinitionError) -> None:
        """Show a refusal at the field it names."""
        near = (error.field, f"{error.field}_zh_hans")
        self.add_error(next((name for name in near if name in self.fields), None), error.message)


class ComparableForm(ReasonForm):
    comparable_zh_hans = _text(
        gettext_lazy("Why both may be compared (Chinese)"),
        gettext_lazy(
            "Only where values before and since mean the same for a reader, for instance because "
            "the earlier ones were restated. Left empty, growth across is null: break."
        ),
    )
    comparable_en = _text(gettext_lazy("Why both may be compared (English)"))
    field_order: tuple[str, ...] = ("comparable_zh_hans", "comparable_en")


class RedefineForm(ComparableForm):
    since = forms.CharField(
        label=gettext_lazy("First period by the new definition"),
        max_length=32,
        help_text=gettext_lazy(
            "2018, 2018-Q3, 2018-07 or 2018-07-01. A period is measured by the definition of its "
            "last day."
        ),
    )
    definition_zh_hans = _text(gettext_lazy("New definition (Chinese)"))
    definition_en = _text(gettext_lazy("New definition (English)"))
    field_order = ("since", "definition_zh_hans", "definition_en", *ComparableForm.field_order)


class RedefinedAdmin:
    """For the admin of indicators: the pages of their redefinitions."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[Any]:
        pages = {
            "redefine": ("<path:object_id>/redefine/", self.redefine_view),
            "comparable": ("<path:object_id>/versions/<int:pk>/comparable/", self.comparable_view),
            "take_back": ("<path:object_id>/versions/<int:pk>/take-back/", self.take_back_view),
        }
        own = [
            path(route, self.admin_site.admin_view(view), name=f"metrics_indicator_{name}")
            for name, (route, view) in pages.items()
        ]
        return own + super().get_urls()  # type: ignore[misc]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        indicator = context.get("original")
        if indicator is not None:
            context["may_redefine"] = self.may_redefine(request, indicator)
            context["redefinitions"] = list(indicator.redefinitions.current().order_by("-version"))
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]

    def may_redefine(self, request: HttpRequest, indicator: Indicator) -> bool:
        allowed = self.has_change_permission(request, indicator)  # type: ignore[attr-defined]
        return bool(allowed and may_publish(request.user))

    def redefine_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The next version of the definition; the form starts with the text that stands."""
        indicator = self._indicator(request, object_id)
        initial = {
            "definition_zh_hans": indicator.definition_zh_hans,
            "definition_en": indicator.definition_en,
        }

        def act(form: forms.Form) -> Change:
            return redefine(
                indicator,
                since=form.cleaned_data["since"],
                definition=texts(form, "definition"),
                comparable=texts(form, "comparable"),
                reason=texts(form, "reason"),
                actor=request.user,
                now=timezone.now(),
            )

        title = _("Redefine “%(indicator)s”") % {"indicator": indicator}
        form = RedefineForm(request.POST or None, initial=initial)
        return self._page(request, indicator, form, act, title, verb=_("Publish the redefinition"))

    def comparable_view(self, request: HttpRequest, object_id: str, pk: int) -> HttpResponse:
        indicator = self._indicator(request, object_id)
        row = self._redefinition(indicator, pk)

        def act(form: forms.Form) -> Change:
            return set_comparable(
                row,
                texts(form, "comparable"),
                reason=texts(form, "reason"),
                actor=request.user,
                now=timezone.now(),
            )

        initial = {
            "comparable_zh_hans": row.comparable_zh_hans,
            "comparable_en": row.comparable_en,
        }
        title = _("Compare before and since %(period)s: “%(indicator)s”") % {
            "period": row.since,
            "indicator": indicator,
        }
        form = ComparableForm(request.POST or None, initial=initial)
        return self._page(request, indicator, form, act, title, verb=_("Publish"))

    def take_back_view(self, request: HttpRequest, object_id: str, pk: int) -> HttpResponse:
        indicator = self._indicator(request, object_id)
        row = self._redefinition(indicator, pk)

        def act(form: forms.Form) -> Change:
            return take_back(
                row, reason=texts(form, "reason"), actor=request.user, now=timezone.now()
            )

        title = _("Take back version %(version)d: “%(indicator)s”") % {
            "version": row.version,
            "indicator": indicator,
        }
        form = ReasonForm(request.POST or None)
        return self._page(request, indicator, form, act, title, verb=_("Take back"), restored=row)

    def _page(
        self,
        request: HttpRequest,
        indicator: Indicator,
        form: ReasonForm,
        act: Act,
        title: str,
        *,
        verb: str,
        restored: Redefinition | None = None,
    ) -> HttpResponse:
        if request.method == "POST" and form.is_valid():
            try:
                change = act(form)
            except RedefinitionError as error:
                form.refuse(error)
            else:
                messages.success(request, _("Published as change %(seq)d.") % {"seq": change.seq})
                return HttpResponseRedirect(
                    reverse("admin:metrics_indicator_change", args=[indicator.pk])
                )
        reach: Reach = reach_of(indicator)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "indicator": indicator,
            "form": form,
            "verb": verb,
            "restored": restored,
            "reach": reach,
        }
        return TemplateResponse(request, "admin/metrics/indicator/redefine.html", context)

    def _indicator(self, request: HttpRequest, object_id: str) -> Indicator:
        indicator: Indicator | None = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if indicator is None:
            raise Http404
        if not self.may_redefine(request, indicator):
            raise PermissionDenied
        return indicator

    def _redefinition(self, indicator: Indicator, pk: int) -> Redefinition:
        row: Redefinition | None = indicator.redefinitions.current().filter(pk=pk).first()
        if row is None:
            raise Http404
        return row
