"""Forms about keys."""

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import ApiKey, Partner
from partners.models.key import MOST_REQUESTS

# Hours that an old key stays good.
OVERLAPS: Final = (
    (0, gettext_lazy("at once")),
    (1, gettext_lazy("in an hour")),
    (24, gettext_lazy("in a day")),
    (24 * 7, gettext_lazy("in a week")),
    (24 * 30, gettext_lazy("in 30 days")),
)


class KeyForm(forms.Form):
    """A new key: whose it is and what it may do."""

    partner = forms.ModelChoiceField(
        label=gettext_lazy("partner"), queryset=Partner.objects.filter(is_active=True)
    )
    name = forms.CharField(
        label=gettext_lazy("name"),
        max_length=50,
        help_text=gettext_lazy("What it is for: a machine, a job, an environment."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("scopes"),
        choices=ApiKey.Scope.choices,
        initial=[ApiKey.Scope.READ],
        widget=forms.CheckboxSelectMultiple,
    )
    quota = forms.IntegerField(
        label=gettext_lazy("quota"),
        required=False,
        min_value=1,
        max_value=MOST_REQUESTS,
        help_text=gettext_lazy("Requests in a window; empty: what the site gives every key."),
    )
    expires_at = forms.DateTimeField(
        label=gettext_lazy("expires at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = timezone.get_current_timezone_name()
        self.fields["expires_at"].help_text = _("In the time zone %(zone)s.") % {"zone": zone}

    def clean_expires_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["expires_at"]
        if moment is not None and moment <= timezone.now():
            raise forms.ValidationError(_("Expected a time that is yet to come."))
        return moment


class RotateForm(forms.Form):
    """How long the old key stays good."""

    hours = forms.TypedChoiceField(
        label=gettext_lazy("The old key stops"),
        choices=OVERLAPS,
        coerce=int,
        initial=24 * 7,
        help_text=gettext_lazy("Until then both are good, and share one quota."),
    )

    @property
    def overlap(self) -> timedelta:
        return timedelta(hours=self.cleaned_data["hours"])
