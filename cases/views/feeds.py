"""Atom feeds: the public record of changes, of the site or of one thing."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from cases.models import Case
from cases.only_read import only_read
from cases.selectors.addresses import language_tag, own_address
from cases.selectors.change_log import Logged
from cases.selectors.feeds import (
    FeedContent,
    entity_feed,
    series_feed,
    site_feed,
    summary_html,
    text_feed,
)
from cases.selectors.kept import code_digest
from cases.selectors.texts import NotPublishedError
from cases.views.asked import refuse_others
from cases.views.errors import ParameterError, bad_request, not_found
from cases.views.pages import cache_publicly, known_etags_of, language
from metrics.charts.svg import writable
from metrics.models import Change
from metrics.selectors.moment import consistent_read

View = Callable[..., HttpResponseBase]


def _feed(content: Callable[..., FeedContent]) -> View:
    """A view of a feed; unchanged since a reader's last question it is answered by one query."""

    @only_read
    def view(request: HttpRequest, **kwargs: str) -> HttpResponse:
        try:
            refuse_others(request, ())
        except ParameterError as error:
            return bad_request(request, error)
        etag = f"{code_digest()}-{Change.objects.latest_seq()}"
        if etag in known_etags_of(request):
            response = HttpResponse(status=304)
        else:
            response = _written(request, content, kwargs)
        if response.status_code < 400:
            response["ETag"] = f'W/"{etag}"'
            cache_publicly(response)
        return response

    return view


def _written(
    request: HttpRequest, content: Callable[..., FeedContent], kwargs: dict[str, str]
) -> HttpResponse:
    try:
        with consistent_read():
            found = content(language=language(), **kwargs)
    except NotPublishedError as error:
        return not_found(request, languages=error.languages)
    except ObjectDoesNotExist:
        return not_found(request)
    return HttpResponse(_atom(request, found), content_type="application/atom+xml; charset=utf-8")


def _atom(request: HttpRequest, content: FeedContent) -> str:
    """Entries are named by the page of their change in this language: one that stays."""
    feed = Atom1Feed(
        title=writable(f"{content.title} · {_('Fintech Cases')}"),
        link=own_address(content.page),
        description="",
        language=language_tag(language()),
        feed_url=own_address(request.path),
        feed_guid=own_address(request.path),
        author_name=_("Fintech Cases"),
    )
    for entry in content.log.entries:
        feed.add_item(**_item(entry))
    return feed.writeString("utf-8")


def _item(entry: Logged) -> dict[str, Any]:
    kind = str(Change.Kind(entry.kind).label)
    named = _(", ").join(text.name for text in entry.texts)
    title = entry.title or named or _("Change %(seq)d") % {"seq": entry.seq}
    return {
        "title": writable(title),
        "link": own_address(entry.url),
        "unique_id": own_address(entry.url),
        "description": writable(summary_html(entry) or title),
        "pubdate": entry.at,
        "updateddate": entry.at,
        "categories": [kind],
    }


site = _feed(site_feed)
case = _feed(partial(text_feed, kind=Case.Kind.CASE))
technology = _feed(partial(text_feed, kind=Case.Kind.TECHNOLOGY))
entity = _feed(entity_feed)
series = _feed(series_feed)
