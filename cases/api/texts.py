"""Endpoints of cases and technologies: live texts only, whoever asks."""

from typing import Any

from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Cast, Collate, Concat, LPad
from django_filters import rest_framework as filters
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import serializers
from cases.models import Case
from cases.selectors.catalogue import listed_cases, published_in, words_of
from metrics.api.endpoint import ResourceViewSet
from metrics.api.filters import KeyFilter
from metrics.api.parameters import LANGUAGES
from metrics.models import Entity

Kind = Case.Kind
# In the editors' order, then by slug: as text, in digits enough for every position.
_PLACE = Collate(
    Concat(
        LPad(Cast("position", TextField()), 10, Value("0")),
        Value(" "),
        "slug",
        output_field=TextField(),
    ),
    "C",
)


def _visible_technologies(request: Request) -> QuerySet[Case]:
    return listed_cases(request.user, Kind.TECHNOLOGY)


class CaseFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(
        choices=[(kind.value, kind.value) for kind in (Kind.CASE, Kind.OVERVIEW)]
    )
    technology = KeyFilter(
        field_name="technologies", to_field_name="slug", queryset=_visible_technologies
    )
    entity = KeyFilter(field_name="entities", to_field_name="slug", queryset=Entity.objects.all())


class TechnologyFilter(filters.FilterSet):
    entity = KeyFilter(field_name="entities", to_field_name="slug", queryset=Entity.objects.all())


class TextViewSet(ResourceViewSet):
    """Texts of some kinds; with `lang` only those published in that language."""

    kinds: tuple[str, ...]
    # One column that is unique: of two the library's pages go by the first alone, and count rows.
    ordering = ("place",)
    lookup_field = "slug"
    lookup_value_regex = "[A-Za-z0-9_-]+"

    def get_queryset(self) -> QuerySet[Case]:
        rows = listed_cases(self.request.user, *self.kinds).annotate(place=_PLACE)
        return published_in(rows, self.language) if self.language else rows

    def _described(self, cases: list[Case], *, many: bool) -> Any:
        languages = [self.language] if self.language else LANGUAGES
        words = words_of(cases, languages, self.request.user, with_bodies=not many)
        context = {**self.get_serializer_context(), "words": words}
        serializer = self.get_serializer_class()
        return serializer(cases if many else cases[0], many=many, context=context).data

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self._described([self.get_object()], many=False))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self._described(page or [], many=True))


class CaseViewSet(TextViewSet):
    """Cases, and the overview."""

    queryset = Case.objects.none()  # for the schema; see get_queryset
    kinds = (Kind.CASE, Kind.OVERVIEW)
    serializer_class = serializers.CaseSerializer
    detail_serializer_class = serializers.CaseDetailSerializer
    filterset_class = CaseFilter


class TechnologyViewSet(TextViewSet):
    """Technologies, and the cases that apply them."""

    queryset = Case.objects.none()
    kinds = (Kind.TECHNOLOGY,)
    serializer_class = serializers.TechnologySerializer
    detail_serializer_class = serializers.TechnologyDetailSerializer
    filterset_class = TechnologyFilter
