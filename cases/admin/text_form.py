"""The form in which a text is written."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.admin.drafting import Unsaved, told_meanwhile
from cases.markup.text import Text, tidied
from cases.models import CaseText, Revision
from cases.selectors.conflicts import Conflict, conflict_with, joined_words, words_of
from cases.selectors.drafts import latest_revision
from cases.selectors.languages import Translation, translation_of
from cases.selectors.problems import text_problems
from cases.services.texts import LOCKED

# Buttons that answer a conflict; each sends the number of the revision that was looked at.
AS_NEWEST: Final = "_newest"
JOIN: Final = "_join"
# The text follows no other; the empty choice leaves what it follows as it is.
NOTHING: Final = "none"


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
            "timelines, callouts and quotes are fenced blocks."
        ),
    )
    note = forms.CharField(
        label=gettext_lazy("what changed"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "writing__note"}),
    )
    follows = forms.CharField(
        label=gettext_lazy("translation"),
        required=False,
        widget=forms.HiddenInput,
        help_text=gettext_lazy(
            "Choose the latest revision once these words say what it says: until then the text "
            "counts as one that lags."
        ),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    offered = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = CaseText
        fields = ["case", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflict: Conflict | None = None
        self.latest = latest_revision(self.instance)
        if self.latest is not None:
            for name in ("title", "standfirst", "body"):
                self.initial[name] = getattr(self.latest, name)
            self.initial["seen"] = self.latest.number
        if self.unsaved.restored is not None:
            for name in ("title", "standfirst", "body", "note", "seen"):
                self.initial[name] = getattr(self.unsaved.restored, name)
        elif self.unsaved.offer is not None:
            self.initial["offered"] = self.unsaved.offer.draft.mark
        self.translation = translation_of(self.instance)
        self._offer_sources(self.translation)
        if self.instance.state in LOCKED and not self.is_bound:  # what was sent is shown again
            for field in self.fields.values():
                field.disabled = True

    def clean_body(self) -> str:
        return tidied("", "", self.cleaned_data["body"]).body

    def clean_standfirst(self) -> str:
        return tidied("", self.cleaned_data["standfirst"], "").standfirst

    def clean_follows(self) -> str | Revision:
        """A revision of the other language; NOTHING; or empty, to leave it as it is."""
        given: str = self.cleaned_data["follows"]
        if given in ("", NOTHING):
            return given
        other = self.translation.other
        is_number = given.isascii() and given.isdecimal() and len(given) < 7
        rows = Revision.objects.filter(text=other.text if other else None)
        found = rows.filter(number=given).first() if is_number else None
        if found is None or self.translation.is_source:
            raise forms.ValidationError(_("There is no such revision in the other language."))
        return found

    def _offer_sources(self, found: Translation) -> None:
        """What a save may say of the other language; nothing where that follows this text."""
        if found.newest is None or found.other is None or found.is_source:
            return
        facts = {
            "language": found.other.text.get_language_display(),
            "number": found.newest.number,
        }
        latest = _("These words are in step with revision %(number)d of the text in %(language)s.")
        choices = [("", _kept_choice(found)), (str(found.newest.number), latest % facts)]
        if found.follows is not None:
            choices.append((NOTHING, _("It follows no other text.")))
            if found.newer == 0:
                del choices[1]
        elif self.latest is None:
            self.initial["follows"] = str(found.newest.number)
        self.fields["follows"].widget = forms.Select(choices=choices)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        text = CaseText.objects.select_for_update().get(pk=self.instance.pk)
        if text.state in LOCKED:
            raise forms.ValidationError(
                _("This text is approved. Reopen it on the page of its review to go on writing.")
            )
        self.latest = latest_revision(text)
        mine = Text(*(str(data.get(name, "")) for name in ("title", "standfirst", "body")))
        if self.latest is not None and self._is_behind(self.latest, data, mine):
            self._meet(self.latest, data.get("seen") or 0, mine)
        if not self.errors:
            for problem in text_problems(data["title"], data["standfirst"], data["body"]):
                self.add_error(problem.field, problem.message)
        return data

    def _is_behind(self, latest: Revision, data: dict[str, Any], mine: Text) -> bool:
        """Whether somebody saved other words since, and mine were not said to be the newest."""
        if (data.get("seen") or 0) == latest.number or mine == words_of(latest):
            return False
        if self.data.get(AS_NEWEST) != str(latest.number):
            return True
        self._show(seen=latest.number)
        return False

    def _meet(self, latest: Revision, seen: int, mine: Text) -> None:
        """Refuse the save and show what differs, or put both sets of changes into the form."""
        if self.data.get(JOIN) == str(latest.number):
            joined = joined_words(self.instance, seen=seen, mine=mine, latest=latest)
            self._show(joined.text, seen=latest.number)
            self.conflict = conflict_with(latest, joined.text, is_joined=True)
            raise forms.ValidationError(_told_joined(latest, joined.kept))
        self.conflict = conflict_with(latest, mine)
        rest = _("Nothing is saved now. Your words stand below: look at the difference and choose.")
        raise forms.ValidationError(f"{told_meanwhile(latest)} {rest}")

    def _show(self, words: Text | None = None, *, seen: int) -> None:
        """Put words into the form, should it be shown again, that have seen a revision."""
        shown: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict in fact
        for name in ("title", "standfirst", "body") if words is not None else ():
            shown[self.add_prefix(name)] = getattr(words, name)
        shown[self.add_prefix("seen")] = str(seen)
        self.data = shown


def _kept_choice(found: Translation) -> str:
    """What the text follows until something else is chosen."""
    if found.follows is None or found.other is None:
        return _("It follows no other text.")
    text = _("It follows revision %(number)d of the text in %(language)s, as before.")
    language = found.other.text.get_language_display()
    return text % {"number": found.follows.number, "language": language}


def _told_joined(latest: Revision, kept: int) -> str:
    text = _("Below are your words with the changes of revision %(number)d; nothing is saved yet.")
    message: str = text % {"number": latest.number}
    if not kept:
        return message
    both = ngettext(
        "In %(n)d place both of you wrote: there yours stand.",
        "In %(n)d places both of you wrote: there yours stand.",
        kept,
    )
    return f"{message} {both % {'n': kept}}"
