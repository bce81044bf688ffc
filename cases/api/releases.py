"""Endpoints of what went live: releases and the other changes that readers are told of."""

from datetime import UTC
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from cases.models import Publication
from cases.selectors.addresses import page_url
from metrics.api.endpoint import ResourceViewSet
from metrics.api.fields import LABEL_SCHEMA, label, translations
from metrics.api.parameters import LANGUAGES
from metrics.models import Change

KINDS = [(kind.value, kind.value) for kind in Change.Kind if kind != Change.Kind.REFRESH]
_TEXT_OR_NONE: dict[str, Any] = {
    **LABEL_SCHEMA,
    "description": "With `lang` the text in that language, else by language; empty where a change "
    "was made without a release.",
}


class CountsSerializer(serializers.Serializer[Any]):
    values = serializers.SerializerMethodField(help_text="Values that it recorded.")
    texts = serializers.IntegerField(help_text="Texts that it published, by language.")

    def get_values(self, change: Any) -> int:
        return int(change.summary.get("inserted", 0))


class ReleaseSerializer(serializers.ModelSerializer[Change]):
    kind = serializers.ChoiceField(choices=KINDS)
    published_at = serializers.DateTimeField(default_timezone=UTC)
    title = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()
    counts = CountsSerializer(source="*")
    url = serializers.SerializerMethodField()
    changes = serializers.SerializerMethodField()

    class Meta:
        model = Change
        fields = ["seq", "kind", "published_at", "title", "reason", "counts", "url", "changes"]

    @extend_schema_field(_TEXT_OR_NONE)
    def get_title(self, change: Change) -> Any:
        return self._words(change, "title")

    @extend_schema_field(_TEXT_OR_NONE)
    def get_reason(self, change: Change) -> Any:
        return self._words(change, "reason")

    @extend_schema_field({**LABEL_SCHEMA, "description": "The reader's page, as labels are told."})
    def get_url(self, change: Change) -> Any:
        absolute = self.context["request"].build_absolute_uri
        urls = {code: absolute(page_url(code, "release", str(change.seq))) for code in LANGUAGES}
        return label(urls, self.context["language"])

    @extend_schema_field({"type": "string", "format": "uri", "description": "What it changed."})
    def get_changes(self, change: Change) -> str:
        address: str = reverse("api:changes", request=self.context["request"])
        return f"{address}?since={change.seq - 1}"

    def _words(self, change: Change, name: str) -> Any:
        release = change.release
        texts = translations(release, name) if release else dict.fromkeys(LANGUAGES, "")
        return label(texts, self.context["language"])


class ReleaseFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=KINDS)


class ReleaseViewSet(ResourceViewSet):
    """What went live, the newest first. Refreshes of derived values follow from these."""

    queryset = Change.objects.none()  # for the schema; see get_queryset
    serializer_class = ReleaseSerializer
    filterset_class = ReleaseFilter
    ordering = ("-seq",)
    lookup_field = "seq"
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Change]:
        published = Publication.objects.filter(seq_from=OuterRef("seq")).order_by()
        texts = published.values("seq_from").annotate(count=Count("pk")).values("count")
        told = Change.objects.exclude(kind=Change.Kind.REFRESH).select_related("release")
        return told.annotate(texts=Coalesce(Subquery(texts), 0)).order_by("-seq")
