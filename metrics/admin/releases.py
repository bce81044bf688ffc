"""Releases: what they hold, and the publisher's decision."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.admin.bases import ReadOnlyAdmin
from metrics.models import Observation, Release, StagedObservation
from metrics.participants import RefusedError
from metrics.services.corrections import reject_release
from metrics.services.imports.conflicts import ImportConflictsError
from metrics.services.imports.recording import RowsLostError
from metrics.services.proposals import StaleProposalError, changed_since_proposed
from metrics.services.publishing import ReleaseStateError, may_publish, publish_release

SLOTS_SHOWN = 10


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
class ReleaseAdmin(ReadOnlyAdmin):
    """Read-only but for the two decisions; texts are added by the app that has them."""

    list_display = ["title", "kind", "state", "created_at", "created_by", "seq"]
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
        ("created_by", "created_at", "scheduled_at"),
        "files",
    ]
    readonly_fields = ["seq", "files"]

    @admin.display(description=gettext_lazy("published as"), ordering="change__seq")
    def seq(self, release: Release) -> str:
        change = getattr(release, "change", None)
        return str(change.seq) if change else "—"

    @admin.display(description=gettext_lazy("imported files"))
    def files(self, release: Release) -> str:
        links = [
            (reverse("admin:metrics_importbatch_change", args=[batch.pk]), batch.file_name)
            for batch in release.imports.order_by("pk")
        ]
        return format_html_join(", ", '<a href="{}">{}</a>', links) or "—"

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Of a release of texts no empty table of values, and the other way round."""
        if obj is None:
            return []
        return [inline for inline in self.inlines if inline.model.objects.filter(release=obj)]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) if may_publish(request.user) else {}

    @admin.action(description=gettext_lazy("Publish the selected releases"))
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Release]) -> None:
        for release in queryset.order_by("created_at", "id"):
            self._decide(request, release, "publish")

    @admin.action(description=gettext_lazy("Reject the selected releases"))
    def reject_selected(self, request: HttpRequest, queryset: QuerySet[Release]) -> None:
        for release in queryset.order_by("created_at", "id"):
            self._decide(request, release, "reject")

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if request.method == "POST" and object_id:
            release = self.get_object(request, object_id)
            if not may_publish(request.user) or release is None:
                raise PermissionDenied
            for decision in ("publish", "publish_anyway", "reject"):
                if f"_{decision}" in request.POST:
                    self._decide(request, release, decision)
            return HttpResponseRedirect(request.path)
        return super().changeform_view(request, object_id, *args, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        release = context.get("original")
        is_open = release is not None and release.state in (
            Release.State.DRAFT,
            Release.State.SCHEDULED,
        )
        context["can_decide"] = is_open and may_publish(request.user)
        context["changed_slots"] = changed_since_proposed(release) if is_open else []
        return super().render_change_form(request, context, *args, **kwargs)

    def _decide(self, request: HttpRequest, release: Release, decision: str) -> None:
        try:
            with transaction.atomic():
                if decision != "reject":
                    change = publish_release(
                        release,
                        actor=request.user,
                        now=timezone.now(),
                        despite_changes=decision == "publish_anyway",
                    )
                    text = _("“%(title)s” is published as change %(seq)d.")
                    messages.success(request, text % {"title": release, "seq": change.seq})
                else:
                    reject_release(release, actor=request.user)
                    messages.success(request, _("“%(title)s” is rejected.") % {"title": release})
        except ReleaseStateError:
            text = _("“%(title)s” was already decided.")
            messages.error(request, text % {"title": release})
        except StaleProposalError as error:
            text = _(
                "“%(title)s” is not published: these values were changed since it was proposed: "
                "%(slots)s. Open it to compare; you may publish it anyway, or reject it."
            )
            slots = ", ".join(f"{key} {period}" for key, period in error.slots[:SLOTS_SHOWN])
            messages.error(request, text % {"title": release, "slots": slots})
        except ImportConflictsError as error:
            text = _(
                "“%(title)s” is not published: these values were edited since its file was "
                "compared: %(slots)s. Open the imported file and compare again."
            )
            slots = ", ".join(f"{key} {period}" for key, period in error.slots[:SLOTS_SHOWN])
            messages.error(request, text % {"title": release, "slots": slots})
        except RefusedError as error:
            text = _("“%(title)s” is not published: %(reason)s")
            messages.error(request, text % {"title": release, "reason": error})
        except RowsLostError:
            text = _(
                "“%(title)s” is not published: the rows of its file are lost. Open the imported "
                "file, take it back from approval and hand it in again: it is then read anew."
            )
            messages.error(request, text % {"title": release})
