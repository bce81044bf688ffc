"""What is cited of a text or a series: the page as of a change, which stays as it is."""

from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.utils.timezone import localdate

from cases.selectors.addresses import series_url, text_url
from cases.selectors.citation import Citation
from cases.selectors.pages import TextPage
from metrics.models import Series
from metrics.selectors.printing import series_name

Address = Callable[[str], str]  # makes a path absolute


def text_citation(page: TextPage, title: str, address: Address) -> Citation:
    """As of the last change of the words or of what they quote, or as of the page's own moment.

    No query.
    """
    text, updated = page.text, page.updated_at or page.text.published_at
    last = page.updated.seq if page.updated else text.seq
    seq = text.as_of if text.as_of is not None else last
    return Citation(
        key=text.case.slug,
        title=title,
        published_on=localdate(text.published_at),
        updated_on=localdate(updated),
        url=address(text_url(text.case.kind, text.case.slug, text.language, seq)),
        language=text.language,
    )


def series_citation(
    series: Series,
    language: str,
    seq: int,
    at: datetime,
    address: Address,
    shown: Sequence[tuple[str, str]] = (),
) -> Citation:
    """A series as of a change, shown by the parameters given. No query."""
    asked = [pair for pair in shown if pair[0] != "as_of"] + [("as_of", str(seq))]
    return Citation(
        key=series.key,
        title=series_name(series, language),
        published_on=localdate(at),
        updated_on=localdate(at),
        url=address(f"{series_url(series.key, language)}?{urlencode(asked)}"),
        language=language,
    )
