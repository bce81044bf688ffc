"""Groups and rules; a definition that does not fit is refused in the form."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from metrics.admin.bases import DefinitionAdmin
from metrics.models import Group, GroupMember, Rule, RuleInput
from metrics.services.publishing import publish_definitions
from metrics.services.rules.checks import GROUP_KINDS, PAIR_ROLES, PARTS, QUOTIENTS, formula_refusal

EXAMPLE = (
    '{"output": "webank.npl-gap", "inputs": {"minuend": "banking-industry.npl-ratio",'
    ' "subtrahend": "webank.npl-ratio"}}'
)
FORMULA = (
    '{"output": "webank.loans-per-customer", "inputs": {"loans": "webank.loans",'
    ' "customers": "webank.customers"}, "formula": "loans / mean(customers, customers[-1])"}'
)


class MemberInline(admin.TabularInline):
    model = GroupMember
    extra = 1
    autocomplete_fields = ["series"]


@admin.register(Group)
class GroupAdmin(DefinitionAdmin):
    change_form_template = "admin/metrics/measured/change_form.html"
    fixed_fields = ("key",)
    list_display = ["key", "name_zh_hans", "name_en", "total", "member_count"]
    list_select_related = ["total"]
    search_fields = ["key", "name_zh_hans", "name_en"]
    autocomplete_fields = ["total", "member_indicator"]
    inlines = [MemberInline]
    fieldsets = [
        (None, {"fields": ["key", "name_zh_hans", "name_en", "total"]}),
        (
            _("Members that join by themselves"),
            {
                "fields": ["member_indicator", "member_kind", "member_frequency"],
                "description": _(
                    "Every series of an indicator, also one that an import adds later. Leave the "
                    "indicator empty to list the members one by one."
                ),
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        rows: QuerySet[Group] = super().get_queryset(request)
        return rows.annotate(member_count=Count("members"))

    @admin.display(description=_("members"), ordering="member_count")
    def member_count(self, group: Any) -> int:
        return int(group.member_count)

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Members that a rule of membership keeps are counted; there may be thousands."""
        return [] if obj is not None and obj.member_indicator_id else list(self.inlines)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not obj.member_indicator_id:
            return fieldsets
        first, (title, options) = fieldsets
        return [first, (title, options | {"fields": [*options["fields"], "member_count"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        is_kept = obj is not None and obj.member_indicator_id
        return ["member_count"] if is_kept else []


class RuleForm(forms.ModelForm):
    """A rule with its definition; saving a changed definition makes the next version."""

    definition = forms.JSONField(
        label=_("definition"),
        widget=forms.Textarea(attrs={"rows": 8, "cols": 100, "class": "vLargeTextField"}),
        help_text=_(
            "output: a series, or an indicator for every member of the group; inputs by role "
            "(ratio: numerator, denominator; difference: minuend, subtrahend); outputs: member "
            "by member. Example: %(example)s. Of a formula, inputs by name and the text over the "
            "names: + - * / ( ) min max abs sum mean, x[-1] for the previous period, x[-1y] for "
            "a year ago. Example: %(formula)s"
        )
        % {"example": EXAMPLE, "formula": FORMULA},
    )

    class Meta:
        model = Rule
        fields = ["key", "name_zh_hans", "name_en", "kind", "group"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            version = self.instance.versions.current().first()
            self.initial["definition"] = version.definition if version else {}

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        if kind == Rule.Kind.IMPLIED_PRIOR:
            text = _("This rule is made by an indicator: say there what it is the growth of.")
            raise forms.ValidationError(text)
        return kind

    def clean_definition(self) -> dict[str, Any]:
        definition = self.cleaned_data["definition"]
        if not _is_definition(definition):
            raise forms.ValidationError(
                _(
                    "Expected an object with output (a key), inputs and outputs (keys by name), "
                    "for a formula its text, and for a ratio or share nonnegative (true) where "
                    "no input is ever below zero."
                )
            )
        return dict(definition)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        needs_group = data.get("kind") in GROUP_KINDS
        if needs_group and not data.get("group"):
            self.add_error("group", _("A rule of this kind needs a group."))
        kind = data.get("kind")
        if kind in PAIR_ROLES and data.get("group"):
            self.add_error("group", _("A rule of this kind takes two series and no group."))
        if kind == Rule.Kind.FORMULA and data.get("group"):
            self.add_error("group", _("A formula takes the series that it names and no group."))
        if "definition" in data:
            if kind not in QUOTIENTS and "nonnegative" in data["definition"]:
                self.add_error("definition", _("Only a ratio or a share can be nonnegative."))
            else:
                self._check_formula(kind, data["definition"])
        return data

    def _check_formula(self, kind: str | None, definition: dict[str, Any]) -> None:
        """A formula that cannot be read is refused with the place, before anything is written."""
        if kind == Rule.Kind.FORMULA:
            refusal = formula_refusal(definition.get("formula", ""), definition.get("inputs", {}))
            if refusal is not None:
                self.add_error("definition", str(refusal))
        elif "formula" in definition:
            self.add_error("definition", _("Only a rule of kind formula has a formula."))


def _is_definition(definition: Any) -> bool:
    """Whether the parts that are there have the shape that the rules read."""
    if not isinstance(definition, dict) or not set(definition) <= set(PARTS):
        return False
    if not isinstance(definition.get("nonnegative", False), bool):
        return False
    keys_by_name = [definition.get("inputs", {}), definition.get("outputs", {})]
    if not all(isinstance(part, dict) for part in keys_by_name):
        return False
    keys = [key for part in keys_by_name for key in part.values()]
    texts = [definition.get("output", ""), definition.get("formula", ""), *keys]
    return all(isinstance(text, str) for text in texts)


@admin.register(Rule)
class RuleAdmin(DefinitionAdmin):
    form = RuleForm
    fixed_fields = ("key", "kind", "group")
    list_display = ["key", "name_zh_hans", "name_en", "kind", "group", "indicator"]
    list_filter = ["kind", "group"]
    list_select_related = ["group", "indicator"]
    search_fields = ["key", "name_zh_hans", "name_en"]
    autocomplete_fields = ["group"]
    refused_field = "definition"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An indicator's own rule follows the indicator."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.indicator_id is None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or obj.indicator_id is None)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """One that ever took anything stays: it makes the values as of then."""
        deleted, counts, needed, protected = super().get_deleted_objects(objs, request)
        ever = RuleInput.objects.filter(version__rule__in=[rule.pk for rule in objs]).order_by()
        kept = set(ever.values_list("version__rule_id", flat=True))
        return deleted, counts, needed, [*protected, *(str(r) for r in objs if r.pk in kept)]

    def publish(self, request: HttpRequest, what: Any, form: Any = None) -> None:
        definitions = {}
        if form is not None:
            definitions[form.instance.key] = form.cleaned_data["definition"]
        publish_definitions(
            actor=request.user, now=timezone.now(), what=str(what), rule_definitions=definitions
        )
