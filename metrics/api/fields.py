"""Two kinds of serializer fields of ours: labels in two languages, numbers as decimal text."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from metrics.api.parameters import LANGUAGES

LABEL_SCHEMA: dict[str, Any] = {
    "description": "With `lang` the text in that language, else the texts by language.",
    "oneOf": [
        {"type": "string"},
        {
            "type": "object",
            "required": list(LANGUAGES),
            "properties": {language: {"type": "string"} for language in LANGUAGES},
        },
    ],
}
NUMBER_SCHEMA: dict[str, Any] = {
    "type": ["string", "null"],
    "pattern": r"^-?[0-9]+(\.[0-9]+)?$",
    "description": "A decimal number as text; null where there is none.",
}


def label(texts: dict[str, str], language: str | None) -> dict[str, str] | str:
    """Texts by language, or the one asked for."""
    return texts[language] if language else texts


def translations(row: Any, name: str) -> dict[str, str]:
    """A translated field's texts by language."""
    return {code: getattr(row, f"{name}_{code.replace('-', '_')}") for code in LANGUAGES}


def decimal_text(number: Decimal | None) -> str | None:
    """Plain digits, never an exponent."""
    return None if number is None else format(number, "f")


@extend_schema_field(LABEL_SCHEMA)
class LabelField(serializers.Field[Any, Any, Any, Any]):
    """A translated model field of the same name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "source": "*", "read_only": True})

    def to_representation(self, row: Any) -> dict[str, str] | str:
        return label(translations(row, self.field_name or ""), self.context.get("language"))


@extend_schema_field(NUMBER_SCHEMA)
class NumberField(serializers.Field[Any, Any, Any, Any]):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "read_only": True})

    def to_representation(self, number: Decimal) -> str:
        return format(number, "f")


class TextOrNull(serializers.CharField):
    """An empty text is null."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "read_only": True, "allow_null": True})

    def to_representation(self, value: str) -> str | None:  # type: ignore[override]
        return value or None
