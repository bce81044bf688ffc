"""Words that can be said in another language by whoever shows them.

What reads a text or computes has no language of its own, and what it found wrong may be kept for
readers of both. So it says it in English and keeps the template; ``metrics.translation`` turns that
into the language in force. A template is found by ``make messages`` where a Phrase is made of it.
"""

from __future__ import annotations

from typing import Any


class Phrase(str):
    """``template % params`` in English, as a text; a param that is a Phrase is said again too."""

    __slots__ = ("params", "template")
    template: str
    params: dict[str, Any]

    def __new__(cls, template: str, **params: Any) -> Phrase:
        phrase = super().__new__(cls, template % params)
        phrase.template, phrase.params = template, params
        return phrase

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        return (self.template,), self.params


def gettext_noop(template: str) -> str:
    """The same text, marked for ``make messages``: a Phrase is made of it elsewhere."""
    return template
