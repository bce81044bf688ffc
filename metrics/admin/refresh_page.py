"""How far the refresh has come, as a page that keeps itself up to date."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.selectors.refresh_progress import RefreshProgress, refresh_progress
from metrics.services.publishing import may_publish
from metrics.services.retrying import retry_failing

PAGE = "metrics_staleseries_progress"
FOLDER = "admin/metrics/staleseries"


class RefreshPageAdmin(admin.ModelAdmin):
    """The page's two addresses, for the admin of the queue."""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("progress/", wrap(self.progress_view), name=PAGE),
            path("progress/retry/", wrap(self.retry_view), name=f"{PAGE}_retry"),
        ]
        return own + super().get_urls()

    def progress_view(self, request: HttpRequest) -> HttpResponse:
        """The page, or for htmx only what changes."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        progress = refresh_progress(timezone.now())
        most = _most(request, progress)
        context = {
            "progress": progress,
            "most": most,
            "done": most - progress.backlog.values,
            "may_retry": may_publish(request.user),
        }
        if getattr(request, "htmx", False):
            return TemplateResponse(request, f"{FOLDER}/_progress.html", context)
        context |= {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Refresh of derived values"),
        }
        return TemplateResponse(request, f"{FOLDER}/progress.html", context)

    def retry_view(self, request: HttpRequest) -> HttpResponse:
        """Make one failed target due now, or all of them."""
        if request.method != "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        kind, key = request.POST.get("kind", ""), request.POST.get("key", "")
        target = {kind: key} if kind in ("series", "rule") else {}
        count = retry_failing(
            actor=request.user, **target, period=request.POST.get("period", "")[:32]
        )
        text = ngettext("%(n)d mark is due now.", "%(n)d marks are due now.", count)
        messages.success(request, text % {"n": count})
        return HttpResponseRedirect(reverse(f"admin:{PAGE}"))


def _most(request: HttpRequest, progress: RefreshProgress) -> int:
    """The largest backlog since the page was opened, which the bar is full of."""
    given = request.GET.get("most", "")
    before = int(given) if given.isascii() and given.isdigit() and len(given) < 16 else 0
    return max(before, progress.backlog.values)
