"""How a text or a series is cited: plain, BibTeX and RIS, with an address that stays as it was."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from cases.selectors.addresses import language_tag
from cases.templatetags.days import day

FORMATS = {"bib": "application/x-bibtex", "ris": "application/x-research-info-systems"}
_SPECIAL = str.maketrans({c: f"\\{c}" for c in "&%$#_{}"} | {"\\": r"\textbackslash{}"})


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited: `url` is the page as of a change, which shows for ever what it showed then."""

    key: str
    title: str
    published_on: date
    updated_on: date
    url: str
    language: str

    @property
    def publisher(self) -> str:
        with override(self.language):
            return _("Fintech Cases")

    @property
    def plain(self) -> str:
        """One line in the customs of the language."""
        with override(self.language):
            return _("%(publisher)s: “%(title)s”, as of %(day)s. %(url)s") % {
                "publisher": self.publisher,
                "title": self.title,
                "day": day(self.updated_on),
                "url": self.url,
            }

    @property
    def bibtex(self) -> str:
        """An entry of the kind @online (biblatex), which BibTeX takes for @misc."""
        fields = {
            "title": f"{{{_escaped(self.title)}}}",
            "organization": f"{{{_escaped(self.publisher)}}}",
            "date": f"{{{self.published_on.isoformat()}}}",
            "year": f"{{{self.published_on.year}}}",
            "version": f"{{{self.updated_on.isoformat()}}}",
            "langid": f"{{{'english' if self.language == 'en' else 'chinese'}}}",
            "url": f"{{{self.url}}}",
        }
        lines = [f"  {name} = {value}" for name, value in fields.items()]
        return f"@online{{{self._name},\n" + ",\n".join(lines) + "\n}\n"

    @property
    def ris(self) -> str:
        """A record of the kind ELEC, its lines ended as the format asks."""
        lines = [
            ("TY", "ELEC"),
            ("TI", self.title),
            ("PB", self.publisher),
            ("PY", str(self.published_on.year)),
            ("DA", self.published_on.strftime("%Y/%m/%d")),
            ("ET", self.updated_on.isoformat()),
            ("LA", language_tag(self.language)),
            ("UR", self.url),
            ("ER", ""),
        ]
        return "".join(f"{tag}  - {' '.join(text.split())}\r\n" for tag, text in lines)

    def written(self, form: str) -> str:
        return self.bibtex if form == "bib" else self.ris

    @property
    def _name(self) -> str:
        return re.sub(r"[^A-Za-z0-9-]+", "-", f"{self.key}-{self.updated_on.year}-{self.language}")


def _escaped(text: str) -> str:
    return text.translate(_SPECIAL)
