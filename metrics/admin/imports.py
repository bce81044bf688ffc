"""Imports: files handed in, checked, published, undone."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from metrics.admin.import_side_pages import SidePagesAdmin
from metrics.admin.import_upload import UploadAdmin
from metrics.models import ImportBatch


@admin.register(ImportBatch)
class ImportBatchAdmin(UploadAdmin, SidePagesAdmin):
    """The list of imports; what is done with one has pages of its own."""

    change_list_template = "admin/metrics/importbatch/change_list.html"
    list_display = [
        "file_name",
        "layout",
        "state",
        "new",
        "changed",
        "withdrawn",
        "errors",
        "uploaded_by",
        "uploaded_at",
    ]
    list_filter = ["state", "layout", "uploaded_at"]
    list_select_related = ["layout", "uploaded_by"]
    search_fields = ["file_name", "sha256"]
    date_hierarchy = "uploaded_at"
    list_per_page = 50

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was handed in is kept: it is discarded, not deleted."""
        return False
