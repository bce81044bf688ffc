"""What readers ever saw of a case, in every language."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from cases.models import Case, Publication
from metrics.selectors.notices import Telling
from metrics.selectors.prepared import prepared


@dataclass(frozen=True, slots=True)
class Edition:
    """Words that readers saw in a language, by which change, and until which seq (None: still)."""

    language: str
    telling: Telling
    seq_to: int | None

    def stood_at(self, seq: int | None) -> bool:
        """Whether readers had it at a seq (None: now)."""
        if seq is None or self.seq_to is None:
            return self.seq_to is None and (seq is None or self.telling.seq <= seq)
        return self.telling.seq <= seq < self.seq_to


def editions_of(case: Case) -> list[Edition]:
    """Every one, the first one first. One query."""
    return [
        Edition(language, Telling(seq, at, kind, {"zh-hans": zh_hans, "en": en}), seq_to)
        for language, seq, seq_to, at, kind, zh_hans, en in _editions(case.pk)
    ]


def languages_at(editions: Collection[Edition], seq: int | None) -> tuple[str, ...]:
    """The languages in which readers could see a case at a seq (None: now)."""
    found = {one.language for one in editions if one.stood_at(seq)}
    return tuple(sorted(found, reverse=True))


@prepared
def _editions(case: Any) -> QuerySet[Publication, tuple[Any, ...]]:
    rows = Publication.objects.filter(text__case=case).order_by("seq_from")
    return rows.values_list(
        "text__language",
        "seq_from",
        "seq_to",
        "release__change__published_at",
        "release__change__kind",
        "release__reason_zh_hans",
        "release__reason_en",
    )
