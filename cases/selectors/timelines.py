"""Timelines from stored events; `metrics.charts` draws them."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from cases.markup.exhibits import Timeline
from cases.selectors.addresses import page_url
from cases.selectors.describing import MOST_TOLD, SENTENCE_GAPS
from cases.selectors.exhibits import SourceLine, shown_events
from cases.selectors.figures import Figures
from metrics.charts import Happening, TimelineSpec
from metrics.charts.svg import SERIES_CLASSES
from metrics.selectors.printing import place_order, places
from metrics.selectors.timeline import TimelineEvent


def timeline_spec(exhibit: Timeline, figures: Figures, *, title: str) -> TimelineSpec:
    """The drawing of a timeline, described in words; its title is plain text."""
    events = shown_events(exhibit, figures)
    are_coloured = len(exhibit.entities) <= SERIES_CLASSES
    happenings = tuple(
        Happening(
            period=event.period.code,
            label=event.period_label,
            text=event.text,
            name=event.entity_name if len(exhibit.entities) > 1 else "",
            tone=exhibit.entities.index(event.entity_slug) if are_coloured else 0,
        )
        for event in events
    )
    language = figures.language
    with override(language):
        named = title or _("Timeline")
        return TimelineSpec(named, _described(happenings, language), language, happenings)


def _described(events: Sequence[Happening], language: str) -> str:
    """How many events, and in order of time all of them, or of many the first and the last."""
    count = ngettext("Timeline, %(n)d event.", "Timeline, %(n)d events.", len(events))
    told = events if len(events) <= MOST_TOLD else (events[0], events[-1])
    listed = pgettext("between values", "; ").join(
        _("%(when)s: %(what)s") % {"when": _head(event), "what": event.text} for event in told
    )
    parts = [count % {"n": len(events)}, f"{listed}{'.' if language == 'en' else '。'}"]
    return SENTENCE_GAPS[language].join(parts if events else parts[:1])


def _head(event: Happening) -> str:
    return pgettext("between parts", ", ").join(part for part in (event.label, event.name) if part)


def event_sources(events: Iterable[TimelineEvent], language: str) -> tuple[SourceLine, ...]:
    """The sources of some events, with the places in them; the most quoted first."""
    found: dict[tuple[str, str], set[str]] = {}
    for event in events:
        found.setdefault((event.source_slug, event.source_title), set()).add(event.locator)
    lines = []
    for (slug, title), locators in found.items():
        named = sorted((one for one in locators if one), key=place_order)
        url = page_url(language, "source", slug)
        lines.append(SourceLine(slug, title, url, places(named, language), len(named)))
    return tuple(sorted(lines, key=lambda line: (-line.count, line.slug)))
