"""Sources, units, entities, indicators, events and series."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet, URLField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from metrics.admin.bases import DefinitionAdmin, PublishedOnSave
from metrics.admin.redefinitions import RedefinedAdmin
from metrics.models import Entity, Event, Indicator, Observation, Series, Source, Unit
from metrics.services.rules.misfits import indicator_refusal
from metrics.stats.periods import Period, PeriodError
from metrics.translation import translated


@admin.register(Source)
class SourceAdmin(DefinitionAdmin):
    fixed_fields = ("slug",)
    list_display = ["slug", "title", "kind", "published_on", "redistributable"]
    list_filter = ["kind", "redistributable"]
    search_fields = ["slug", "title_zh_hans", "title_en", "publisher_zh_hans", "publisher_en"]
    date_hierarchy = "published_on"
    formfield_overrides = {URLField: {"assume_scheme": "https"}}


@admin.register(Unit)
class UnitAdmin(DefinitionAdmin):
    fixed_fields = ("key", "kind")
    list_display = ["key", "name_zh_hans", "name_en", "kind", "decimals"]
    list_filter = ["kind"]
    search_fields = ["key", "name_zh_hans", "name_en"]


class EntityForm(forms.ModelForm):
    class Meta:
        model = Entity
        fields = "__all__"  # noqa: DJ007 (every field is an editor's)

    def clean_parent(self) -> Entity | None:
        """The constraint compares with the id, which Django's own check leaves out."""
        parent: Entity | None = self.cleaned_data["parent"]
        if parent is not None and parent.pk == self.instance.pk:
            raise forms.ValidationError(_("An entity is not its own parent."))
        return parent


@admin.register(Entity)
class EntityAdmin(DefinitionAdmin):
    change_form_template = "admin/metrics/measured/change_form.html"
    form = EntityForm
    fixed_fields = ("slug",)
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


class IndicatorForm(forms.ModelForm):
    """What an indicator is derived from must name all that the rule needs, and only that."""

    class Meta:
        model = Indicator
        fields = "__all__"  # noqa: DJ007 (every field is an editor's)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        part, whole, level = (data.get(name) for name in ("share_part", "share_of", "growth_of"))
        if part and not whole:
            self.add_error("share_of", _("Name the whole too: a share is a part of it."))
        if whole and not part:
            self.add_error("share_part", _("Name the part too: a share is a part of a whole."))
        if level and (part or whole):
            self.add_error("growth_of", _("An indicator is a growth or a share, not both."))
        for name in ("share_part", "share_of", "growth_of"):
            if data.get(name) and data[name].pk == self.instance.pk:
                self.add_error(name, _("An indicator is not derived from itself."))
        if "unit" in self.changed_data and self._has_values():
            self.add_error(
                "unit", _("Values are stated in this unit; another unit needs another indicator.")
            )
        if not self.errors:
            self._check_natures(data)
        return data

    def _check_natures(self, data: dict[str, Any]) -> None:
        """A growth or share that natures or units forbid is refused at what it is derived from."""
        names = ("key", "nature", "unit", "growth_of", "share_part", "share_of")
        reason = indicator_refusal(Indicator(**{name: data.get(name) for name in names}))
        if reason is not None:
            self.add_error("growth_of" if data.get("growth_of") else "share_part", reason)

    def _has_values(self) -> bool:
        values = Observation.objects.filter(series__indicator=self.instance)
        return self.instance.pk is not None and values.exists()


@admin.register(Indicator)
class IndicatorAdmin(RedefinedAdmin, DefinitionAdmin):
    change_form_template = "admin/metrics/indicator/change_form.html"
    form = IndicatorForm
    fixed_fields = ("key",)
    readonly_fields = ["version"]
    list_display = ["key", "name_zh_hans", "name_en", "unit", "nature", "growth_of", "share_of"]
    list_filter = ["nature", "unit__kind", "unit"]
    list_select_related = ["unit", "growth_of", "share_of"]
    search_fields = ["key", "name_zh_hans", "name_en", "definition_zh_hans", "definition_en"]
    autocomplete_fields = ["unit", "growth_of", "share_part", "share_of"]
    fieldsets = [
        (None, {"fields": ["key", "name_zh_hans", "name_en", "unit", "nature"]}),
        (
            _("Definition"),
            {
                "fields": ["definition_zh_hans", "definition_en", "version"],
                "description": _(
                    "Better words for the same thing are edited here. Where from a period on "
                    "something else is measured, use “Redefine”: values before and since are then "
                    "not compared."
                ),
            },
        ),
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
            raise forms.ValidationError(translated(error.message)) from None
        self.instance.period_start, self.instance.period_end = period.start, period.end
        return period.code


@admin.register(Event)
class EventAdmin(DefinitionAdmin):
    form = EventForm
    list_display = ["period", "entity", "label", "source", "locator"]
    list_display_links = ["period", "label"]
    list_filter = ["entity", "source"]
    list_select_related = ["entity", "source"]
    search_fields = ["label_zh_hans", "label_en", "entity__name_zh_hans", "entity__name_en"]
    autocomplete_fields = ["entity", "source"]
    date_hierarchy = "period_start"


class SeriesForm(forms.ModelForm):
    """The key follows from what the series is."""

    class Meta:
        model = Series
        fields = ["entity", "indicator", "frequency"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if {"entity", "indicator", "frequency"} <= set(data):
            key = f"{data['entity'].slug}.{data['indicator'].key}"
            is_taken = Series.objects.filter(key=key).exists()
            self.instance.key = f"{key}.{data['frequency'].lower()}" if is_taken else key
        return data


@admin.register(Series)
class SeriesAdmin(PublishedOnSave, admin.ModelAdmin):
    change_form_template = "admin/metrics/measured/change_form.html"
    form = SeriesForm
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

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["key", *SeriesForm.Meta.fields] if obj else SeriesForm.Meta.fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What a series is stays as it is: values and texts refer to its key."""
        return False if obj else super().has_change_permission(request, obj)

    @admin.display(description=_("latest value"))
    def latest(self, series: Series) -> str:
        summary = getattr(series, "summary", None)
        if summary is None or summary.latest_value is None:
            return "—"
        return f"{summary.latest_value:f} ({summary.latest_period})"

    @admin.display(description=_("values"), ordering="values_count")
    def values_count(self, series: Any) -> int:
        return int(series.values_count)
