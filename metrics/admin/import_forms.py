"""Forms of an import: the file, why it is published, what its new entities are called."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.admin.statement import KINDS
from metrics.models import ImportBatch, ImportLayout, ProposedEntity, Release

PROPOSALS = 50


class UploadForm(forms.Form):
    """A file, how it is read, and when its source published it."""

    layout = forms.ModelChoiceField(
        ImportLayout.objects.order_by("slug"),
        label=gettext_lazy("layout"),
        help_text=gettext_lazy("How the file is read: which column holds what."),
    )
    file = forms.FileField(
        label=gettext_lazy("file"),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=gettext_lazy("CSV or XLSX. It is checked as a whole before anything changes."),
    )
    vintage_on = forms.DateField(
        required=False,
        label=gettext_lazy("published by the source on"),
        widget=AdminDateWidget,
        help_text=gettext_lazy("For rows that do not say it themselves."),
    )


class ReasonForm(forms.Form):
    """Why readers see something else from now on, in at least one language."""

    reason_zh_hans = forms.CharField(
        required=False,
        max_length=1000,
        label=gettext_lazy("Reason (Chinese)"),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    reason_en = forms.CharField(
        required=False,
        max_length=1000,
        label=gettext_lazy("Reason (English)"),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    @property
    def reason(self) -> dict[str, str]:
        data = self.cleaned_data
        return {"zh-hans": data["reason_zh_hans"], "en": data["reason_en"]}

    @property
    def needs_reason(self) -> bool:
        return True

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        given = data.get("reason_zh_hans") or data.get("reason_en")
        if self.needs_reason and not given:
            self.add_error("reason_zh_hans", _("Give a reason in at least one language."))
        return data


class PublishForm(ReasonForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("This is"),
        choices=KINDS,
        help_text=gettext_lazy(
            "New: nothing was stated before. Revision: the source states it anew. Correction: "
            "we had it wrong. The last two need a reason in at least one language."
        ),
    )
    field_order = ["kind", "reason_zh_hans", "reason_en"]

    @property
    def needs_reason(self) -> bool:
        return self.cleaned_data.get("kind") != Release.Kind.NEW


def publish_form(batch: ImportBatch, data: Any = None) -> PublishForm:
    """A file that changes or withdraws something is a revision unless the editor says else."""
    is_new = not (batch.changed or batch.withdrawn)
    return PublishForm(
        data, initial={"kind": Release.Kind.NEW if is_new else Release.Kind.REVISION}
    )


ProposalFormSet = forms.modelformset_factory(
    ProposedEntity,
    fields=["slug", "name_zh_hans", "name_en", "kind"],
    extra=0,
    max_num=PROPOSALS,
    absolute_max=PROPOSALS,
)
