"""Answers that are files, pictures and frames: made of what stood at a change, and known by it."""

from collections.abc import Callable, Collection
from hashlib import blake2s
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from cases.selectors.addresses import own_address
from cases.selectors.data_files import Stand
from cases.selectors.kept import code_digest
from cases.selectors.texts import NotPublishedError
from cases.views.asked import refuse_others
from cases.views.errors import ParameterError, bad_request, not_found, not_then
from cases.views.moments import Moment, NotThenError, asked_moment
from cases.views.pages import cache_publicly, known_etags_of
from metrics.models import Change
from metrics.selectors.moment import consistent_read

Write = Callable[[Moment | None, Stand, str], HttpResponse]


def stood_answer(request: HttpRequest, known: Collection[str], write: Write) -> HttpResponse:
    """What `write` makes of a stand, in one consistent read; error pages where it raises.

    Not modified where the reader has what the latest seq, address and code make: of the past too,
    whose names are those of today, and of which a redaction takes values and words. `write` is
    given the entity tag, by which it may keep what is dear to make. `known` are the parameters it
    takes.
    """
    try:
        with consistent_read() as latest:
            refuse_others(request, known)
            moment = asked_moment(request)
            now, stand = _stands(moment, latest)
            etag, changed = _etag(request, now), int(now.at.timestamp())
            return _stood(request, etag, changed, lambda: write(moment, stand, etag))
    except ParameterError as error:
        return bad_request(request, error)
    except NotPublishedError as error:
        return not_found(request, languages=error.languages)
    except NotThenError as error:
        then = error.moment
        return not_then(request, then.words, then.seq, languages=error.languages, now=error.now)
    except Http404:
        return not_found(request)


def _stands(moment: Moment | None, latest: int) -> tuple[Stand, Stand]:
    """What stands now and what is asked for. Raises Http404 before anything was published."""
    seq = moment.seq if moment else latest
    at = dict(Change.objects.filter(seq__in={seq, latest}).values_list("seq", "published_at"))
    if seq not in at:
        if moment:
            raise NotThenError(moment)
        raise Http404
    is_past = moment is not None
    return Stand(latest, at[latest], is_past=False), Stand(seq, at[seq], is_past=is_past)


def _stood(
    request: HttpRequest, etag: str, changed: int, write: Callable[[], HttpResponse]
) -> HttpResponse:
    """Who has this very tag was given an answer; whoever asks by date or by `*` perhaps never was,
    and what is refused or not found stays so."""
    if etag.strip('"') in known_etags_of(request):
        return _told(HttpResponse(status=304), etag, changed)
    response = write()
    if response.status_code != 200:
        return response
    told = _told(response, etag, changed)
    found = get_conditional_response(request, etag=etag, last_modified=changed, response=told)
    return cast("HttpResponse", found)


def _told(response: HttpResponse, etag: str, changed: int) -> HttpResponse:
    response["ETag"] = etag
    response["Last-Modified"] = http_date(changed)
    cache_publicly(response)
    return response


def _etag(request: HttpRequest, now: Stand) -> str:
    what = f"{code_digest()} {own_address(request.path)} {request.GET.urlencode()}"
    return f'"{now.seq}-{blake2s(what.encode(), digest_size=8).hexdigest()}"'
