"""What the API says of cases and technologies."""

from collections.abc import Callable
from datetime import UTC
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.models import Case
from cases.selectors.catalogue import Words, quoted_keys
from metrics.api.parameters import LANGUAGES


def by_language_schema(what: str, **of_each: Any) -> dict[str, Any]:
    """OpenAPI of a field that is one value with `lang`, else values by language."""
    one = {"type": "string", **of_each}
    properties = dict.fromkeys(LANGUAGES, one)
    note = "With `lang` of that language, else by language, those that are published."
    return {
        "description": f"{what} {note}",
        "oneOf": [one, {"type": "object", "properties": properties}],
    }


WORDS = ["slug", "kind", "languages", "title", "standfirst", "url", "published_at"]
DETAILS = ["text", "withheld", "quoted_series"]


class CaseSerializer(serializers.ModelSerializer[Case]):
    """Words come in the context: `words` by case id and language."""

    languages = serializers.SerializerMethodField(help_text="Languages it is published in.")
    title = serializers.SerializerMethodField()
    standfirst = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    published_at = serializers.SerializerMethodField()
    technologies: Any = serializers.SlugRelatedField("slug", many=True, read_only=True)
    entities: Any = serializers.SlugRelatedField("slug", many=True, read_only=True)

    class Meta:
        model = Case
        fields = [*WORDS, "technologies", "entities"]

    @extend_schema_field({"type": "array", "items": {"type": "string", "enum": list(LANGUAGES)}})
    def get_languages(self, case: Case) -> list[str]:
        return list(self._words(case))

    @extend_schema_field(by_language_schema("Plain text, figures put in."))
    def get_title(self, case: Case) -> Any:
        return self._each(case, lambda words: words.title)

    @extend_schema_field(by_language_schema("Plain text, figures put in."))
    def get_standfirst(self, case: Case) -> Any:
        return self._each(case, lambda words: words.standfirst)

    @extend_schema_field(by_language_schema("The reader's page.", format="uri"))
    def get_url(self, case: Case) -> Any:
        absolute = self.context["request"].build_absolute_uri
        return self._each(case, lambda words: absolute(words.url))

    @extend_schema_field(by_language_schema("When this text went live.", format="date-time"))
    def get_published_at(self, case: Case) -> Any:
        instant = serializers.DateTimeField(default_timezone=UTC)
        return self._each(case, lambda words: instant.to_representation(words.published_at))

    def _words(self, case: Case) -> dict[str, Words]:
        words: dict[str, Words] = self.context["words"][case.pk]
        return words

    def _each(self, case: Case, part: Callable[[Words], Any]) -> Any:
        parts = {code: part(words) for code, words in self._words(case).items()}
        language = self.context["language"]
        return parts[language] if language else parts


_SENTENCES = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["words", "note"],
        "properties": {"words": {"type": "string"}, "note": {"type": "string"}},
    },
}
_WITHHELD = {
    "description": "Sentences that data have overtaken: their words when they last held, which "
    'stand in the text, and since when. "words" is empty for one that never held. With `lang` of '
    "that language, else by language.",
    "oneOf": [
        _SENTENCES,
        {"type": "object", "properties": dict.fromkeys(LANGUAGES, _SENTENCES)},
    ],
}


def _withheld(words: Words) -> list[dict[str, str]]:
    return [{"words": one.words, "note": one.flag} for one in words.withheld]


class WithBody(serializers.Serializer[Case]):
    """What details add."""

    text = serializers.SerializerMethodField()
    withheld = serializers.SerializerMethodField()
    quoted_series = serializers.SerializerMethodField(help_text="Keys of the series it quotes.")

    @extend_schema_field(by_language_schema("The body as plain text, figures put in."))
    def get_text(self, case: Case) -> Any:
        return self._each(case, lambda words: words.text)  # type: ignore[attr-defined]

    @extend_schema_field(_WITHHELD)
    def get_withheld(self, case: Case) -> Any:
        return self._each(case, _withheld)  # type: ignore[attr-defined]

    def get_quoted_series(self, case: Case) -> list[str]:
        return quoted_keys(case)


class CaseDetailSerializer(WithBody, CaseSerializer):
    class Meta(CaseSerializer.Meta):
        fields = [*CaseSerializer.Meta.fields, *DETAILS]


class TechnologySerializer(CaseSerializer):
    technologies = None
    cases: Any = serializers.SlugRelatedField(
        "slug", many=True, read_only=True, source="applied_in"
    )

    class Meta(CaseSerializer.Meta):
        fields = [*WORDS, "cases", "entities"]


class TechnologyDetailSerializer(WithBody, TechnologySerializer):
    class Meta(TechnologySerializer.Meta):
        fields = [*TechnologySerializer.Meta.fields, *DETAILS]
