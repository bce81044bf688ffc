"""What the editor's pickers offer: series and entities by name, and a figure as it will print."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Final, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.markup.errors import MarkupError
from cases.markup.pen import Pen
from cases.markup.tokens import SCALES, TRANSFORMS, Reference, parse_reference
from cases.selectors.figures import Figures
from metrics.models import Entity, Series
from metrics.selectors.panel import series_panel
from metrics.selectors.printing import in_language, series_name
from metrics.stats.natures import NATURES, Nature
from metrics.stats.registry import BY_KEY, Kind
from metrics.stats.wording import ENGLISH
from metrics.translation import translated

MOST_FOUND: Final = 20
MOST_WORDS: Final = 6
MOST_PERIODS: Final = 200
M = TypeVar("M", bound=Model)
_SCALED_KINDS: Final = ("count", "currency")
_SERIES_FIELDS: Final = (
    "key", "entity__name_zh_hans", "entity__name_en", "indicator__name_zh_hans",
    "indicator__name_en",
)  # fmt: skip
_ENTITY_FIELDS: Final = ("slug", "name_zh_hans", "name_en")


class PickingError(ValueError):
    """What was asked for cannot be read; says what is expected."""


@dataclass(frozen=True, slots=True)
class Found:
    """A series or entity that a search found; `detail` is the unit or the kind."""

    key: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class FoundList:
    """At most MOST_FOUND; `has_more`: there are more than these."""

    found: tuple[Found, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A period, transform or scale: its code in a token, its name, and what it prints."""

    code: str
    name: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Picked:
    """A figure with what else its series offers.

    `printed` is empty where readers would see a dash; `reason` says why then. `periods` are the
    newest MOST_PERIODS that have a value, the newest first.
    """

    reference: Reference
    name: str
    unit: str
    periods: tuple[Choice, ...]
    transforms: tuple[Choice, ...]
    scales: tuple[str, ...]
    printed: str
    moment: str
    source: str
    reason: str


def found_series(words: str, language: str) -> FoundList:
    """Series whose key or names, in either language, hold every word. One query."""
    rows = _matching(Series.objects.with_definitions(), _SERIES_FIELDS, words).order_by("key")
    return _found(
        Found(
            one.key, series_name(one, language), in_language(one.indicator.unit, "name", language)
        )
        for one in rows[: MOST_FOUND + 1]
    )


def found_entities(words: str, language: str) -> FoundList:
    """Entities that have events, by slug or name. One query."""
    rows = Entity.objects.filter(events__isnull=False).distinct()
    rows = _matching(rows, _ENTITY_FIELDS, words).order_by("slug")
    return _found(
        Found(one.slug, in_language(one, "name", language), one.get_kind_display())
        for one in rows[: MOST_FOUND + 1]
    )


def picked_figure(text: str, language: str) -> Picked:
    """The figure that the inside of a token names, in the language of the text it is for.

    Raises PickingError for a malformed token and an unknown series. Six queries, more where
    definitions changed.
    """
    try:
        reference = parse_reference(text.strip().removeprefix("{{").removesuffix("}}"))
    except MarkupError as error:
        raise PickingError(translated(error.message)) from None
    figures = Figures(series_panel([reference.series]), language)
    series = figures.panel.series.get(reference.series)
    if series is None:
        raise PickingError(_("Unknown series “%(key)s”.") % {"key": reference.series})
    figure = figures.figure(reference)
    return Picked(
        reference=reference,
        name=series_name(series, language),
        unit=in_language(series.indicator.unit, "name", language),
        periods=_periods(series, figures),
        transforms=_transforms(series),
        scales=_scales(series, language),
        printed=Pen(language, figures).figure_text(reference) if figure.formatted else "",
        moment=figure.period_label,
        source=figure.source_title,
        reason=figure.null_text,
    )


def _matching(rows: QuerySet[M], fields: Iterable[str], words: str) -> QuerySet[M]:
    """Rows in which every word stands in one of the fields."""
    tests = [
        reduce(or_, (Q(**{f"{name}__icontains": word}) for name in fields))
        for word in words.split()[:MOST_WORDS]
    ]
    return rows.filter(reduce(and_, tests, Q()))


def _found(rows: Iterable[Found]) -> FoundList:
    found = tuple(rows)
    return FoundList(found[:MOST_FOUND], len(found) > MOST_FOUND)


def _periods(series: Series, figures: Figures) -> tuple[Choice, ...]:
    values = figures.panel.values_of(series.key)
    present = [period.code for period, value in values.items() if not value.figure.is_missing]
    shown = [("latest", _("the latest")), ("previous", _("the one before the latest"))]
    shown += [(code, "") for code in reversed(present[-MOST_PERIODS:])]
    return tuple(_period(series, code, name, figures) for code, name in shown)


def _period(series: Series, code: str, name: str, figures: Figures) -> Choice:
    figure = figures.figure(Reference(series.key, code))
    number = figure.formatted.text if figure.formatted else ""
    names = (name, figure.period_label)
    return Choice(code, ": ".join(part for part in names if part), number)


def _transforms(series: Series) -> tuple[Choice, ...]:
    """What the nature of a series allows, named in the language of the interface."""
    language = "en" if get_language() == "en" else "zh-hans"
    allowed = NATURES[Nature(series.indicator.nature)].transforms
    return tuple(
        Choice(code, BY_KEY[Kind.TRANSFORM, code].name[language])
        for code in TRANSFORMS
        if code in allowed
    )


def _scales(series: Series, language: str) -> tuple[str, ...]:
    if series.indicator.unit.kind not in _SCALED_KINDS:
        return ()
    return tuple(scale for scale in SCALES if scale.isascii() == (language == ENGLISH))
