"""The page of one import: progress, problems or difference, and what can be decided."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django_htmx.http import HttpResponseClientRefresh

from metrics.admin import import_actions as actions
from metrics.admin.import_forms import PublishForm, publish_form
from metrics.admin.import_words import EXPLAINED, WAITING
from metrics.models import ImportBatch, ImportDifference, ImportProblem
from metrics.selectors.import_difference import MARKS, difference_page
from metrics.selectors.import_problems import problem_lines
from metrics.selectors.imports import changes_since, import_progress
from metrics.services.imports.conflicts import ImportConflictsError
from metrics.services.imports.uploading import may_import
from metrics.services.publishing import may_publish
from metrics.services.vintages import may_backfill

FOLDER = "admin/metrics/importbatch"
PROBLEMS = 50
SLOTS_SHOWN = 100
LONGEST_FILTER = 100
State = ImportBatch.State
DECISIONS: dict[str, Callable[[HttpRequest, ImportBatch], None]] = {
    "_discard": actions.discard,
    "_take_back": actions.take_from_approval,
    "_compare": actions.compare,
}


class BatchAdmin(admin.ModelAdmin):
    """In place of Django's form for a row that is there."""

    def batch_or_404(self, request: HttpRequest, key: str | int) -> ImportBatch:
        """The import, for who may look at it. Raises PermissionDenied, Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        number = str(key)
        rows = ImportBatch.objects.select_related(
            "layout", "uploaded_by", "release", "undo_release"
        )
        is_number = number.isascii() and number.isdigit() and len(number) < 19
        batch = rows.filter(pk=number).first() if is_number else None
        if batch is None:
            raise Http404
        return batch

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        batch = self.batch_or_404(request, object_id)
        if getattr(request, "htmx", False):
            return _moving(request, batch)
        if request.method != "POST":
            return self._page(request, batch, publish_form(batch))
        if not may_import(request.user):
            raise PermissionDenied
        return self._decided(request, batch)

    def _decided(self, request: HttpRequest, batch: ImportBatch) -> HttpResponse:
        form = publish_form(batch)
        if "_publish" in request.POST:
            form = publish_form(batch, request.POST)
            try:
                is_done = form.is_valid()
                if is_done:
                    actions.publish(request, batch, form)
            except ImportConflictsError as error:
                return self._page(request, batch, form, error.slots)
            if not is_done:
                return self._page(request, batch, form)
        for name, decide in DECISIONS.items():
            if name in request.POST:
                decide(request, batch)
        url = reverse("admin:metrics_importbatch_change", args=[batch.pk])
        return HttpResponseRedirect(url)

    def _page(
        self,
        request: HttpRequest,
        batch: ImportBatch,
        form: PublishForm,
        conflicts: list[tuple[str, str]] | None = None,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": batch.file_name,
            "batch": batch,
            "progress": import_progress(batch, timezone.now()),
            "explained": _explained(batch),
            "form": form,
            "conflicts": (conflicts or [])[:SLOTS_SHOWN],
            "conflict_count": len(conflicts or []),
            **_may(request, batch),
            **_found(request, batch),
        }
        return TemplateResponse(request, f"{FOLDER}/batch.html", context)


def _moving(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    """For htmx: what changes while the file is checked; then the page anew."""
    progress = import_progress(batch, timezone.now())
    if not progress.is_moving:
        return HttpResponseClientRefresh()
    context = {"batch": batch, "progress": progress, "explained": _explained(batch)}
    return TemplateResponse(request, f"{FOLDER}/_moving.html", context)


def _explained(batch: ImportBatch) -> str:
    if batch.state == State.STAGED and batch.release_id:
        return str(WAITING)
    return str(EXPLAINED[State(batch.state)])


def _may(request: HttpRequest, batch: ImportBatch) -> dict[str, Any]:
    """What can be decided now, by this person."""
    may = may_import(request.user)
    is_open, is_free = batch.state == State.STAGED, not batch.release_id
    is_backfill = batch.layout_frozen.get("mode") == "backfill"
    is_allowed = may_backfill(request.user) if is_backfill else may
    return {
        "is_backfill": is_backfill,
        "may_decide": may and is_open and is_free and is_allowed,
        "may_publish": may_publish(request.user),
        "may_take_back": may and is_open and not is_free,
        "may_discard": may
        and batch.state
        in (State.STAGED, State.UPLOADED, State.INVALID, State.UNCHANGED, State.FAILED),
        "may_undo": batch.state == State.PUBLISHED
        and not is_backfill
        and may_publish(request.user),
        "changes_since": changes_since(batch) if is_open else 0,
    }


def _found(request: HttpRequest, batch: ImportBatch) -> dict[str, Any]:
    """What the check found: problems, or what the file would do or did."""
    if batch.state == State.INVALID:
        page = _problem_page(request, batch)
        return {
            "page": page,
            "problems": problem_lines(batch, start=page.start_index() - 1, stop=page.end_index()),
            "links": page_links(request, page.number, page.paginator.num_pages),
        }
    if batch.state not in (State.STAGED, State.PUBLISHED, State.UNDONE):
        return {}
    mark = request.GET.get("mark", "")
    mark = mark if mark in MARKS else ""
    entity = request.GET.get("entity", "").strip()[:LONGEST_FILTER]
    language = "en" if get_language() == "en" else "zh-hans"
    difference = difference_page(
        batch, mark=mark, entity=entity, page=_number(request), language=language
    )
    return {
        "difference": difference,
        "mark": mark,
        "entity": entity,
        "marks": [
            (one.value, one.label, getattr(batch, one.value)) for one in ImportDifference.Mark
        ],
        "proposed": batch.proposed_entities.count(),
        "proposed_series": batch.proposed_series.count(),
        "links": page_links(request, difference.number, difference.pages),
    }


def _problem_page(request: HttpRequest, batch: ImportBatch) -> "Page[ImportProblem]":
    rows = ImportProblem.objects.filter(batch=batch).order_by("row", "id")
    return Paginator(rows, PROBLEMS).get_page(_number(request))


def _number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def page_links(request: HttpRequest, number: int, pages: int) -> dict[str, str]:
    return {
        "before": _address(request, number - 1) if number > 1 else "",
        "after": _address(request, number + 1) if number < pages else "",
    }


def _address(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return f"?{query.urlencode()}"
