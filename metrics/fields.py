"""The one database field of ours: a decimal without a declared precision."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class NumericField(models.Field):
    """PostgreSQL ``numeric`` without precision, so 8.29 is stored and read back as 8.29.

    Django's DecimalField asks for max_digits and pads to decimal_places; a published figure has
    the digits it was published with. NaN and the infinities are refused: a missing value is null
    with a reason, an open bound is null.
    """

    description = _("Decimal number of any precision")

    default_error_messages = {
        "invalid": _("“%(value)s” is not a plain decimal number such as 8.29."),
        "not_finite": _("“%(value)s” is not a finite number; leave the value empty instead."),
    }

    def db_type(self, connection: Any) -> str:
        return "numeric"

    def get_internal_type(self) -> str:
        return "NumericField"

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        if isinstance(value, float):
            raise self._error("invalid", value)
        try:
            number = Decimal(value)
        except (InvalidOperation, TypeError, ValueError):
            raise self._error("invalid", value) from None
        if not number.is_finite():
            raise self._error("not_finite", value)
        return number

    def get_prep_value(self, value: Any) -> Decimal | None:
        value = super().get_prep_value(value)
        return self.to_python(value) if not hasattr(value, "resolve_expression") else value

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else format(value, "f")

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"form_class": forms.DecimalField, **kwargs})

    def _error(self, code: str, value: Any) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"value": value})
