"""The form in which a text is written."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.admin.drafting import Unsaved
from cases.markup.text import tidied
from cases.models import CaseText, Revision
from cases.selectors.problems import text_problems
from cases.services.texts import LOCKED


class CaseTextForm(forms.ModelForm):
    """The words of the latest revision; what a reader could not be shown is refused.

    The admin sets `unsaved`: words to show in their place, or that the page offers; `offered` marks
    the latter while their author has not decided.
    """

    unsaved = Unsaved()

    title = forms.CharField(
        label=gettext_lazy("title"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "writing__title"}),
    )
    standfirst = forms.CharField(
        label=gettext_lazy("standfirst"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "writing__standfirst"}),
    )
    body = forms.CharField(
        label=gettext_lazy("body"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 40, "class": "writing__body"}),
        help_text=gettext_lazy(
            "Markdown. A figure is written {{ series@period }}; charts, tables, key figures, "
            "timelines and callouts are fenced blocks."
        ),
    )
    note = forms.CharField(
        label=gettext_lazy("what changed"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "writing__note"}),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    offered = forms.CharField(required=False, widget=forms.HiddenInput)

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
        if self.unsaved.restored is not None:
            for name in ("title", "standfirst", "body", "note", "seen"):
                self.initial[name] = getattr(self.unsaved.restored, name)
        elif self.unsaved.offer is not None:
            self.initial["offered"] = self.unsaved.offer.draft.mark
        if self.instance.state in LOCKED:
            for field in self.fields.values():
                field.disabled = True

    def clean_body(self) -> str:
        return tidied("", "", self.cleaned_data["body"]).body

    def clean_standfirst(self) -> str:
        return tidied("", self.cleaned_data["standfirst"], "").standfirst

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
