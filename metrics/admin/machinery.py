"""What the machinery did and has to do: changes, derived values, the queue."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from metrics.admin.bases import ReadOnlyAdmin
from metrics.admin.refresh_page import RefreshPageAdmin
from metrics.models import (
    Change,
    DerivedValue,
    RefreshRun,
    RuleVersion,
    SeriesSummary,
    StaleSeries,
)
from metrics.nudge import nudge
from metrics.services.publishing import may_publish


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    list_display = ["seq", "published_at", "kind", "release", "actor", "summary"]
    list_filter = ["kind", "published_at"]
    list_select_related = ["release", "actor"]
    search_fields = ["release__title_zh_hans", "release__title_en"]
    date_hierarchy = "published_at"


@admin.register(DerivedValue)
class DerivedValueAdmin(ReadOnlyAdmin):
    list_display = ["series", "period", "value", "lower", "upper", "null_reason", "rule", "seq"]
    list_filter = ["rule_version__rule__kind", "null_reason", "series__entity"]
    list_select_related = ["series", "rule_version__rule"]
    search_fields = ["series__key", "rule_version__rule__key"]

    @admin.display(description=_("rule"), ordering="rule_version__rule__key")
    def rule(self, value: DerivedValue) -> str:
        return f"{value.rule_version.rule} v{value.rule_version.number}"

    @admin.display(description=_("computed at seq"), ordering="computed_seq")
    def seq(self, value: DerivedValue) -> int:
        return value.computed_seq


@admin.register(SeriesSummary)
class SeriesSummaryAdmin(ReadOnlyAdmin):
    list_display = [
        "series",
        "latest_period",
        "latest_value",
        "change",
        "year_on_year",
        "count",
        "next_due",
    ]
    list_filter = ["series__entity"]
    list_select_related = ["series"]
    search_fields = ["series__key"]


@admin.register(RuleVersion)
class RuleVersionAdmin(ReadOnlyAdmin):
    list_display = ["rule", "number", "seq_from", "seq_to", "definition"]
    list_filter = ["rule__kind"]
    list_select_related = ["rule"]
    search_fields = ["rule__key"]


@admin.register(RefreshRun)
class RefreshRunAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "seconds", "targets", "marks", "written", "failed", "deferred"]
    list_filter = ["started_at"]

    @admin.display(description=_("seconds"))
    def seconds(self, run: RefreshRun) -> str:
        return f"{run.seconds:.3f}"


@admin.register(StaleSeries)
class StaleSeriesAdmin(RefreshPageAdmin, ReadOnlyAdmin):
    change_list_template = "admin/metrics/staleseries/change_list.html"
    list_display = ["id", "series", "rule", "period", "marked_at", "attempts", "retry_at", "error"]
    list_filter = ["attempts"]
    list_select_related = ["series", "rule"]
    search_fields = ["series__key", "rule__key", "error"]
    actions = ["retry_now"]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) if may_publish(request.user) else {}

    @admin.action(description=_("Try the selected again now"))
    def retry_now(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        count = queryset.update(retry_at=None)
        nudge("metrics.refresh_derived")
        text = ngettext("%(n)d mark is due now.", "%(n)d marks are due now.", count)
        messages.success(request, text % {"n": count})
