"""What a reader may report: a text, a figure of it, a figure on the page of its series."""

from dataclasses import dataclass

from cases.markup.resolver import ResolvedFigure
from cases.markup.tokens import Reference
from cases.models import CaseText
from cases.selectors.addresses import series_url
from cases.selectors.figures import UNCHANGED, Figures, text_figures
from cases.selectors.texts import LiveText, live_texts
from metrics.models import Series
from metrics.selectors.panel import series_panel
from metrics.selectors.printing import series_name


@dataclass(frozen=True, slots=True)
class Doubted:
    """What a report is about, as a reader sees it; without a text it is about a series alone."""

    live: LiveText | None = None
    title: str = ""
    series: Series | None = None
    series_name: str = ""
    series_url: str = ""
    period: str = ""
    figure: ResolvedFigure | None = None

    @property
    def url(self) -> str:
        """The page that the reader comes from."""
        return self.live.url if self.live else self.series_url

    @property
    def text(self) -> CaseText | None:
        if self.live is None:
            return None
        return CaseText.objects.get(publications=self.live.publication_id)


def doubted(slug: str, key: str, period: str, language: str) -> Doubted:
    """A live text (its slug, or ""), a series (its key, or "") and a period that it has, or "".

    Raises CaseText.DoesNotExist and Series.DoesNotExist. A fixed number of queries.
    """
    live = title = None
    if slug:
        live = next(iter(live_texts(language, text__case__slug=slug)), None)
        if live is None:
            raise CaseText.DoesNotExist(slug)
        title = live.title(text_figures([live.parsed], language))
    if not key:
        return Doubted(live, title or "")
    series = Series.objects.with_definitions().get(key=key)
    figures = Figures(series_panel([key]), language)
    asked = Reference(key, period, UNCHANGED) if period else None
    return Doubted(
        live=live,
        title=title or "",
        series=series,
        series_name=series_name(series, language),
        series_url=series_url(key, language, period),
        period=period,
        figure=figures.figure(asked) if asked else None,
    )
