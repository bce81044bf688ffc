"""What the admins here share: read-only rows, and definitions that tick the clock when saved."""

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from metrics.services.publishing import may_publish, publish_definitions
from metrics.services.rules import RuleError


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only services write."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PublishedOnSave:
    """Saving goes live at once, so it takes a publisher and ticks the clock.

    The tick is in `save_related`, which Django calls last, in the transaction of the save.
    """

    def has_add_permission(self, request: HttpRequest) -> bool:
        allowed: bool = super().has_add_permission(request)  # type: ignore[misc]
        return allowed and may_publish(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed: bool = super().has_change_permission(request, obj)  # type: ignore[misc]
        return allowed and may_publish(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed: bool = super().has_delete_permission(request, obj)  # type: ignore[misc]
        return allowed and may_publish(request.user)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        self.publish(request, form.instance, form)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with transaction.atomic():
            super().delete_model(request, obj)  # type: ignore[misc]
            self.publish(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        with transaction.atomic():
            super().delete_queryset(request, queryset)  # type: ignore[misc]
            self.publish(request, queryset.model._meta.verbose_name_plural)

    def publish(self, request: HttpRequest, what: Any, form: Any = None) -> None:
        publish_definitions(actor=request.user, now=timezone.now(), what=str(what))


class DefinitionAdmin(PublishedOnSave, SimpleHistoryAdmin):
    """A definition with its history; rules that no longer fit are refused with the reason."""

    save_on_top = True
    list_per_page = 50

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        """The history is read: reverting would save past the clock and without the inlines."""
        return True

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().changeform_view(request, *args, **kwargs)
        except RuleError as error:
            messages.error(request, _("Nothing was saved: %(error)s") % {"error": error})
            return HttpResponseRedirect(request.path)
        return response
