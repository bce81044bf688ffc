"""What the editor's pickers ask while somebody writes: answers as JSON."""

from dataclasses import asdict
from typing import Any, Final

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from cases.admin.exhibit_forms import FORMS
from cases.admin.exhibit_values import data_of, pairs_of
from cases.selectors.exhibit_blocks import BlockError, built_block, opened_block
from cases.selectors.picking import (
    FoundList,
    PickingError,
    found_entities,
    found_series,
    picked_figure,
)

LANGUAGES: Final = tuple(code for code, _name in settings.LANGUAGES)
MOST_CHARACTERS: Final = 300


class PickingAdmin(admin.ModelAdmin):
    """The part of the admin of texts that finds what a text can quote."""

    def get_urls(self) -> list[Any]:
        views = {
            "series": self.pick_series_view,
            "entities": self.pick_entities_view,
            "figure": self.pick_figure_view,
        }
        own = [
            path(
                f"pick/{name}/",
                self.admin_site.admin_view(require_safe(view)),
                name=f"cases_casetext_pick_{name}",
            )
            for name, view in views.items()
        ]
        exhibit = self.admin_site.admin_view(require_POST(self.exhibit_view))
        return [
            *own,
            path("exhibit/", exhibit, name="cases_casetext_exhibit"),
            *super().get_urls(),
        ]

    def pick_series_view(self, request: HttpRequest) -> JsonResponse:
        """`q`, `language` → {"found": [{key, name, detail}], "has_more"}."""
        words, language = self._asked(request, "q")
        return _list(found_series(words, language))

    def pick_entities_view(self, request: HttpRequest) -> JsonResponse:
        """As for series: entities that have events."""
        words, language = self._asked(request, "q")
        return _list(found_entities(words, language))

    def pick_figure_view(self, request: HttpRequest) -> JsonResponse:
        """`token`, `language` → a Picked with the canonical token, or a 400 with a message."""
        text, language = self._asked(request, "token")
        try:
            picked = picked_figure(text, language)
        except PickingError as error:
            return JsonResponse({"message": str(error)}, status=400)
        return JsonResponse(asdict(picked) | {"token": picked.reference.text})

    def exhibit_view(self, request: HttpRequest) -> JsonResponse:
        """A form as {"source"}, or a fenced block (`open`) as {"kind", "pairs"}; nothing is saved.

        What the parser of texts refuses is a 400 with its message and, for a form, the field.
        """
        if not self.has_change_permission(request):
            raise PermissionDenied
        try:
            if "open" in request.POST:
                kind, data = opened_block(request.POST["open"].replace("\r\n", "\n"))
                return JsonResponse({"kind": kind, "pairs": pairs_of(data)})
            kind = request.POST.get("kind", "")
            data = data_of(kind, request.POST) if kind in FORMS else {}
            return JsonResponse({"source": built_block(kind, data)})
        except PickingError as error:
            return JsonResponse({"message": str(error)}, status=400)
        except BlockError as error:
            answer = {"message": str(error), "field": error.field, "row": error.row}
            return JsonResponse(answer, status=400)

    def _asked(self, request: HttpRequest, name: str) -> tuple[str, str]:
        if not self.has_change_permission(request):
            raise PermissionDenied
        language = request.GET.get("language", "")
        text = request.GET.get(name, "")[:MOST_CHARACTERS].replace("\x00", "")
        return text, language if language in LANGUAGES else LANGUAGES[0]


def _list(listed: FoundList) -> JsonResponse:
    return JsonResponse(asdict(listed))
