"""The editor's forms of exhibits: one for each kind, as rows of fields a template draws."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.markup.tokens import TRANSFORMS
from metrics.stats.registry import BY_KEY, Kind

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Field:
    """An input. `kind`: text, area, choice, transform, series, entity or figure."""

    name: str
    label: Words
    kind: str = "text"
    help: Words = ""
    is_required: bool = False
    choices: tuple[tuple[str, Words], ...] = ()

    @property
    def options(self) -> list[tuple[str, Words]]:
        return transform_choices() if self.kind == "transform" else list(self.choices)


@dataclass(frozen=True, slots=True)
class Rows:
    """Fields that are repeated, one group a row."""

    label: Words
    add: Words
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class ExhibitForm:
    """The form of a kind: its fields, and after them its rows."""

    kind: str
    title: Words
    fields: tuple[Field, ...] = ()
    rows: Rows | None = None


_TITLE: Final = Field("title", _("Title"), is_required=True)
_SUBTITLE: Final = Field("subtitle", _("Subtitle"), help=_("Empty: measure and unit."))
_UNITS: Final = Field("units", _("Shown as"), "transform")
_NAME: Final = Field(
    "id",
    _("Name in addresses"),
    help=_("Such as users: its picture keeps its address when charts are moved."),
)
_SERIES: Final = Rows(
    _("Series"),
    _("Add a series"),
    (
        Field("series", _("Series"), "series", is_required=True),
        Field("label", _("Label"), help=_("Empty: its name.")),
    ),
)
_QUOTE_HELP: Final = _("One paragraph, as it was said; figures may stand in it.")
_ALT_HELP: Final = _("For those who cannot see it, on one line; figures may stand in it.")
_PERIOD_HELP: Final = _("2018, 2018-Q4, 2018-12, latest or previous")
FORMS: Final[dict[str, ExhibitForm]] = {
    form.kind: form
    for form in (
        ExhibitForm(
            "chart",
            _("Chart"),
            (
                Field(
                    "type",
                    _("Type"),
                    "choice",
                    choices=(
                        ("line", _("lines over time")),
                        ("step", _("steps over time")),
                        ("column", _("columns over time")),
                        ("grouped", _("columns side by side, several series over time")),
                        ("stacked", _("stacked columns, the parts of a whole over time")),
                        ("multiples", _("small multiples, a panel for each series")),
                        ("slope", _("slopes, several series at two periods")),
                        ("bar", _("bars, several series at one period")),
                        ("dots", _("dots with their bounds, several series at one period")),
                    ),
                ),
                _TITLE,
                _SUBTITLE,
                Field(
                    "period", _("Period"), help=_("Bars, dots and columns: the one that is shown.")
                ),
                Field(
                    "periods",
                    _("Two periods"),
                    help=_("Slopes only. Empty: the first and the last that all series have."),
                ),
                _UNITS,
                _NAME,
            ),
            _SERIES,
        ),
        ExhibitForm(
            "table",
            _("Table"),
            (_TITLE, _SUBTITLE, Field("periods", _("Periods"), help=_PERIOD_HELP), _UNITS),
            _SERIES,
        ),
        ExhibitForm(
            "key-figures",
            _("Key figures"),
            rows=Rows(
                _("Key figures"),
                _("Add a key figure"),
                (
                    Field("value", _("Figure"), "figure", is_required=True),
                    Field("label", _("Label"), is_required=True),
                    Field("note", _("Note"), help=_("Empty: its period.")),
                ),
            ),
        ),
        ExhibitForm(
            "timeline",
            _("Timeline"),
            (
                Field("title", _("Title")),
                Field("from", _("From"), help=_("Empty: from the first event.")),
                Field("to", _("To"), help=_("Empty: to the last event.")),
                _NAME,
            ),
            Rows(
                _("Entities"),
                _("Add an entity"),
                (Field("entities", _("Entity"), "entity", is_required=True),),
            ),
        ),
        ExhibitForm(
            "callout",
            _("Callout"),
            (
                Field("title", _("Title")),
                Field("text", _("Text"), "area", _("Markdown with figures."), is_required=True),
            ),
        ),
        ExhibitForm(
            "quote",
            _("Quote"),
            (
                Field("text", _("What was said"), "area", _QUOTE_HELP, is_required=True),
                Field("by", _("Who said it"), is_required=True),
                Field("source", _("Source"), help=_("Its slug; empty: none.")),
                Field("locator", _("Where in it"), help=_("Such as 2.1 or p. 14.")),
            ),
        ),
        ExhibitForm(
            "image",
            _("Picture"),
            (
                Field(
                    "picture",
                    _("Picture"),
                    help=_("Its slug; add pictures under Texts › Pictures."),
                    is_required=True,
                ),
                Field("alt", _("What it shows"), "area", _ALT_HELP, is_required=True),
                Field("caption", _("Caption"), help=_("Empty: none. Figures may stand in it.")),
            ),
        ),
    )
}


def transform_choices() -> list[tuple[str, Words]]:
    """Transforms that a text may name, in the language of the interface; the plain one is ""."""
    language = "en" if get_language() == "en" else "zh-hans"
    names = [(code, BY_KEY[Kind.TRANSFORM, code].name[language]) for code in TRANSFORMS]
    return [("" if code == "lin" else code, name) for code, name in names]
