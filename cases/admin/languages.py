"""Texts beside their other language: the table of all, and what changed since a translation."""

from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.admin.history import number_of
from cases.models import CaseText, Revision
from cases.selectors.languages import language_rows, source_changes, translation_of
from cases.services.following import follow
from metrics.participants import RefusedError

LANGUAGES: Final = "cases_casetext_languages"
SOURCE: Final = "cases_casetext_source"


class LanguagesAdmin(admin.ModelAdmin):
    """The part of the admin of texts that is about their languages."""

    change_list_template = "admin/cases/casetext/change_list.html"

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        table = wrap(require_safe(self.languages_view))
        source = wrap(require_http_methods(["GET", "HEAD", "POST"])(self.source_view))
        return [
            path("languages/", table, name=LANGUAGES),
            path("<int:pk>/source/", source, name=SOURCE),
            *super().get_urls(),
        ]

    def languages_view(self, request: HttpRequest) -> HttpResponse:
        """Every case with its texts side by side, or those of which one lags."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        is_lagging = request.GET.get("lags") == "1"
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Languages"),
            "page": language_rows(request.GET.get("p"), is_lagging=is_lagging),
            "is_lagging": is_lagging,
        }
        return TemplateResponse(request, "admin/cases/casetext/languages.html", context)

    def source_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: what changed in the other language; POST: the words say that revision as well."""
        text = CaseText.objects.select_related("case").filter(pk=pk).first()
        if not self.has_view_permission(request, text):
            raise PermissionDenied
        if text is None:
            raise Http404
        if request.method == "POST":
            self._say(request, text)
            return HttpResponseRedirect(reverse(f"admin:{SOURCE}", args=[pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Other language: %(text)s") % {"text": text},
            "original": text,
            "changes": source_changes(text),
            "may_write": self.has_change_permission(request, text),
        }
        return TemplateResponse(request, "admin/cases/casetext/source.html", context)

    def _say(self, request: HttpRequest, text: CaseText) -> None:
        """Follow the revision that was looked at, or none."""
        if "nothing" in request.POST:
            self.set_against(request, text, None)
            return
        other = translation_of(text).other
        number = number_of(request.POST.get("number", ""))
        rows = Revision.objects.filter(text=other.text if other else None, number=number)
        source = rows.first()
        if source is None:
            raise Http404
        self.set_against(request, text, source)

    def set_against(self, request: HttpRequest, text: CaseText, source: Revision | None) -> None:
        """Say what the latest words of a text follow, and tell what came of it."""
        try:
            is_new = follow(text, source, actor=request.user, now=timezone.now())
        except RefusedError as error:
            messages.error(request, str(error))
            return
        if not is_new:
            return
        if source is None:
            messages.success(request, _("The text follows no other now."))
        else:
            words = _("The text is in step with revision %(number)d of the other language.")
            messages.success(request, words % {"number": source.number})
