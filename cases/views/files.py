"""Downloads: what a page shows as CSV, Excel workbook, JSON or data package."""

from collections.abc import Callable
from hashlib import blake2s

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.selectors.cited import Address
from cases.selectors.data_files import (
    MOST_ROWS,
    Stand,
    TooManyRowsError,
    series_file,
    text_file,
)
from cases.selectors.kept import code_digest
from cases.selectors.texts import NotPublishedError
from cases.views.asked import refuse_others
from cases.views.asked_question import parameter_error
from cases.views.errors import ParameterError, bad_request, not_found, not_then
from cases.views.frame import site_address
from cases.views.moments import Moment, NotThenError, asked_moment
from cases.views.pages import cache_publicly, language
from cases.views.series import VALUE_PARAMETERS, asked_values
from metrics.files.columns import DATA_COLUMNS
from metrics.files.comma import csv_text
from metrics.files.data_file import DataFile
from metrics.files.document import json_bytes
from metrics.files.package import zip_bytes
from metrics.files.workbook import xlsx_bytes
from metrics.models import Change
from metrics.selectors.moment import consistent_read
from metrics.selectors.question_checks import QuestionError

Build = Callable[[Moment | None, Stand, Address], DataFile]


def _csv(file: DataFile) -> bytes:
    """With a byte order mark: without one Excel in Chinese takes UTF-8 for GBK."""
    text = csv_text([column.name for column in DATA_COLUMNS], file.rows)
    return b"\xef\xbb\xbf" + text.encode()


WRITERS: dict[str, tuple[str, Callable[[DataFile], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_bytes),
    "json": ("application/json", json_bytes),
    "zip": ("application/zip", zip_bytes),
}


@require_safe
def series(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """The values of a series by the parameters of its page."""

    def build(moment: Moment | None, stand: Stand, address: Address) -> DataFile:
        asked = asked_values(request, moment)
        try:
            file = series_file(key, language(), asked, stand, address)
        except ObjectDoesNotExist:
            raise Http404 from None
        except QuestionError as error:
            raise parameter_error(error, request) from None
        if moment and not file.rows and not asked.has_range:
            raise NotThenError(moment, now=[language()])
        return file

    return _answer(request, form, VALUE_PARAMETERS, build)


@require_safe
def text(request: HttpRequest, slug: str, form: str, kind: str) -> HttpResponse:
    """The values that a text quotes, now or as of a moment."""

    def build(moment: Moment | None, stand: Stand, address: Address) -> DataFile:
        try:
            return text_file(slug, kind, language(), stand, address)
        except NotPublishedError as error:
            if moment:
                raise NotThenError(moment, error.languages, error.now) from None
            raise

    return _answer(request, form, ("as_of",), build)


def _answer(request: HttpRequest, form: str, known: tuple[str, ...], build: Build) -> HttpResponse:
    try:
        with consistent_read() as latest:
            refuse_others(request, known)
            moment = asked_moment(request)
            stand = _stand(moment, latest)
            return _file(request, form, moment, stand, build)
    except ParameterError as error:
        return bad_request(request, error)
    except TooManyRowsError:
        return bad_request(request, _too_many(request))
    except NotPublishedError as error:
        return not_found(request, languages=error.languages)
    except NotThenError as error:
        then = error.moment
        return not_then(request, then.words, then.seq, languages=error.languages, now=error.now)
    except Http404:
        return not_found(request)


def _stand(moment: Moment | None, latest: int) -> Stand:
    """Raises Http404 before anything was published."""
    seq = moment.seq if moment else latest
    change = Change.objects.filter(seq=seq).first()
    if change is None:
        if moment:
            raise NotThenError(moment)
        raise Http404
    return Stand(seq, change.published_at, is_past=moment is not None)


def _file(
    request: HttpRequest, form: str, moment: Moment | None, stand: Stand, build: Build
) -> HttpResponse:
    """Not modified where the reader has what this seq, address and code make."""
    etag, changed = _etag(request, stand), int(stand.at.timestamp())
    known = get_conditional_response(request, etag=etag, last_modified=changed)
    if known is not None:
        response = HttpResponse(status=known.status_code)
    else:
        site, (content_type, write) = site_address(request), WRITERS[form]
        file = build(moment, stand, lambda path: f"{site}{path}")
        response = HttpResponse(write(file), content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="{file.name}.{form}"'
    response["ETag"] = etag
    response["Last-Modified"] = http_date(changed)
    cache_publicly(response)
    return response


def _etag(request: HttpRequest, stand: Stand) -> str:
    what = f"{code_digest()} {site_address(request)}{request.path} {request.GET.urlencode()}"
    return f'"{stand.seq}-{blake2s(what.encode(), digest_size=8).hexdigest()}"'


def _too_many(request: HttpRequest) -> ParameterError:
    expected = _(
        "A file holds at most %(most)d values: choose a range, or take the pages of the API."
    ) % {"most": MOST_ROWS}
    return ParameterError("from", request.GET.get("from", ""), expected=expected)
