"""Layouts: how a file of values is read, filled in without writing any code."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from metrics.admin.bases import KeptAdmin
from metrics.admin.layout_fields import ColumnsField, LinesField, MappingField
from metrics.admin.layout_try import TryLayoutAdmin
from metrics.models import ImportLayout

# Not taken over by a copy: what names the layout.
OWN = {"id", "slug", "name_zh_hans", "name_en"}


class ImportLayoutForm(forms.ModelForm):
    columns = ColumnsField(
        label=_("columns"),
        help_text=_(
            "Type the text of the header as it stands in the file. Leave empty what the file "
            "has no column for: what is the same for every row is chosen further down."
        ),
    )
    missing_markers = LinesField(
        required=False,
        max_length=2_000,
        label=_("cells that mean “no value”"),
        widget=forms.Textarea(attrs={"rows": 3, "cols": 20}),
        help_text=_("One a line, such as .. or NA. An empty cell always counts."),
    )
    entities = MappingField(
        required=False,
        label=_("entities by code"),
        widget=forms.Textarea(attrs={"rows": 5, "cols": 50}),
        help_text=_("One a line, “code = slug”: for codes that are not found by themselves."),
    )
    indicators = MappingField(
        required=False,
        label=_("indicators or series by code"),
        widget=forms.Textarea(attrs={"rows": 3, "cols": 50}),
        help_text=_(
            "One a line, “code = key”: for codes that are not keys of ours. In a wide file headed "
            "by series, “header = key of the series”."
        ),
    )

    class Meta:
        model = ImportLayout
        fields = "__all__"  # noqa: DJ007 (every field is an editor's)
        help_texts = {
            "slug": _("A short name for addresses and the command line, such as world-bank-gdp."),
            "header_row": _("1 is the first row; rows above it are left out."),
            "shape": _(
                "Long: each row has one value. Wide: the values stand side by side, under years, "
                "indicators or series."
            ),
            "headers": _("Only for a wide file."),
            "indicator": _("Where the file has no column for it."),
            "source": _("Where the file has no column for it."),
            "thousands_mark": _("1,234,567.8 has commas and a point."),
            "precision": _(
                "3.1 to the last digit printed may be anything from 3.05 to 3.15; choose exactly "
                "where the file gives computed numbers with many digits."
            ),
            "missing_reason": _("Only where such rows are recorded."),
            "unknown_entities": _(
                "New ones, and new series, are shown before anything is published."
            ),
            "mode": _(
                "Past vintages are what a source said before; they need a right of their own."
            ),
        }


@admin.register(ImportLayout)
class ImportLayoutAdmin(TryLayoutAdmin, KeptAdmin):
    """Saving one changes nothing for readers: files read by it wait until they are published."""

    form = ImportLayoutForm
    change_form_template = "admin/metrics/importlayout/change_form.html"
    fixed_fields = ("slug",)
    list_display = ["slug", "name_zh_hans", "name_en", "shape", "source", "batch_count"]
    list_filter = ["shape", "mode"]
    list_select_related = ["source"]
    search_fields = ["slug", "name_zh_hans", "name_en"]
    autocomplete_fields = ["indicator", "source"]
    fieldsets = [
        (None, {"fields": ["slug", "name_zh_hans", "name_en"]}),
        (_("The file"), {"fields": ["file_kind", "sheet", "encoding", "delimiter", "header_row"]}),
        (_("Its columns"), {"fields": ["shape", "headers", "columns"]}),
        (
            _("The same for every row"),
            {"fields": ["indicator", "source", "frequency", "period_format"]},
        ),
        (
            _("Numbers"),
            {"fields": ["scale", "decimal_mark", "thousands_mark", "precision"]},
        ),
        (
            _("Where there is no value"),
            {"fields": ["missing_markers", "missing", "missing_reason"]},
        ),
        (
            _("Who and what"),
            {"fields": ["entity_codes", "entities", "unknown_entities", "indicators"]},
        ),
        (_("What an import does"), {"fields": ["mode", "complete", "preferred"]}),
    ]

    class Media:
        css = {"all": ["css/admin/imports.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportLayout]:
        rows: QuerySet[ImportLayout] = super().get_queryset(request)
        return rows.annotate(batch_count=Count("batches"))

    @admin.display(description=_("imports"), ordering="batch_count")
    def batch_count(self, layout: Any) -> int:
        return int(layout.batch_count)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What a file was read by is kept."""
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.batches.exists())

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """`?copy=7`: as that layout, but for what names it."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        number = initial.pop("copy", "")
        model = self._copied(request, number) if number.isascii() and number.isdigit() else None
        if model is not None:
            copied = forms.model_to_dict(model)
            initial |= {name: value for name, value in copied.items() if name not in OWN}
        return initial

    def _copied(self, request: HttpRequest, number: str) -> ImportLayout | None:
        return self.get_queryset(request).filter(pk=number[:18]).first()
