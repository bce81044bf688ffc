"""Groups and rules; a definition that does not fit is refused in the form."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from metrics.admin.bases import DefinitionAdmin
from metrics.models import Group, GroupMember, Rule
from metrics.services.publishing import publish_definitions
from metrics.services.rules import RuleError

EXAMPLE = (
    '{"output": "webank.npl-gap", "inputs": {"minuend": "banking-industry.npl-ratio",'
    ' "subtrahend": "webank.npl-ratio"}}'
)


class MemberInline(admin.TabularInline):
    model = GroupMember
    extra = 1
    autocomplete_fields = ["series"]


@admin.register(Group)
class GroupAdmin(DefinitionAdmin):
    list_display = ["key", "name_zh_hans", "name_en", "total"]
    list_select_related = ["total"]
    search_fields = ["key", "name_zh_hans", "name_en"]
    autocomplete_fields = ["total"]
    inlines = [MemberInline]


class RuleForm(forms.ModelForm):
    """A rule with its definition; saving a changed definition makes the next version."""

    definition = forms.JSONField(
        label=_("definition"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 100, "class": "vLargeTextField"}),
        help_text=_(
            "output: a series, or an indicator for every member of the group; inputs by role "
            "(ratio: numerator, denominator; difference: minuend, subtrahend); outputs: member "
            "by member. Example: %(example)s"
        )
        % {"example": EXAMPLE},
    )

    class Meta:
        model = Rule
        fields = ["key", "name_zh_hans", "name_en", "kind", "group"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            version = self.instance.versions.current().first()
            self.initial["definition"] = version.definition if version else {}

    def clean_definition(self) -> dict[str, Any]:
        definition = self.cleaned_data["definition"] or {}
        if not isinstance(definition, dict):
            raise forms.ValidationError(_("Expected an object with output and inputs."))
        return definition

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and self.instance.indicator_id is None:
            self._try_definition(data)
        return data

    def _try_definition(self, data: dict[str, Any]) -> None:
        """Publish for a trial and roll back: what publishing would refuse is refused here."""
        fields = {name: data[name] for name in self.Meta.fields}
        try:
            with transaction.atomic():
                Rule.objects.update_or_create(pk=self.instance.pk, defaults=fields)
                publish_definitions(
                    actor=None,
                    now=timezone.now(),
                    what="",
                    rule_definitions={data["key"]: data["definition"]},
                )
                transaction.set_rollback(True)
        except RuleError as error:
            self.add_error("definition", str(error))


@admin.register(Rule)
class RuleAdmin(DefinitionAdmin):
    form = RuleForm
    list_display = ["key", "name_zh_hans", "name_en", "kind", "group", "indicator"]
    list_filter = ["kind", "group"]
    list_select_related = ["group", "indicator"]
    search_fields = ["key", "name_zh_hans", "name_en"]
    autocomplete_fields = ["group"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An indicator's own rule follows the indicator."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.indicator_id is None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or obj.indicator_id is None)

    def publish(self, request: HttpRequest, what: Any, form: Any = None) -> None:
        definitions = {}
        if form is not None:
            definitions[form.instance.key] = form.cleaned_data["definition"]
        publish_definitions(
            actor=request.user, now=timezone.now(), what=str(what), rule_definitions=definitions
        )
