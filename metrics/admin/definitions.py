"""Sources, units, entities, indicators, events and series."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from metrics.admin.bases import DefinitionAdmin, PublishedOnSave
from metrics.models import Entity, Event, Indicator, Series, Source, Unit
from metrics.stats.periods import Period, PeriodError


@admin.register(Source)
class SourceAdmin(DefinitionAdmin):
    list_display = ["slug", "title_zh_hans", "kind", "published_on", "redistributable"]
    list_filter = ["kind", "redistributable"]
    search_fields = ["slug", "title_zh_hans", "title_en", "publisher_zh_hans", "publisher_en"]
    date_hierarchy = "published_on"


@admin.register(Unit)
class UnitAdmin(DefinitionAdmin):
    list_display = ["key", "name_zh_hans", "name_en", "kind", "decimals"]
    list_filter = ["kind"]
    search_fields = ["key", "name_zh_hans", "name_en"]


@admin.register(Entity)
class EntityAdmin(DefinitionAdmin):
    list_display = ["slug", "name_zh_hans", "name_en", "kind", "parent", "series_count"]
    list_filter = ["kind"]
    list_select_related = ["parent"]
    search_fields = ["slug", "name_zh_hans", "name_en"]
    autocomplete_fields = ["parent"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entity]:
        rows: QuerySet[Entity] = super().get_queryset(request)
        return rows.annotate(series_count=Count("series"))

    @admin.display(description=_("series"), ordering="series_count")
    def series_count(self, entity: Any) -> int:
        return int(entity.series_count)


@admin.register(Indicator)
class IndicatorAdmin(DefinitionAdmin):
    list_display = ["key", "name_zh_hans", "name_en", "unit", "nature", "growth_of", "share_of"]
    list_filter = ["nature", "unit__kind", "unit"]
    list_select_related = ["unit", "growth_of", "share_of"]
    search_fields = ["key", "name_zh_hans", "name_en", "definition_zh_hans", "definition_en"]
    autocomplete_fields = ["unit", "growth_of", "share_part", "share_of"]
    fieldsets = [
        (None, {"fields": ["key", "name_zh_hans", "name_en", "unit", "nature"]}),
        (_("Definition"), {"fields": ["definition_zh_hans", "definition_en", "version"]}),
        (
            _("What it is derived from"),
            {"fields": ["growth_of", "growth_basis", "share_part", "share_of"]},
        ),
    ]


class EventForm(forms.ModelForm):
    """The days of an event follow its period."""

    class Meta:
        model = Event
        exclude = ["period_start", "period_end"]  # noqa: DJ006 (set from the period below)

    def clean_period(self) -> str:
        try:
            period = Period.parse(self.cleaned_data["period"])
        except PeriodError as error:
            raise forms.ValidationError(str(error)) from None
        self.instance.period_start, self.instance.period_end = period.start, period.end
        return period.code


@admin.register(Event)
class EventAdmin(DefinitionAdmin):
    form = EventForm
    list_display = ["period", "entity", "label_zh_hans", "label_en", "source", "locator"]
    list_filter = ["entity", "source"]
    list_select_related = ["entity", "source"]
    search_fields = ["label_zh_hans", "label_en", "entity__name_zh_hans", "entity__name_en"]
    autocomplete_fields = ["entity", "source"]
    date_hierarchy = "period_start"


@admin.register(Series)
class SeriesAdmin(PublishedOnSave, admin.ModelAdmin):
    list_display = ["key", "entity", "indicator", "frequency", "latest", "values_count"]
    list_filter = ["frequency", "indicator__nature", "entity"]
    list_select_related = ["entity", "indicator", "summary"]
    search_fields = [
        "key",
        "entity__name_zh_hans",
        "entity__name_en",
        "indicator__name_zh_hans",
        "indicator__name_en",
    ]
    autocomplete_fields = ["entity", "indicator"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Series]:
        current = Q(observations__seq_to=None, observations__preferred=True)
        rows: QuerySet[Series] = super().get_queryset(request)
        return rows.annotate(values_count=Count("observations", filter=current))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What a series is stays as it is once it has a key: values and texts refer to it."""
        return ("key", "entity", "indicator", "frequency") if obj else ()

    @admin.display(description=_("latest value"))
    def latest(self, series: Series) -> str:
        summary = getattr(series, "summary", None)
        if summary is None or summary.latest_value is None:
            return "—"
        return f"{summary.latest_value:f} ({summary.latest_period})"

    @admin.display(description=_("values"), ordering="values_count")
    def values_count(self, series: Any) -> int:
        return int(series.values_count)
