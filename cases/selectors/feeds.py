"""What a feed tells: of the whole site, a text, an entity or a series."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from django.utils.translation import gettext as _

from cases.models import Case
from cases.selectors.addresses import page_url, series_url, text_url
from cases.selectors.change_log import ChangeLog, Logged, log_of, releases_log
from cases.selectors.figures import text_figures
from cases.selectors.texts import live_text
from metrics.models import Entity, Series
from metrics.selectors.printing import in_language, series_name


@dataclass(frozen=True, slots=True)
class FeedContent:
    """A title, the page that it is about, and changes, the newest first."""

    title: str
    page: str
    log: ChangeLog


def site_feed(language: str) -> FeedContent:
    return FeedContent(_("Releases"), page_url(language, "releases"), releases_log(language))


def text_feed(slug: str, kind: str, language: str) -> FeedContent:
    """Of a text that readers see: its words, and the values it quotes. NotPublishedError."""
    text = live_text(slug, kind, language)
    figures = text_figures([text.parsed], language)
    series = {one.pk for one in figures.panel.series.values()}
    log = log_of(series, {text.case.pk}, language)
    return FeedContent(text.title(figures), text_url(kind, slug, language), log)


def entity_feed(slug: str, language: str) -> FeedContent:
    """Of what is measured of an entity, and the texts about it. Entity.DoesNotExist."""
    entity = Entity.objects.get(slug=slug)
    series = set(Series.objects.filter(entity=entity).values_list("pk", flat=True))
    cases = set(Case.objects.published().filter(entities=entity).values_list("pk", flat=True))
    log = log_of(series, cases, language)
    return FeedContent(
        in_language(entity, "name", language), page_url(language, "entity", slug), log
    )


def series_feed(key: str, language: str) -> FeedContent:
    """Of the values of a series, as its source states them. Series.DoesNotExist."""
    series = Series.objects.with_definitions().get(key=key)
    log = log_of({series.pk}, (), language)
    return FeedContent(series_name(series, language), series_url(key, language), log)


def summary_html(entry: Logged) -> str:
    """What a change did, as a reader of feeds shows it."""
    return "".join(_parts(entry))


def _parts(entry: Logged) -> Iterator[str]:
    if entry.reason:
        yield f"<p>{escape(entry.reason)}</p>"
    if entry.lines:
        yield "<ul>"
        for line in entry.lines:
            before = f"<del>{escape(line.before)}</del> → " if line.before else ""
            about = f"{escape(line.name)}, {escape(line.label)}"
            yield f"<li>{about}: {before}{escape(line.after)}</li>"
        yield "</ul>"
