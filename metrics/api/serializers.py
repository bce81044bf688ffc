"""What the API says of sources, units, entities, indicators and series."""

from datetime import date
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
from metrics.selectors.breaks import breaks_of
from metrics.selectors.definitions import DefinitionVersion, definition_versions
from metrics.selectors.question import allowed_transforms
from metrics.selectors.restricted import restricted_of
from metrics.selectors.summaries import offered_summary, ranks_of
from metrics.stats.breaks import NO_BREAKS

Key = serializers.SlugRelatedField


class SourceSerializer(serializers.ModelSerializer[Source]):
    title = LabelField()
    publisher = LabelField()
    licence = serializers.SerializerMethodField()

    class Meta:
        model = Source
        fields = ["slug", "title", "publisher", "kind", "published_on", "url", "licence"]
        fields += ["redistributable"]

    def get_licence(self, source: Source) -> str:
        """In the words of the source, where it states one; else as told in English."""
        return source.licence_en or source.licence_zh_hans


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


class DefinitionVersionSerializer(serializers.Serializer[DefinitionVersion]):
    """A version of a definition, from the period `since` on."""

    version = serializers.IntegerField(source="number")
    since = serializers.CharField(
        allow_null=True, help_text="The first period measured by it; null for the first version."
    )
    definition = serializers.SerializerMethodField()
    comparable = serializers.SerializerMethodField(
        help_text="Why values before and since may be compared. Null: they are not, growth across "
        "is null with the reason break."
    )

    @extend_schema_field(LABEL_SCHEMA)
    def get_definition(self, version: DefinitionVersion) -> Any:
        return label(version.definition, self.context.get("language"))

    @extend_schema_field({**LABEL_SCHEMA, "oneOf": [*LABEL_SCHEMA["oneOf"], {"type": "null"}]})
    def get_comparable(self, version: DefinitionVersion) -> Any:
        texts = version.comparable
        return None if texts is None else label(texts, self.context.get("language"))


class IndicatorSerializer(serializers.ModelSerializer[Indicator]):
    name = LabelField()
    definition = LabelField()
    unit: Any = Key(slug_field="key", read_only=True)
    growth_of: Any = Key(slug_field="key", read_only=True, allow_null=True)
    growth_basis = serializers.SerializerMethodField(help_text="Null unless growth_of is given.")
    share_part: Any = Key(slug_field="key", read_only=True, allow_null=True)
    share_of: Any = Key(slug_field="key", read_only=True, allow_null=True)
    transforms = serializers.SerializerMethodField(help_text="Codes that `units` takes.")
    versions = serializers.SerializerMethodField(help_text="Of the definition, the first first.")

    class Meta:
        model = Indicator
        fields = ["key", "name", "definition", "version", "versions", "unit", "nature"]
        fields += ["growth_of", "growth_basis", "share_part", "share_of", "transforms"]

    @extend_schema_field(DefinitionVersionSerializer(many=True))
    def get_versions(self, row: Indicator) -> Any:
        versions = definition_versions(row, row.standing_redefinitions)  # type: ignore[attr-defined]
        made: Any = DefinitionVersionSerializer(many=True, context=self.context)
        return made.to_representation(versions)

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


class RankSerializer(serializers.Serializer[Any]):
    """`series` is the key of the series whose value the rank is."""

    group = serializers.CharField(source="group.key")
    series = serializers.CharField(source="series.key")
    period = serializers.CharField()
    rank = NumberField(source="value")


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
    mean_null_reason = TextOrNull(source="mean_reason")
    volatility = NumberField(allow_null=True)
    volatility_null_reason = TextOrNull(source="volatility_reason")
    first_period = TextOrNull()
    next_due = serializers.DateField(
        allow_null=True,
        help_text="Until this day the value after the latest is not late: a whole period after "
        "its own has ended.",
    )
    ranks = serializers.SerializerMethodField(
        help_text="Its place in the latest period in each group that is ranked."
    )

    class Meta:
        model = SeriesSummary
        fields = ["latest_period", "latest_value", "previous_period", "previous_value"]
        fields += ["change", "change_null_reason", "year_on_year", "year_on_year_null_reason"]
        fields += ["cagr", "cagr_null_reason", "minimum", "maximum", "mean", "mean_null_reason"]
        fields += ["volatility", "volatility_null_reason", "count", "first_period"]
        fields += ["next_due", "ranks"]

    @extend_schema_field(RankSerializer(many=True))
    def get_ranks(self, row: SeriesSummary) -> Any:
        ranks = ranks_of(row.series, row.latest_period)
        hidden = restricted_of([rank.series.pk for rank in ranks]).series_ids
        shown = [rank for rank in ranks if rank.series.pk not in hidden]
        return RankSerializer(shown, many=True).data


class SeriesDetailSerializer(SeriesSerializer):
    summary = serializers.SerializerMethodField(help_text="Null until it is first computed.")
    breaks = serializers.SerializerMethodField(
        help_text="Days from which on it is measured by another definition that is not compared "
        "with the one before: its own, or that of what it is computed from."
    )
    observations = serializers.HyperlinkedIdentityField(
        view_name="api:series-observations", lookup_field="key"
    )

    class Meta(SeriesSerializer.Meta):
        fields = [*SeriesSerializer.Meta.fields, "breaks", "summary", "observations"]

    def get_breaks(self, row: Series) -> list[date]:
        return list(breaks_of([row.pk]).get(row.pk, NO_BREAKS).starts)

    @extend_schema_field(SummarySerializer(allow_null=True))
    def get_summary(self, row: Series) -> Any:
        summary = offered_summary(row)
        return None if summary is None else SummarySerializer(summary).data
