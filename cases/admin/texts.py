"""Writing a text: every save is a revision; its review and publication have a page of their own."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.admin.review import ReviewedAdmin, review_url
from cases.models import CaseText, Revision
from cases.selectors.problems import text_problems
from cases.services.texts import LOCKED, save_revision


class CaseTextForm(forms.ModelForm):
    """The words of the latest revision; what a reader could not be shown is refused."""

    title = forms.CharField(
        label=gettext_lazy("title"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField", "size": 80}),
    )
    standfirst = forms.CharField(
        label=gettext_lazy("standfirst"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 100, "class": "vLargeTextField"}),
    )
    body = forms.CharField(
        label=gettext_lazy("body"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 40, "cols": 100, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "Markdown. A figure is written {{ series@period }}; charts, tables, key figures, "
            "timelines and callouts are fenced blocks."
        ),
    )
    note = forms.CharField(
        label=gettext_lazy("what changed"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = CaseText
        fields = ["case", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest: Revision | None = None
        if self.instance.pk:
            self.latest = self.instance.revisions.order_by("-number").first()
        if self.latest is not None:
            for name in ("title", "standfirst", "body"):
                self.initial[name] = getattr(self.latest, name)
            self.initial["seen"] = self.latest.number
        if self.instance.state in LOCKED:
            for field in self.fields.values():
                field.disabled = True

    def clean_body(self) -> str:
        """Browsers send CRLF; texts are stored with LF and one final newline."""
        body: str = self.cleaned_data["body"]
        return body.replace("\r\n", "\n").strip("\n") + "\n"

    def clean_standfirst(self) -> str:
        return " ".join(self.cleaned_data["standfirst"].split())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.instance.state in LOCKED:
            raise forms.ValidationError(
                _("This text is approved. Reopen it on the page of its review to go on writing.")
            )
        if self.latest is not None and data.get("seen") not in (None, self.latest.number):
            self._show_as_seen(self.latest.number)
            raise forms.ValidationError(
                _(
                    "Somebody saved revision %(number)d meanwhile. Your words are still below: "
                    "compare them with the latest revision before saving again."
                ),
                params={"number": self.latest.number},
            )
        if not self.errors:
            for problem in text_problems(data["title"], data["standfirst"], data["body"]):
                self.add_error(problem.field, problem.message)
        return data

    def _show_as_seen(self, number: int) -> None:
        """Whoever was warned once may save: the form shown again has seen the latest revision."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict in fact
        data[self.add_prefix("seen")] = str(number)
        self.data = data


@admin.register(CaseText)
class CaseTextAdmin(ReviewedAdmin):
    form = CaseTextForm
    list_display = ["case", "language", "title", "state", "live_revision", "latest_revision"]
    list_filter = ["language", "state", "case__kind"]
    list_select_related = ["case"]
    search_fields = ["case__slug", "revisions__title", "revisions__body"]
    autocomplete_fields = ["case"]
    save_on_top = True
    change_form_template = "admin/cases/casetext/write.html"
    fields = ["case", "language", "title", "standfirst", "body", "note", "seen"]

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        revisions = Prefetch("revisions", Revision.objects.defer("body").order_by("-number"))
        return rows.prefetch_related(revisions, "publications__revision")

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
        context["is_locked"] = original is not None and original.state in LOCKED
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
        revision = save_revision(
            obj,
            title=form.cleaned_data["title"],
            standfirst=form.cleaned_data["standfirst"],
            body=form.cleaned_data["body"],
            note=form.cleaned_data["note"],
            actor=request.user,
            now=timezone.now(),
        )
        self._report(request, revision, form.latest)

    def response_add(self, request: HttpRequest, obj: Any, *args: Any) -> HttpResponse:
        return _to_review(request, obj) or super().response_add(request, obj, *args)

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
