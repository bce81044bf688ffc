"""Query parameters: nothing unknown, nothing twice, and every refusal names what is allowed."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import serializers
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from metrics.api.negotiation import preferred
from metrics.api.problems import Fault, ParameterError

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def refuse_unknown(request: Request, known: Iterable[str]) -> None:
    """Raise ParameterError for parameters that are not `known` or are given more than once."""
    names = tuple(sorted(known))
    faults = [
        Fault(name, "unknown_parameter", _("Unknown parameter “%s”.") % name, names)
        for name in request.query_params
        if name not in names
    ]
    faults += [
        Fault(name, "repeated_parameter", _("Parameter “%s” is given more than once.") % name)
        for name, values in request.query_params.lists()
        if name in names and len(values) > 1
    ]
    if faults:
        raise ParameterError(faults)


def asked_language(request: Request) -> str | None:
    """The language that `lang` asks for, None without it; raises ParameterError."""
    language: str | None = request.query_params.get("lang")
    if language is not None and language not in LANGUAGES:
        detail = _("“%s” is not one of the languages.") % language
        raise ParameterError.of("lang", "invalid_choice", detail, LANGUAGES)
    return language


def whole_number(request: Request, name: str, *, default: int, maximum: int) -> int:
    """A parameter from 1 to `maximum`; raises ParameterError."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= maximum:
        return int(text)
    detail = _("Expected a whole number from 1 to %d.") % maximum
    raise ParameterError.of(name, "out_of_range", detail)


class FormatNegotiation(DefaultContentNegotiation):
    """`format=` outranks `Accept`; a format that an endpoint lacks is a 400, not a 404."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        name = request.query_params.get("format")
        if name is None:
            return _accepted(request, renderers)
        for renderer in renderers:
            if renderer.format == name:
                return renderer, renderer.media_type
        detail = _("“%s” is not one of the formats.") % name
        allowed = [renderer.format for renderer in renderers]
        raise ParameterError.of("format", "invalid_choice", detail, allowed)


def _accepted(request: Request, renderers: Any) -> tuple[BaseRenderer, str]:
    """By the header; without it the first. Raises NotAcceptable."""
    accept = request.META.get("HTTP_ACCEPT") or "*/*"
    chosen = preferred(accept, tuple(renderer.media_type for renderer in renderers))
    for renderer in renderers:
        if renderer.media_type == chosen:
            return renderer, renderer.media_type
    raise NotAcceptable(available_renderers=renderers)


class StrictFilterBackend(DjangoFilterBackend):
    """django-filter with refusals as ParameterError."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        faults = _empty_choices(request, filterset.form)
        if faults or not filterset.is_valid():
            raise ParameterError(faults or _form_faults(filterset.form))
        return filterset.qs


def _empty_choices(request: Request, form: forms.Form) -> list[Fault]:
    """A choice that is given must be one; a form takes an empty one for none."""
    detail = _("Expected one of the choices.")
    return [
        Fault(name, "invalid_choice", detail, _choices(field))
        for name, field in form.fields.items()
        if request.query_params.get(name) == "" and isinstance(field, forms.ChoiceField)
    ]


def _form_faults(form: forms.Form) -> list[Fault]:
    return [
        Fault(name, error.code or "invalid", str(error.messages[0]), _choices(form.fields[name]))
        for name, errors in form.errors.as_data().items()
        for error in errors
    ]


def _choices(field: forms.Field) -> tuple[str, ...] | None:
    """What a choice allows; not for rows of a table, which have an endpoint of their own."""
    if isinstance(field, forms.ModelChoiceField) or not isinstance(field, forms.ChoiceField):
        return None
    choices: Any = field.choices  # an iterator of pairs once the field is bound
    return tuple(str(value) for value, _label in choices if value != "")


@lru_cache
def _fields(parameters: type[serializers.Serializer[Any]]) -> Any:
    """The fields of a serializer, which they know as theirs. They keep nothing of what they read,
    and to copy them for every request takes as long as a small page.
    """
    return parameters().fields


@lru_cache
def field_names(parameters: type[serializers.Serializer[Any]]) -> frozenset[str]:
    return frozenset(_fields(parameters))


@lru_cache
def _defaults(parameters: type[serializers.Serializer[Any]]) -> dict[str, Any] | None:
    """What a serializer reads where nothing is given; None where something has to be."""
    serializer = parameters(data={})
    return dict(serializer.validated_data) if serializer.is_valid() else None


def validated(parameters: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The query parameters as a serializer reads them; raises ParameterError."""
    query = request.query_params.dict()
    known = _read(parameters, query)
    if known is not None:
        return known
    serializer = parameters(data=query)
    if serializer.is_valid():
        return dict(serializer.validated_data)
    faults = []
    for name, errors in serializer.errors.items():
        choices = getattr(serializer.fields.get(name), "choices", None)
        allowed = tuple(choices) if choices else None
        faults += [Fault(name, error.code, str(error), allowed) for error in errors]
    raise ParameterError(faults)


def _read(
    parameters: type[serializers.Serializer[Any]], query: dict[str, str]
) -> dict[str, Any] | None:
    """By the fields that are given alone, as most leave most of them out; None where the
    serializer has to say what is wrong.
    """
    fields, defaults = _fields(parameters), _defaults(parameters)
    if defaults is None:
        return None
    try:
        given = {name: fields[name].run_validation(query[name]) for name in query if name in fields}
        return dict(parameters().validate({**defaults, **given}))
    except serializers.ValidationError:
        return None
