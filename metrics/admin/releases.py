"""Releases: what they hold, and the publisher's decision."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy

from metrics.admin.release_calendar import ReleaseCalendar
from metrics.admin.release_decisions import decide, pressed
from metrics.admin.release_pages import release_url
from metrics.admin.release_schedule import unschedule
from metrics.models import Observation, Release, StagedObservation
from metrics.participants import RefusedError
from metrics.parts import blocks_of, change_part, parts_of
from metrics.services.composing import may_compose
from metrics.services.previewing import may_preview
from metrics.services.proposals import changed_since_proposed
from metrics.services.publishing import may_publish


class StagedInline(admin.TabularInline):
    model = StagedObservation
    extra = 0
    max_num = 0
    can_delete = False
    fields = (
        "action", "measure", "period", "stated_now", "value", "qualifier", "stated", "stated_by",
        "locator",
    )  # fmt: skip
    readonly_fields = fields
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[StagedObservation]:
        rows: QuerySet[StagedObservation] = super().get_queryset(request)
        standing = Observation.objects.current().preferred()
        slot = standing.filter(series=OuterRef("series"), period=OuterRef("period"))
        stated = NullIf(Cast("stated", TextField()), Value("", TextField()))
        others = Cast("value", TextField()), Cast("null_reason", TextField())
        now = slot.values_list(Coalesce(stated, *others))[:1]
        return rows.select_related("series", "source").annotate(now=Subquery(now))

    @admin.display(description=gettext_lazy("series"))
    def measure(self, row: StagedObservation) -> str:
        return row.series.key

    @admin.display(description=gettext_lazy("stated now"))
    def stated_now(self, row: StagedObservation) -> str:
        """What readers see in the slot at this moment."""
        return row.now or "—"  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("source"))
    def stated_by(self, row: StagedObservation) -> str:
        return str(row.source)


@admin.register(Release)
class ReleaseAdmin(ReleaseCalendar):
    """What a release holds, and the decision; texts are added by the app that has them."""

    change_form_template = "admin/metrics/release/change_form.html"
    change_list_template = "admin/metrics/release/change_list.html"

    list_display = ["title", "kind", "state", "scheduled_at", "created_at", "created_by", "seq"]
    list_filter = ["state", "kind", "created_at"]
    list_select_related = ["created_by", "change"]
    search_fields = ["title_zh_hans", "title_en", "reason_zh_hans", "reason_en"]
    date_hierarchy = "created_at"
    inlines = [StagedInline]
    actions = ["publish_selected", "reject_selected"]
    fields = [
        ("title_zh_hans", "title_en"),
        ("reason_zh_hans", "reason_en"),
        ("kind", "state", "seq"),
        ("created_by", "created_at"),
        ("scheduled_at", "scheduled_by", "failed"),
        ("gathered_into", "withdraws", "withdrawn"),
        "files",
    ]
    readonly_fields = ["seq", "files", "failed", "withdrawn"]

    @admin.display(description=gettext_lazy("published as"), ordering="change__seq")
    def seq(self, release: Release) -> str:
        change = getattr(release, "change", None)
        return str(change.seq) if change else "—"

    @admin.display(description=gettext_lazy("withdrawn by"))
    def withdrawn(self, release: Release) -> str:
        by = Release.objects.filter(withdraws=release).first()
        return format_html('<a href="{}">{}</a>', release_url(by), by) if by else "—"

    @admin.display(description=gettext_lazy("why it did not go live"))
    def failed(self, release: Release) -> str:
        if release.failed_at is None:
            return "—"
        return f"{localtime(release.failed_at):%Y-%m-%d %H:%M} {release.failure}"

    @admin.display(description=gettext_lazy("imported files"))
    def files(self, release: Release) -> str:
        links = [
            (reverse("admin:metrics_importbatch_change", args=[batch.pk]), batch.file_name)
            for batch in release.imports.order_by("pk")
        ]
        return format_html_join(", ", '<a href="{}">{}</a>', links) or "—"

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """What a decided release held; of an open one its parts say that, but for the values."""
        if obj is None:
            return []
        inlines = [StagedInline] if obj.is_open else self.inlines
        return [inline for inline in inlines if inline.model.objects.filter(release=obj)]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"may_compose": may_compose(request.user), **(extra_context or {})}
        response: HttpResponse = super().changelist_view(request, context)
        return response

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) if may_publish(request.user) else {}

    @admin.action(description=gettext_lazy("Publish the selected releases"))
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Release]) -> None:
        for release in queryset.order_by("created_at", "id"):
            decide(request, release, "publish")

    @admin.action(description=gettext_lazy("Reject the selected releases"))
    def reject_selected(self, request: HttpRequest, queryset: QuerySet[Release]) -> None:
        for release in queryset.order_by("created_at", "id"):
            decide(request, release, "reject")

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if request.method == "POST" and object_id:
            release = self.get_object(request, object_id)
            if release is None:
                raise PermissionDenied
            self._act(request, release)
            return HttpResponseRedirect(request.path)
        return super().changeform_view(request, object_id, *args, **kwargs)

    def _act(self, request: HttpRequest, release: Release) -> None:
        """One press of a button: a decision, or something put in or taken out."""
        name = pressed(request.POST, ("add", "take_out"))
        if not name:
            if not may_publish(request.user):
                raise PermissionDenied
            if "_unschedule" in request.POST:
                unschedule(request, release)
            elif decision := pressed(request.POST):
                decide(request, release, decision)
            return
        if not may_compose(request.user):
            raise PermissionDenied
        key, _colon, item = request.POST[f"_{name}"].partition(":")
        number = int(item) if item.isascii() and item.isdigit() and len(item) < 19 else 0
        try:
            change_part(
                release, key, number, add=name == "add", actor=request.user, now=timezone.now()
            )
        except RefusedError as error:
            messages.error(request, str(error))

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        release = context.get("original")
        is_open = release is not None and release.is_open
        is_published = release is not None and release.state == Release.State.PUBLISHED
        context["may_withdraw"] = is_published and may_publish(request.user)
        context["can_decide"] = is_open and may_publish(request.user)
        context["changed_slots"] = changed_since_proposed(release) if is_open else []
        if is_open:
            context["parts"] = parts_of(release, request.user)
            context["blocks"] = blocks_of(release)
            context["may_preview"] = may_preview(request.user)
            context["may_compose"] = (
                may_compose(request.user) and release.state == Release.State.DRAFT
            )
        return super().render_change_form(request, context, *args, **kwargs)
