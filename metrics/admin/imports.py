"""Imports: files handed in, checked, published, undone."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from metrics.admin.import_side_pages import SidePagesAdmin
from metrics.admin.import_upload import UploadAdmin
from metrics.models import ImportBatch


@admin.register(ImportBatch)
class ImportBatchAdmin(UploadAdmin, SidePagesAdmin):
    """The list of imports; what is done with one has pages of its own."""

    change_list_template = "admin/metrics/importbatch/change_list.html"
    list_display = [
        "file_name",
        "state",
        "layout",
        "new",
        "changed",
        "withdrawn",
        "errors",
        "uploaded",
    ]
    list_filter = ["state", "layout"]
    list_select_related = ["layout", "uploaded_by"]
    search_fields = ["file_name", "sha256"]
    date_hierarchy = "uploaded_at"
    list_per_page = 50

    class Media:
        css = {"all": ["css/admin/imports.css"]}

    @admin.display(description=_("uploaded at"), ordering="uploaded_at")
    def uploaded(self, batch: ImportBatch) -> str:
        at = f"{localtime(batch.uploaded_at):%Y-%m-%d %H:%M}"
        return f"{at} · {batch.uploaded_by}" if batch.uploaded_by else at

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was handed in is kept: it is discarded, not deleted."""
        return False
