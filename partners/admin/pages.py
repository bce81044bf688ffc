"""What the pages beside Django's share: one row, a form about it, and who may open it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.contrib.admin import BooleanFieldListFilter
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from metrics.admin.bases import ReadOnlyAdmin

FOLDER: Final = "admin/partners"


class RevokedFilter(BooleanFieldListFilter):
    """The library that made the field has no Chinese name for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("revoked")


class PartnerPages(ReadOnlyAdmin):
    """Rows that services write; who has the right to change them has pages to do so."""

    def may(self, request: HttpRequest, action: str) -> bool:
        """Whether they have Django's own permission (add, change) for this model."""
        return bool(request.user.has_perm(f"partners.{action}_{self.opts.model_name}"))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "add")

    def row_to_change(self, request: HttpRequest, pk: int) -> Any:
        """The row, for who may change it. Raises PermissionDenied, Http404."""
        if not self.may(request, "change"):
            raise PermissionDenied
        row = self.get_queryset(request).filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def page(
        self, request: HttpRequest, template: str, title: str, **context: Any
    ) -> TemplateResponse:
        frame = self.admin_site.each_context(request)
        context = {**frame, "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, f"{FOLDER}/{template}.html", context)

    def form_page(
        self, request: HttpRequest, form: BaseForm, title: str, intro: str = "", **more: Any
    ) -> HttpResponse:
        """A form; `button` is what its button says, `row` what it is about."""
        context = {"button": _("Save"), "form": form, "intro": intro, **more}
        return self.page(request, "form", title, **context)


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def listed(labels: Iterable[Any]) -> str:
    """Words one after another, as the language of the page lists them."""
    mark = pgettext("between the words of a list", ", ")
    return mark.join(str(label) for label in labels)


def moment(at: datetime | None) -> str:
    """A moment as Django's own fields print it."""
    return localize(localtime(at)) if at is not None else "-"
