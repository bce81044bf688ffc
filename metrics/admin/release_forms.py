"""Forms of a release: what it is called and why it is made, and a value typed into it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.admin.import_forms import ReasonForm
from metrics.admin.searching import SearchOne
from metrics.admin.statement import KINDS, StatementForm
from metrics.models import Observation, Release


class DescribeForm(ReasonForm):
    """Title, kind and reason; what is not new needs a reason."""

    kind = forms.ChoiceField(
        label=gettext_lazy("This is"),
        choices=KINDS,
        help_text=gettext_lazy(
            "New: nothing was stated before. Revision: the source states it anew. Correction: "
            "we had it wrong. The last two need a reason in at least one language."
        ),
    )
    title_zh_hans = forms.CharField(
        label=gettext_lazy("Title (Chinese)"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    title_en = forms.CharField(
        label=gettext_lazy("Title (English)"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    field_order = ["title_zh_hans", "title_en", "kind", "reason_zh_hans", "reason_en"]

    def __init__(self, *args: Any, release: Release | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if release is not None:
            self.initial = {name: getattr(release, name) for name in self.fields}
            if release.kind not in dict(KINDS):
                self.fields["kind"] = forms.ChoiceField(
                    label=gettext_lazy("This is"),
                    choices=[(release.kind, release.get_kind_display())],
                    initial=release.kind,
                )

    @property
    def title(self) -> dict[str, str]:
        data = self.cleaned_data
        return {"zh-hans": data["title_zh_hans"], "en": data["title_en"]}

    @property
    def needs_reason(self) -> bool:
        return self.cleaned_data.get("kind") != Release.Kind.NEW


class ScheduleForm(forms.Form):
    """When a release goes live; slots that changed since it was proposed are to be looked at."""

    at = forms.DateTimeField(
        label=gettext_lazy("Goes live at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    despite_changes = forms.BooleanField(
        required=False,
        label=gettext_lazy("I have looked at the values that changed since it was proposed."),
    )

    def __init__(self, *args: Any, release: Release, has_changes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if release.scheduled_at is not None:
            self.initial["at"] = timezone.localtime(release.scheduled_at)
        zone = timezone.get_current_timezone_name()
        self.fields["at"].help_text = _("In the time zone %(zone)s.") % {"zone": zone}
        if not has_changes:
            del self.fields["despite_changes"]


class StagedValueForm(StatementForm):
    """A value that goes live with a release, which has the kind and the reason."""

    kind = reason_zh_hans = reason_en = None  # type: ignore[assignment]

    def __init__(self, *args: Any, admin_site: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("series", "source"):
            field: Any = self.fields[name]
            field.widget = SearchOne(Observation._meta.get_field(name), admin_site)
            field.widget.choices = field.choices

    def clean_reason(self, data: dict[str, Any]) -> None:
        """The release has it."""
