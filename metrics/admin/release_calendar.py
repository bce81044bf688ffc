"""The calendar of releases."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.admin.release_pages import FOLDER, NAME, refuse_unless
from metrics.admin.release_withdrawal import ReleaseWithdrawal
from metrics.selectors.release_calendar import calendar_month, month_of


class ReleaseCalendar(ReleaseWithdrawal):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.calendar_view)
        return [path("calendar/", view, name=f"{NAME}_calendar"), *super().get_urls()]

    def calendar_view(self, request: HttpRequest) -> HttpResponse:
        """Scheduled and published releases by day; `?month=2026-11` names another month."""
        refuse_unless(self.has_view_permission(request))
        today = timezone.localdate()
        asked = request.GET.get("month", "")
        try:
            first = month_of(asked) if asked else today.replace(day=1)
        except ValueError:
            raise BadRequest("Expected a month such as 2026-11.") from None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Calendar of releases"),
            "month": calendar_month(first, today),
            "zone": timezone.get_current_timezone_name(),
        }
        return TemplateResponse(request, f"{FOLDER}/calendar.html", context)
