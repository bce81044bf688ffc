"""The form of one stated value."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.models import Observation, Qualifier, Release
from metrics.services.staging import StagingError, read_stated, stage_observation
from metrics.translation import translated

STATEMENT = [
    "stated",
    "value",
    "qualifier",
    "resolution",
    "status",
    "null_reason",
    "locator",
    "note",
    "vintage_on",
    "preferred",
]
KINDS = [
    (Release.Kind.NEW, Release.Kind.NEW.label),
    (Release.Kind.REVISION, Release.Kind.REVISION.label),
    (Release.Kind.CORRECTION, Release.Kind.CORRECTION.label),
]


class StatementForm(forms.ModelForm):
    """What is stated, where, and why it is saved; the value is read from the stated text."""

    kind = forms.ChoiceField(
        label=gettext_lazy("This is"),
        choices=KINDS,
        help_text=gettext_lazy(
            "New: nothing was stated before. Revision: the source states it anew. Correction: "
            "we had it wrong. The last two need a reason in at least one language."
        ),
    )
    reason_zh_hans = forms.CharField(
        label=gettext_lazy("Reason (Chinese)"),
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    reason_en = forms.CharField(
        label=gettext_lazy("Reason (English)"),
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    qualifier = forms.ChoiceField(
        label=gettext_lazy("qualifier"),
        choices=[("", gettext_lazy("as the stated text says")), *Qualifier.choices],
        required=False,
    )

    class Meta:
        model = Observation
        fields = ["series", "period", "source", *STATEMENT]
        widgets = {"note": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"})}
        help_texts = {
            "period": gettext_lazy(
                "2018, 2018-S1, 2018-Q4, 2018-12, 2018-12-31, 2007/2018, undated"
            ),
            "stated": gettext_lazy(
                "The text as printed in the source: 8.29亿, 34.6%, over 60 million"
            ),
            "value": gettext_lazy("Only where the stated text is not a number by itself."),
            "resolution": gettext_lazy(
                "One unit of the last digit that counts; only where the text does not show it."
            ),
            "preferred": gettext_lazy(
                "Readers see the preferred row where several sources state the same figure."
            ),
            "null_reason": gettext_lazy("Only for a row without a value."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.update(_initial(self.instance))
            self.initial["kind"] = Release.Kind.CORRECTION

    @property
    def reason(self) -> dict[str, str]:
        data = self.cleaned_data
        return {"zh-hans": data["reason_zh_hans"], "en": data["reason_en"]}

    @property
    def statement(self) -> dict[str, Any]:
        """What `stage_observation` takes."""
        return {name: self.cleaned_data.get(name) for name in STATEMENT} | {
            "qualifier": self.cleaned_data.get("qualifier") or None
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self.clean_reason(data)
        if not self.errors:
            self._try_staging(data)
        return data

    def clean_reason(self, data: dict[str, Any]) -> None:
        given = data.get("reason_zh_hans") or data.get("reason_en")
        if data.get("kind") != Release.Kind.NEW and not given:
            self.add_error("reason_zh_hans", _("Give a reason in at least one language."))

    def _try_staging(self, data: dict[str, Any]) -> None:
        row = self.instance
        series = data.get("series") or row.series
        try:
            staged = stage_observation(
                Release(),
                series=series,
                period=data.get("period") or row.period,
                source=data.get("source") or row.source,
                **self.statement,
            )
        except StagingError as error:
            self.add_error(
                error.field if error.field in self.fields else None, translated(error.message)
            )
        else:
            row.period_start, row.period_end = staged.period_start, staged.period_end

    def _post_clean(self) -> None:
        """The row's own constraints are checked when the service inserts the next one."""
        if not self.instance.pk:
            for name in ("series", "period", "source"):
                if name in self.cleaned_data:
                    setattr(self.instance, name, self.cleaned_data[name])


def _initial(row: Observation) -> dict[str, Any]:
    """Fields that the stated text gives by itself start empty, so that editing it is enough."""
    kind = row.series.indicator.unit.kind
    try:
        reading = read_stated(row.stated, unit_kind=kind)
    except StagingError:
        return {}
    initial: dict[str, Any] = {}
    if reading.value == row.value:
        initial["value"] = None
    if reading.qualifier == row.qualifier:
        initial["qualifier"] = ""
    if reading.resolution == row.resolution:
        initial["resolution"] = None
    return initial
