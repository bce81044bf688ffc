"""The page on which a file is handed in."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.admin.import_forms import UploadForm
from metrics.models import ImportBatch, ImportLayout
from metrics.selectors.import_problems import problem_text
from metrics.services.imports.problems import FileRefusedError
from metrics.services.imports.uploading import AlreadyWaitingError, upload_file

TEMPLATE = "admin/metrics/importbatch/upload.html"


class UploadAdmin(admin.ModelAdmin):
    """In place of Django's form for a new row."""

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(initial={"layout": request.GET.get("layout", "")[:18]})
        if request.method == "POST":
            form = UploadForm(request.POST, request.FILES)
            batch = _taken_in(request, form) if form.is_valid() else None
            if batch is not None:
                url = reverse("admin:metrics_importbatch_change", args=[batch.pk])
                return HttpResponseRedirect(url)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Import a file"),
            "form": form,
            "media": self.media + form.media,
            "has_layouts": ImportLayout.objects.exists(),
        }
        return TemplateResponse(request, TEMPLATE, context)


def _taken_in(request: HttpRequest, form: UploadForm) -> ImportBatch | None:
    """The batch of the file, or of the same file that waits already; None where it is refused."""
    data = form.cleaned_data
    try:
        return upload_file(
            data["file"],
            data["file"].name,
            layout=data["layout"],
            actor=request.user,
            now=timezone.now(),
            vintage_on=data["vintage_on"],
        )
    except AlreadyWaitingError as error:
        messages.info(request, _("This very file waits already, read by the same layout."))
        return error.batch
    except FileRefusedError as error:
        form.add_error("file", problem_text(error.problem.code, error.problem.params))
        return None
