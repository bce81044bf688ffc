"""Cases: what they are about; their words are in their texts."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from cases.models import Case, CaseText
from metrics.admin.bases import PublishedOnSave


class TextInline(admin.TabularInline):
    """The languages of a case, with the way to their words."""

    model = CaseText
    extra = 0
    fields = ("language", "state")
    readonly_fields = ("state",)
    show_change_link = True
    can_delete = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A text keeps its language; a further language is added."""
        return False


@admin.register(Case)
class CaseAdmin(PublishedOnSave, admin.ModelAdmin):
    list_display = ["slug", "kind", "position", "languages"]
    list_filter = ["kind", "technologies", "entities"]
    search_fields = ["slug", "texts__revisions__title"]
    filter_horizontal = ["technologies", "entities"]
    inlines = [TextInline]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("texts")

    @admin.display(description=_("texts"))
    def languages(self, case: Case) -> str:
        links = (
            (
                reverse("admin:cases_casetext_change", args=[text.pk]),
                text.get_language_display(),
                text.get_state_display(),
            )
            for text in case.texts.all()
        )
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a> ({})', links) or "—"
