"""Pages beside that of a release: composing it, and a value typed into it."""

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.admin.bases import ReadOnlyAdmin
from metrics.admin.release_forms import DescribeForm, StagedValueForm
from metrics.models import Observation, Release
from metrics.participants import RefusedError
from metrics.services.composing import (
    add_value,
    compose_release,
    describe_release,
    may_compose,
)
from metrics.services.staging import StagingError
from metrics.translation import translated

NAME: Final = "metrics_release"
FOLDER: Final = "admin/metrics/release"


def release_url(release: Release) -> str:
    return reverse(f"admin:{NAME}_change", args=[release.pk])


class ReleasePages(ReadOnlyAdmin):
    """In place of Django's forms: what a release holds is changed through services."""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("compose/", wrap(self.compose_view), name=f"{NAME}_compose"),
            path("<int:pk>/describe/", wrap(self.describe_view), name=f"{NAME}_describe"),
            path("<int:pk>/value/", wrap(self.value_view), name=f"{NAME}_value"),
        ]
        return own + super().get_urls()

    def compose_view(self, request: HttpRequest) -> HttpResponse:
        """A new release, to be filled."""
        refuse_unless(may_compose(request.user))
        form = DescribeForm(posted(request), initial={"kind": Release.Kind.NEW})
        if form.is_valid():
            release = compose_release(
                title=form.title,
                reason=form.reason,
                kind=form.cleaned_data["kind"],
                actor=request.user,
                now=timezone.now(),
            )
            return HttpResponseRedirect(release_url(release))
        intro = _("It waits and can be filled until a publisher publishes or schedules it.")
        return self.form_page(request, None, form, _("Compose a release"), intro)

    def describe_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Title, kind and reason of a release that is being composed."""
        release = self.release_or_404(request, pk)
        refuse_unless(may_compose(request.user))
        form = DescribeForm(posted(request), release=release)
        if form.is_valid():
            try:
                describe_release(
                    release,
                    title=form.title,
                    reason=form.reason,
                    kind=form.cleaned_data["kind"],
                    actor=request.user,
                )
                return HttpResponseRedirect(release_url(release))
            except RefusedError as error:
                form.add_error(None, str(error))
        return self.form_page(request, release, form, _("Title and reason"))

    def value_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A value typed into a release."""
        release = self.release_or_404(request, pk)
        refuse_unless(may_compose(request.user))
        form = StagedValueForm(posted(request), admin_site=self.admin_site)
        if form.is_valid() and self._add_value(request, release, form):
            return HttpResponseRedirect(release_url(release))
        intro = _("It is not seen before the release is published.")
        return self.form_page(request, release, form, _("Add a value"), intro)

    def _add_value(self, request: HttpRequest, release: Release, form: StagedValueForm) -> bool:
        row: Observation = form.instance
        try:
            staged = add_value(
                release,
                series=row.series,
                period=row.period,
                source=row.source,
                actor=request.user,
                **form.statement,
            )
        except StagingError as error:
            form.add_error(
                error.field if error.field in form.fields else None, translated(error.message)
            )
            return False
        except RefusedError as error:
            form.add_error(None, str(error))
            return False
        messages.success(request, _("“%(slot)s” is in the release.") % {"slot": staged})
        return True

    def release_or_404(self, request: HttpRequest, pk: int) -> Release:
        """The release, for who may look at it. Raises PermissionDenied, Http404."""
        refuse_unless(self.has_view_permission(request))
        release = Release.objects.filter(pk=pk).first()
        if release is None:
            raise Http404
        return release

    def form_page(
        self,
        request: HttpRequest,
        release: Release | None,
        form: BaseForm,
        title: str,
        intro: str = "",
        **more: Any,
    ) -> HttpResponse:
        """A form about a release; `button` is what its button says."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "intro": intro,
            "release": release,
            "form": form,
            "media": self.media + form.media,
            "button": _("Save"),
            **more,
        }
        return TemplateResponse(request, f"{FOLDER}/form.html", context)


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def refuse_unless(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied
