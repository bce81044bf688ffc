"""Fields for what a layout keeps as JSON, so that nobody has to write JSON."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.models.import_layout_rules import ROLES

MOST_LINES = 5_000
LONGEST_HEADER = 200

# What each role is called, and what its cells hold.
ROLE_WORDS: dict[str, tuple[Promise, Promise]] = {
    "series": (
        gettext_lazy("series"),
        gettext_lazy("The key of a series, such as china.gdp. Stands for entity and indicator."),
    ),
    "entity": (
        gettext_lazy("entity"),
        gettext_lazy("Whom the value is about: a slug, a code of three letters, or a name."),
    ),
    "entity_name": (
        gettext_lazy("name of the entity"),
        gettext_lazy("Beside a column of codes: the name that a new entity gets."),
    ),
    "indicator": (
        gettext_lazy("indicator"),
        gettext_lazy("What is measured: a key of ours, or a code that is mapped below."),
    ),
    "period": (gettext_lazy("period"), gettext_lazy("The year, quarter, month or day.")),
    "value": (gettext_lazy("value"), gettext_lazy("The number itself.")),
    "stated": (
        gettext_lazy("as stated"),
        gettext_lazy("The figure as the source prints it: 8.29亿, over 60 million."),
    ),
    "qualifier": (gettext_lazy("qualifier"), gettext_lazy("exact, over, under, nearly or about.")),
    "status": (
        gettext_lazy("status"),
        gettext_lazy("One letter of SDMX: A normal, P provisional, E estimated …"),
    ),
    "null_reason": (
        gettext_lazy("why there is no value"),
        gettext_lazy("A code such as not_reported, where the value is missing."),
    ),
    "source": (
        gettext_lazy("source"),
        gettext_lazy("The slug of a source, where the rows have different ones."),
    ),
    "locator": (
        gettext_lazy("place in the source"),
        gettext_lazy("A section, page or table."),
    ),
    "note": (gettext_lazy("note"), gettext_lazy("A remark that readers see beside the value.")),
    "vintage_on": (
        gettext_lazy("published by the source on"),
        gettext_lazy("The day on which the source published the row, such as 2024-07-01."),
    ),
}


class ColumnsWidget(forms.MultiWidget):
    """One line for every role: its name, the header to type, and what its cells hold."""

    def __init__(self) -> None:
        attrs = {"maxlength": LONGEST_HEADER, "class": "vTextField"}
        super().__init__({role: forms.TextInput(attrs) for role in ROLES})

    def decompress(self, value: Any) -> list[str]:
        kept = value if isinstance(value, Mapping) else {}
        return [str(kept.get(role, "")) for role in ROLES]

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        shown = self.get_context(name, value, attrs or {})["widget"]["subwidgets"]
        lines = [
            {"widget": widget, "title": ROLE_WORDS[role][0], "help": ROLE_WORDS[role][1]}
            for role, widget in zip(ROLES, shown, strict=True)
        ]
        return render_to_string("admin/metrics/importlayout/_columns.html", {"lines": lines})

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return ""


class ColumnsField(forms.MultiValueField):
    """Role → text of the header; roles without a header have no column."""

    widget = ColumnsWidget

    def __init__(self, **kwargs: Any) -> None:
        fields = [forms.CharField(required=False, max_length=LONGEST_HEADER) for _role in ROLES]
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, str]:
        headers = zip(ROLES, data_list, strict=False)
        return {role: header for role, header in headers if header}


class LinesField(forms.CharField):
    """Texts, one a line; an empty cell always counts as one of them."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(text for text in value if text) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines()]
        return ["", *dict.fromkeys(line for line in lines if line)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(self.prepare_value(initial)) != self.to_python(data))


class MappingField(forms.CharField):
    """Codes of the file and what they mean here, one `code = key` a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        return "\n".join(f"{code} = {key}" for code, key in value.items())

    def to_python(self, value: Any) -> Any:
        found: dict[str, str] = {}
        lines = (super().to_python(value) or "").splitlines()
        if len(lines) > MOST_LINES:
            text = _("%(count)d lines; expected at most %(most)d.")
            raise forms.ValidationError(text % {"count": len(lines), "most": MOST_LINES})
        for number, line in enumerate(lines, 1):
            if line.strip():
                code, key = _pair(number, line)
                if code in found:
                    text = _("Line %(line)d: “%(code)s” stands there twice.")
                    raise forms.ValidationError(text % {"line": number, "code": code})
                found[code] = key
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(dict(initial or {}) != self.to_python(data))
        except forms.ValidationError:
            return True


def _pair(number: int, line: str) -> tuple[str, str]:
    """The last = parts them: a code may hold one, a key may not."""
    code, sign, key = (part.strip() for part in line.rpartition("="))
    if not (sign and code and key):
        text = _("Line %(line)d: expected “code = key”, such as “CHN = china”.")
        raise forms.ValidationError(text % {"line": number})
    return code, key
