"""What the admins here share: read-only rows, and definitions that tick the clock when saved."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from simple_history.admin import SimpleHistoryAdmin
from translated_fields import TranslatedFieldAdmin

from metrics.admin.searching import SearchOne
from metrics.selectors.usage import uses_of
from metrics.services.publishing import may_publish, publish_definitions
from metrics.services.rules import RuleError
from metrics.translation import translated


class ReadOnlyAdmin(TranslatedFieldAdmin, admin.ModelAdmin):
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

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What is in use is not deleted, alone or with others: by what, and how often, is told."""
        used = [f"{row} – {use}" for row in objs for use in uses_of(row)]
        if used:
            return [], {}, set(), used
        return super().get_deleted_objects(objs, request)  # type: ignore[misc]

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


class KeptAdmin(TranslatedFieldAdmin, SimpleHistoryAdmin):
    """Rows with their history, which is read and not reverted."""

    save_on_top = True
    list_per_page = 50
    # What texts, files and past values refer to: it stays as it is once saved.
    fixed_fields: tuple[str, ...] = ()

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        for name in self.fixed_fields if obj is not None else ():
            if name in form.base_fields:
                form.base_fields[name].disabled = True
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A search field without words has no name to read out."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchOne(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        """The history is read: reverting would save past the clock and without the inlines."""
        return True

    def history_form_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":  # the library hides the button and still takes the form
            raise PermissionDenied
        response: HttpResponse = super().history_form_view(request, *args, **kwargs)
        return response


class DefinitionAdmin(PublishedOnSave, KeptAdmin):
    """A definition with its history; rules that no longer fit are refused in the form."""

    # Where the form shows why the rules refuse what was entered; None: above all fields.
    refused_field: str | None = None

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Rules are expanded while saving; a refusal takes everything back and is shown."""
        try:
            response: HttpResponse = super().changeform_view(request, *args, **kwargs)
        except RuleError as error:
            request.refusal = translated(error.message)  # type: ignore[attr-defined]
            response = super().changeform_view(request, *args, **kwargs)
        return response

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        refusal = getattr(request, "refusal", None)
        return _refused(form, self.refused_field, refusal) if refusal else form


def _refused(form_class: Any, field: str | None, reason: str) -> Any:
    """The form with the refusal among its errors, so that it is shown again as filled in."""

    class RefusedForm(form_class):
        def clean(self) -> Any:
            data = super().clean()
            self.add_error(field, reason)
            return data

    return RefusedForm
