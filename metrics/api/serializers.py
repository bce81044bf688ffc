"""What the API says of sources, units, entities, indicators and series."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from metrics.api.fields import (
    LABEL_SCHEMA,
    LabelField,
    NumberField,
    TextOrNull,
    label,
    translations,
)
from metrics.models import Entity, Indicator, Series, SeriesSummary, Source, Unit
from metrics.selectors.question import allowed_transforms
from metrics.selectors.summaries import series_summary

Key = serializers.SlugRelatedField


class SourceSerializer(serializers.ModelSerializer[Source]):
    title = LabelField()
    publisher = LabelField()

    class Meta:
        model = Source
        fields = ["slug", "title", "publisher", "kind", "published_on", "url", "licence"]
        fields += ["redistributable"]


class UnitSerializer(serializers.ModelSerializer[Unit]):
    name = LabelField()
    symbol = LabelField()

    class Meta:
        model = Unit
        fields = ["key", "name", "symbol", "kind", "decimals"]


class EntitySerializer(serializers.ModelSerializer[Entity]):
    name = LabelField()
    description = LabelField()
    parent: Any = Key(slug_field="slug", read_only=True, allow_null=True)

    class Meta:
        model = Entity
        fields = ["slug", "name", "kind", "parent", "description"]


class IndicatorSerializer(serializers.ModelSerializer[Indicator]):
    name = LabelField()
    definition = LabelField()
    unit: Any = Key(slug_field="key", read_only=True)
    growth_of: Any = Key(slug_field="key", read_only=True, allow_null=True)
    growth_basis = serializers.SerializerMethodField(help_text="Null unless growth_of is given.")
    share_part: Any = Key(slug_field="key", read_only=True, allow_null=True)
    share_of: Any = Key(slug_field="key", read_only=True, allow_null=True)
    transforms = serializers.SerializerMethodField(help_text="Codes that `units` takes.")

    class Meta:
        model = Indicator
        fields = ["key", "name", "definition", "version", "unit", "nature"]
        fields += ["growth_of", "growth_basis", "share_part", "share_of", "transforms"]

    def get_growth_basis(self, row: Indicator) -> str | None:
        return row.growth_basis if row.growth_of_id else None

    def get_transforms(self, row: Indicator) -> list[str]:
        return list(allowed_transforms([row.nature]))


class SeriesSerializer(serializers.ModelSerializer[Series]):
    name = serializers.SerializerMethodField()
    entity: Any = Key(slug_field="slug", read_only=True)
    indicator: Any = Key(slug_field="key", read_only=True)
    unit = serializers.CharField(source="indicator.unit.key", read_only=True)
    nature = serializers.ChoiceField(
        source="indicator.nature", read_only=True, choices=Indicator.NATURES
    )

    class Meta:
        model = Series
        fields = ["key", "name", "entity", "indicator", "frequency", "unit", "nature"]

    @extend_schema_field(LABEL_SCHEMA)
    def get_name(self, row: Series) -> Any:
        entity, indicator = translations(row.entity, "name"), translations(row.indicator, "name")
        names = {code: f"{entity[code]} · {indicator[code]}" for code in entity}
        return label(names, self.context.get("language"))


class SummarySerializer(serializers.ModelSerializer[SeriesSummary]):
    """Levels are in the unit of the series, changes and rates as /methods/ says."""

    latest_period = TextOrNull()
    latest_value = NumberField(allow_null=True)
    previous_period = TextOrNull()
    previous_value = NumberField(allow_null=True)
    change = NumberField(allow_null=True)
    change_null_reason = TextOrNull(source="change_reason")
    year_on_year = NumberField(allow_null=True)
    year_on_year_null_reason = TextOrNull(source="year_on_year_reason")
    cagr = NumberField(allow_null=True)
    cagr_null_reason = TextOrNull(source="cagr_reason")
    minimum = NumberField(allow_null=True)
    maximum = NumberField(allow_null=True)
    mean = NumberField(allow_null=True)
    volatility = NumberField(allow_null=True)
    volatility_null_reason = TextOrNull(source="volatility_reason")
    first_period = TextOrNull()

    class Meta:
        model = SeriesSummary
        fields = ["latest_period", "latest_value", "previous_period", "previous_value"]
        fields += ["change", "change_null_reason", "year_on_year", "year_on_year_null_reason"]
        fields += ["cagr", "cagr_null_reason", "minimum", "maximum", "mean"]
        fields += ["volatility", "volatility_null_reason", "count", "first_period"]


class SeriesDetailSerializer(SeriesSerializer):
    summary = serializers.SerializerMethodField(help_text="Null until it is first computed.")
    observations = serializers.HyperlinkedIdentityField(
        view_name="api:series-observations", lookup_field="key"
    )

    class Meta(SeriesSerializer.Meta):
        fields = [*SeriesSerializer.Meta.fields, "summary", "observations"]

    @extend_schema_field(SummarySerializer(allow_null=True))
    def get_summary(self, row: Series) -> Any:
        summary = series_summary(row)
        return None if summary is None else SummarySerializer(summary).data
