"""Giving a release a time."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.admin.release_forms import ScheduleForm
from metrics.admin.release_pages import NAME, ReleasePages, posted, refuse_unless, release_url
from metrics.models import Release
from metrics.participants import RefusedError
from metrics.services.proposals import changed_since_proposed
from metrics.services.publishing import may_publish
from metrics.services.scheduling import schedule_release, unschedule_release


class ReleaseSchedule(ReleasePages):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.schedule_view)
        return [path("<int:pk>/schedule/", view, name=f"{NAME}_schedule"), *super().get_urls()]

    def schedule_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A form with the time, or another time."""
        release = self.release_or_404(request, pk)
        refuse_unless(may_publish(request.user))
        has_changes = release.is_open and bool(changed_since_proposed(release))
        form = ScheduleForm(posted(request), release=release, has_changes=has_changes)
        if form.is_valid():
            try:
                schedule_release(
                    release,
                    at=form.cleaned_data["at"],
                    actor=request.user,
                    now=timezone.now(),
                    despite_changes=form.cleaned_data.get("despite_changes", False),
                )
                return HttpResponseRedirect(release_url(release))
            except RefusedError as error:
                form.add_error(None, str(error))
        intro = _(
            "At that time it goes live as a whole. Until then what it holds is locked; where a "
            "value of it changes meanwhile it stays, and tells why."
        )
        button = _("Schedule")
        return self.form_page(request, release, form, _("Schedule"), intro, button=button)


def unschedule(request: HttpRequest, release: Release) -> None:
    """Take a release off the schedule and say so, or why not."""
    try:
        unschedule_release(release, actor=request.user, now=timezone.now())
    except RefusedError as error:
        messages.error(request, str(error))
    else:
        text = _("“%(title)s” is off the schedule and waits.")
        messages.success(request, text % {"title": release})
