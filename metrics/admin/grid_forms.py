"""What the grid shows, and what holds for everything typed into it."""

import re
from typing import Any

from django import forms
from django.contrib.admin.sites import AdminSite
from django.contrib.admin.widgets import AdminDateWidget
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.admin.searching import SearchMany, SearchOne
from metrics.admin.statement import KINDS
from metrics.models import Entity, Group, Indicator, Observation, Rule, Series, Source
from metrics.selectors.grid import MOST_PERIODS
from metrics.services.grid_cells import Said, Typed
from metrics.stats.periods import Frequency, Period, PeriodError
from metrics.translation import translated

MOST_KEYS_LENGTH = 10_000
CELL = re.compile(r"cell\.([0-9]{1,15})\.([0-9A-Z-]{4,10})\.([0-9]{1,18})")


class ChooseForm(forms.Form):
    """Which series and periods. Every field may be left out."""

    series = forms.ModelMultipleChoiceField(
        Series.objects.all(), required=False, label=gettext_lazy("series")
    )
    keys = forms.CharField(
        required=False, max_length=MOST_KEYS_LENGTH, label=gettext_lazy("keys of series")
    )
    group = forms.ModelChoiceField(
        Group.objects.all(), required=False, label=gettext_lazy("all of the group")
    )
    entity = forms.ModelChoiceField(
        Entity.objects.all(), required=False, label=gettext_lazy("all of the entity")
    )
    indicator = forms.ModelChoiceField(
        Indicator.objects.all(), required=False, label=gettext_lazy("all of the indicator")
    )
    frequency = forms.ChoiceField(
        required=False,
        label=gettext_lazy("frequency"),
        choices=[("", gettext_lazy("the usual one")), *Series.Frequency.choices],
    )
    start = forms.CharField(required=False, max_length=10, label=gettext_lazy("from period"))
    end = forms.CharField(required=False, max_length=10, label=gettext_lazy("to period"))
    across = forms.ChoiceField(
        required=False,
        label=gettext_lazy("columns"),
        choices=[("series", gettext_lazy("series")), ("periods", gettext_lazy("periods"))],
    )
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, site: AdminSite) -> None:
        super().__init__(data)
        widgets = {
            "series": SearchMany(Observation._meta.get_field("series"), site),
            "group": SearchOne(Rule._meta.get_field("group"), site),
            "entity": SearchOne(Series._meta.get_field("entity"), site),
            "indicator": SearchOne(Series._meta.get_field("indicator"), site),
        }
        for name, widget in widgets.items():
            widget.choices = self.fields[name].choices  # type: ignore[attr-defined]
            self.fields[name].widget = widget
        for name in ("start", "end"):
            self.fields[name].widget.attrs["size"] = 10

    def clean_start(self) -> Period | None:
        return self._period("start")

    def clean_end(self) -> Period | None:
        return self._period("end")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        start, end = data.get("start"), data.get("end")
        if start and end and start.kind != end.kind:
            self.add_error("end", _("Both periods must be of one frequency."))
        elif start and end and end < start:
            self.add_error("end", _("The last period comes before the first."))
        elif start and end and (end.ordinal or 0) - (start.ordinal or 0) >= MOST_PERIODS:
            text = _("At most %(most)d periods are shown at once.")
            self.add_error("end", text % {"most": MOST_PERIODS})
        period = start or end
        if period and data.get("frequency") and not period.fits(Frequency(data["frequency"])):
            self.add_error("frequency", _("The periods are not of this frequency."))
        return data

    @property
    def is_empty(self) -> bool:
        names = ("series", "keys", "group", "entity", "indicator")
        return not any(self.cleaned_data.get(name) for name in names)

    def _period(self, name: str) -> Period | None:
        code = self.cleaned_data[name].strip()
        try:
            period = Period.parse(code) if code else None
        except PeriodError as error:
            raise forms.ValidationError(translated(error.message)) from None
        if period is not None and not period.is_regular:
            raise forms.ValidationError(_("Expected a single period such as 2018 or 2018-Q4."))
        return period


class SaidForm(forms.Form):
    """The source of what is typed, and why it is saved."""

    source = forms.ModelChoiceField(
        Source.objects.all(),
        required=False,
        label=gettext_lazy("source of what is typed"),
        help_text=gettext_lazy(
            "Needed for new values. Left empty, each changed value keeps its source."
        ),
    )
    locator = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("place in the source"),
        help_text=gettext_lazy("Left empty, each changed value keeps its place."),
    )
    vintage_on = forms.DateField(
        required=False,
        label=gettext_lazy("published by the source on"),
        widget=AdminDateWidget,
        help_text=gettext_lazy("Left empty, each changed value keeps its day."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("This is"),
        choices=KINDS,
        help_text=gettext_lazy(
            "New: nothing was stated before. Revision: the source states it anew. Correction: "
            "we had it wrong. The last two need a reason in at least one language."
        ),
    )
    reason_zh_hans = forms.CharField(
        required=False, max_length=1000, label=gettext_lazy("Reason (Chinese)")
    )
    reason_en = forms.CharField(
        required=False, max_length=1000, label=gettext_lazy("Reason (English)")
    )

    @property
    def said(self) -> Said:
        data = self.cleaned_data
        return Said(data.get("source"), data.get("locator", ""), data.get("vintage_on"))

    @property
    def reason(self) -> dict[str, str]:
        data = self.cleaned_data
        return {"zh-hans": data["reason_zh_hans"], "en": data["reason_en"]}


def typed_cells(data: QueryDict) -> list[Typed]:
    """The cells of a form: `cell.<series>.<period>.<seq it was based on>` = its text."""
    cells = {}
    for name, text in data.items():
        if match := CELL.fullmatch(name):
            series_id, period, base = match.groups()
            typed = Typed(int(series_id), period, int(base), str(text))
            cells[typed.cell] = typed
    return list(cells.values())
