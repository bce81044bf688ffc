"""Pages beside that of an import: its new entities, its undo, its problems to take along."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from metrics.admin import import_actions as actions
from metrics.admin.import_downloads import problems_csv, problems_xlsx
from metrics.admin.import_forms import PROPOSALS, ProposalFormSet, ReasonForm
from metrics.admin.import_pages import FOLDER, SLOTS_SHOWN, BatchAdmin, page_links
from metrics.models import ImportBatch, ProposedEntity
from metrics.services.imports.proposing import ProposalsRefusedError, revise_proposals
from metrics.services.imports.undoing import slots_changed_since
from metrics.services.imports.uploading import may_import
from metrics.services.publishing import may_publish

NAME = "metrics_importbatch"
State = ImportBatch.State


class SidePagesAdmin(BatchAdmin):
    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/entities/", wrap(self.proposals_view), name=f"{NAME}_entities"),
            path("<int:pk>/undo/", wrap(self.undo_view), name=f"{NAME}_undo"),
            path("<int:pk>/problems.csv", wrap(self.csv_view), name=f"{NAME}_csv"),
            path("<int:pk>/problems.xlsx", wrap(self.xlsx_view), name=f"{NAME}_xlsx"),
        ]
        return own + super().get_urls()

    def csv_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return problems_csv(self.batch_or_404(request, pk))

    def xlsx_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return problems_xlsx(self.batch_or_404(request, pk))

    def proposals_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Entities that the file brings, to be named before they are created."""
        batch = self.batch_or_404(request, pk)
        may_edit = may_import(request.user) and batch.state == State.STAGED
        if request.method == "POST" and not may_edit:
            raise PermissionDenied
        rows = ProposedEntity.objects.filter(batch=batch).order_by("pk")
        page = Paginator(rows, PROPOSALS).get_page(request.GET.get("page"))
        shown = rows.filter(pk__in=[one.pk for one in page]).prefetch_related("series__indicator")
        data = request.POST if request.method == "POST" else None
        formset = ProposalFormSet(data, queryset=shown)
        if data is not None and formset.is_valid() and _revised(request, batch, formset):
            return HttpResponseRedirect(request.get_full_path())
        context = self._context(request, batch, _("New entities of %(file)s"))
        links = page_links(request, page.number, page.paginator.num_pages)
        context |= {"page": page, "formset": formset, "may_edit": may_edit, "links": links}
        return TemplateResponse(request, f"{FOLDER}/proposals.html", context)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What an undo does and what it would leave, then the undo itself."""
        batch = self.batch_or_404(request, pk)
        if not may_publish(request.user):
            raise PermissionDenied
        back = HttpResponseRedirect(reverse(f"admin:{NAME}_change", args=[batch.pk]))
        if batch.state != State.PUBLISHED:
            messages.error(request, _("Only a published file can be undone."))
            return back
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            actions.undo(request, batch, form.reason)
            return back
        left = slots_changed_since(batch)
        context = self._context(request, batch, _("Undo %(file)s"))
        context |= {"form": form, "left": left[:SLOTS_SHOWN], "left_count": len(left)}
        return TemplateResponse(request, f"{FOLDER}/undo.html", context)

    def _context(self, request: HttpRequest, batch: ImportBatch, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title % {"file": batch.file_name},
            "batch": batch,
        }


def _revised(request: HttpRequest, batch: ImportBatch, formset: Any) -> bool:
    """Whether the page is to be shown anew; what is refused stands beside its field."""
    proposals = [form.instance for form in formset.forms]
    if any(one.pk is None for one in proposals):
        messages.error(request, _("The list changed meanwhile; look at it again."))
        return True
    try:
        saved = actions.guarded(
            lambda: revise_proposals(batch, proposals, actor=request.user), request
        )
    except ProposalsRefusedError as error:
        by_pk = {form.instance.pk: form for form in formset.forms}
        for refusal in error.refusals:
            by_pk[refusal.pk].add_error(refusal.field, refusal.message)
        return False
    if saved is not None:
        messages.success(request, _("The names are saved."))
    return True
