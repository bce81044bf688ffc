"""What a release would change, before it does."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from metrics.admin.release_pages import FOLDER, NAME, refuse_unless, release_url
from metrics.admin.release_schedule import ReleaseSchedule
from metrics.models import ReleasePreview
from metrics.services.previewing import PreviewError, may_preview, preview_of


class ReleasePreviews(ReleaseSchedule):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.preview_view)
        return [path("<int:pk>/preview/", view, name=f"{NAME}_preview"), *super().get_urls()]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The stored preview, or one that is made now because something was published since."""
        release = self.release_or_404(request, pk)
        refuse_unless(may_preview(request.user))
        try:
            preview = preview_of(release, actor=request.user, now=timezone.now())
        except PreviewError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(release_url(release))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("What it would change"),
            "release": release,
            "preview": preview,
            "refusal": _in_language(preview),
        }
        return TemplateResponse(request, f"{FOLDER}/preview.html", context)


def _in_language(preview: ReleasePreview) -> str:
    """Why its publication would be refused; "" where it would not."""
    words: dict[str, str] = preview.found.get("refusal", {})
    return words.get("en" if get_language() == "en" else "zh-hans", "")
