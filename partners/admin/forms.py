"""Forms about keys and webhooks."""

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import ApiKey, EventKind, Partner
from partners.models.key import MOST_REQUESTS
from partners.models.webhook import LONGEST_URL
from partners.outgoing.addresses import TargetError, target

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


FAULTS: Final = {
    "scheme": gettext_lazy("Expected an address that begins with https://"),
    "credentials": gettext_lazy("An address with a name and a password is not taken."),
    "port": gettext_lazy("Expected port 443 or 8443."),
    "malformed": gettext_lazy("This is no address that a request can go to."),
}


class WebhookForm(forms.Form):
    """Where a partner is told, and of what."""

    url = forms.CharField(
        label=gettext_lazy("address"),
        max_length=LONGEST_URL,
        help_text=gettext_lazy(
            "It begins with https:// and leads to a public address. Redirects are not followed."
        ),
        widget=forms.URLInput(attrs={"class": "vURLField"}),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("is told of"),
        choices=EventKind.choices,
        initial=list(EventKind),
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            target(url, is_local_allowed=settings.WEBHOOK_LOCAL)
        except TargetError as error:
            raise forms.ValidationError(FAULTS[error.code]) from error
        return url


class NewWebhookForm(WebhookForm):
    """The same, and whose it is."""

    partner = KeyForm.base_fields["partner"]
    field_order = ["partner", "url", "kinds"]


class ReplayForm(forms.Form):
    """From which change on."""

    seq = forms.IntegerField(
        label=gettext_lazy("from change"),
        min_value=1,
        max_value=2**62,
        help_text=gettext_lazy("Its number as listed under Changes; that one included."),
    )
