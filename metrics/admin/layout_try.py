"""Trying a layout: choose a file and see how its first rows would be read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.models import ImportLayout, NullReason, Qualifier
from metrics.selectors.import_problems import ProblemLine, problem_text
from metrics.services.imports.trying import MOST_VALUES, ROWS, Tried, TriedValue, try_layout

PAGE = "metrics_importlayout_try"
TEMPLATE = "admin/metrics/importlayout/try.html"


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("file"),
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )


class TryLayoutAdmin(admin.ModelAdmin):
    """The page's address, for the admin of layouts."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.try_view)
        return [path("<int:pk>/try/", view, name=PAGE), *super().get_urls()]

    def try_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        layout = ImportLayout.objects.select_related("indicator").filter(pk=pk).first()
        if layout is None:
            raise Http404
        form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Try it: %(layout)s") % {"layout": layout},
            "layout": layout,
            "form": form,
            "limits": {"rows": ROWS, "values": MOST_VALUES},
        }
        if request.method == "POST" and form.is_valid():
            context |= _shown(layout, form.cleaned_data["file"])
        return TemplateResponse(request, TEMPLATE, context)


def _shown(layout: ImportLayout, file: Any) -> dict[str, Any]:
    tried = try_layout(layout, file, file.name, size=file.size)
    return {
        "tried": tried,
        "file_name": file.name,
        "values": [(value, _words(value, layout)) for value in tried.values],
        "problems": _problems(tried),
    }


def _words(value: TriedValue, layout: ImportLayout) -> str:
    """What is to be said beside a value: its qualifier, or why there is none."""
    if value.qualifier and value.qualifier != Qualifier.EXACT:
        return str(Qualifier(value.qualifier).label)
    return "" if value.value else str(NullReason(value.null_reason or layout.missing_reason).label)


def _problems(tried: Tried) -> list[ProblemLine]:
    return [
        ProblemLine(one.row, one.column, one.cell, problem_text(one.code, one.params))
        for one in tried.problems
    ]
