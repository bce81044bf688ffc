"""What was written and what readers saw: to be read only."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases.models import Export, PageSnapshot, Publication, ReleaseText, Revision
from cases.selectors.exports import offered_exports
from metrics.admin.bases import ReadOnlyAdmin
from metrics.admin.releases import ReleaseAdmin


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ["text", "number", "title", "note", "created_at", "created_by"]
    list_filter = ["text__language", "text__case"]
    list_select_related = ["text__case", "created_by"]
    search_fields = ["title", "standfirst", "body", "note"]
    date_hierarchy = "created_at"


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    list_display = ["text", "revision", "release", "seq_from", "seq_to"]
    list_filter = ["text__language", "text__case"]
    list_select_related = ["text__case", "revision__text__case", "release"]
    fields = ["text", "revision", "release", "seq_from", "seq_to"]


@admin.register(PageSnapshot)
class PageSnapshotAdmin(ReadOnlyAdmin):
    list_display = ["path", "seq_from", "seq_to", "keep"]
    list_filter = ["keep"]
    search_fields = ["path"]
    fields = ["path", "etag", "depends_on", "keep", "seq_from", "seq_to"]
    actions = ["render_anew"]

    @admin.action(description=_("Render the selected pages anew"))
    def render_anew(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        count, _rows = queryset.filter(seq_to=None).delete()
        text = ngettext(
            "%(n)d page is rendered at the next request.",
            "%(n)d pages are rendered at the next request.",
            count,
        )
        messages.success(request, text % {"n": count})


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    """The data packages that partners can take, and which of them are offered no more."""

    list_display = ["seq", "published_at", "built_at", "rows", "weight", "is_offered", "sha256"]
    fields = ["seq", "published_at", "built_at", "rows", "weight", "is_offered", "sha256", "link"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Export]:
        offered = Exists(offered_exports().filter(pk=OuterRef("pk")))
        return super().get_queryset(request).annotate(offered=offered)

    @admin.display(description=_("size"), ordering="size")
    def weight(self, export: Export) -> str:
        return filesizeformat(export.size)

    @admin.display(description=_("offered"), boolean=True)
    def is_offered(self, export: Any) -> bool:
        """Not where something of it was taken out of the record, or may not be passed on."""
        return bool(export.offered)

    @admin.display(description=_("file"))
    def link(self, export: Any) -> str:
        if not export.offered:
            return "—"
        url = reverse("api:export-file", args=[export.seq])
        return format_html('<a href="{}">{}</a>', url, url)


class ReleaseTextInline(admin.TabularInline):
    """The texts of a release, shown in the release that metrics registers."""

    model = ReleaseText
    extra = 0
    max_num = 0
    can_delete = False
    fields = ("words",)
    readonly_fields = ("words",)

    @admin.display(description=_("case text"))
    def words(self, item: ReleaseText) -> str:
        """The revision with its title, leading to what it says."""
        revision = item.revision
        url = reverse("admin:cases_revision_change", args=[revision.pk])
        return format_html('<a href="{}">{}</a> {}', url, revision, revision.title)


ReleaseAdmin.inlines = [*ReleaseAdmin.inlines, ReleaseTextInline]
