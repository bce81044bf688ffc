"""Writing a text: every save is a revision; its review and publication have a page of their own."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.admin.drafting import DraftingAdmin, unsaved_of
from cases.admin.exhibit_forms import FORMS
from cases.admin.history import HistoryAdmin
from cases.admin.languages import LanguagesAdmin
from cases.admin.picking import PickingAdmin
from cases.admin.review import ReviewedAdmin, review_url
from cases.admin.text_form import NOTHING, CaseTextForm
from cases.markup.hints import hints
from cases.models import CaseText, Revision
from cases.selectors.claims import claims_of
from cases.selectors.drafts import previews_of
from cases.services.drafts import clear_drafts
from cases.services.texts import LOCKED, save_revision

WORDS = ("title", "standfirst", "body", "note", "follows", "seen", "offered")


@admin.register(CaseText)
class CaseTextAdmin(PickingAdmin, DraftingAdmin, HistoryAdmin, LanguagesAdmin, ReviewedAdmin):
    form = CaseTextForm
    list_display = ["case", "language", "title", "state", "live_revision", "latest_revision"]
    list_filter = ["language", "state", "case__kind"]
    list_select_related = ["case"]
    search_fields = ["case__slug", "revisions__title", "revisions__body"]
    autocomplete_fields = ["case"]
    save_on_top = True
    change_form_template = "admin/cases/casetext/write.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        revisions = Prefetch("revisions", Revision.objects.defer("body").order_by("-number"))
        return rows.prefetch_related(revisions, "publications__revision")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """A text is named first (case, language) and written then."""
        if obj is None:
            return super().get_form(request, obj, change, **kwargs | {"form": forms.ModelForm})
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.unsaved = unsaved_of(request, obj)
        return form

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        is_written = obj is not None and self.has_change_permission(request, obj)
        return [("case", "language"), *(WORDS if is_written else ())]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("case", "language") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A text that was ever published is part of the record."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.publications.exists())

    @admin.display(description=gettext_lazy("title"))
    def title(self, text: CaseText) -> str:
        return next((revision.title for revision in text.revisions.all()), "—")

    @admin.display(description=gettext_lazy("live"))
    def live_revision(self, text: CaseText) -> str:
        live = [p.revision.number for p in text.publications.all() if p.seq_to is None]
        return f"#{live[0]}" if live else "—"

    @admin.display(description=gettext_lazy("latest"))
    def latest_revision(self, text: CaseText) -> str:
        return next((f"#{revision.number}" for revision in text.revisions.all()), "—")

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        original = context.get("original")
        is_locked = original is not None and original.state in LOCKED
        is_written = original is not None and self.has_change_permission(request, original)
        form = context["adminform"].form
        latest = form.latest if is_written else None
        context |= {
            "unsaved": getattr(form, "unsaved", None),
            "conflict": getattr(form, "conflict", None),
            "is_locked": is_locked,
            "exhibits": FORMS.values(),
            "translation": getattr(form, "translation", None),
            "claims": claims_of(latest, original.language) if latest else None,
            "hints": hints(latest) if latest else (),
            "previews": previews_of(original) if is_written else (),
            "may_write": is_written and not is_locked,
            "is_nav_sidebar_enabled": False,  # the room is for the words
            "show_save_and_add_another": False,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
            return
        revision = save_revision(
            obj,
            title=form.cleaned_data["title"],
            standfirst=form.cleaned_data["standfirst"],
            body=form.cleaned_data["body"],
            note=form.cleaned_data["note"],
            actor=request.user,
            now=timezone.now(),
        )
        clear_drafts(obj, author=request.user, but=form.cleaned_data["offered"])
        self._report(request, revision, form.latest)
        if follows := form.cleaned_data["follows"]:
            self.set_against(request, obj, None if follows == NOTHING else follows)

    def response_add(self, request: HttpRequest, obj: Any, *args: Any) -> HttpResponse:
        """On to the words."""
        return HttpResponseRedirect(reverse("admin:cases_casetext_change", args=[obj.pk]))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return _to_review(request, obj) or super().response_change(request, obj)

    def _report(self, request: HttpRequest, revision: Revision, latest: Revision | None) -> None:
        """What the save did, and what readers see of it."""
        facts = {"number": revision.number}
        live = revision.text.publications.current().select_related("revision").first()
        if revision == latest:
            text = _("The words are those of revision %(number)d: nothing to save.")
        elif live is None:
            text = _("Saved as revision %(number)d; readers do not see this text yet.")
        else:
            text = _("Saved as revision %(number)d; readers still see revision %(live)d.")
            facts["live"] = live.revision.number
        messages.info(request, text % facts)


def _to_review(request: HttpRequest, text: CaseText) -> HttpResponse | None:
    """The page of the review, where that button was pressed."""
    return HttpResponseRedirect(review_url(text)) if "_review" in request.POST else None
