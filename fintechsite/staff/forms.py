"""The forms of the second factor."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class CodeForm(forms.Form):
    """One code: of the app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "class": "code"}
        ),
    )

    def refuse(self, words: Any) -> None:
        self.add_error("code", words)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Kept in the history of the account: who asked, and how you know it was them."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
