"""Downloads: what a page shows as CSV, Excel workbook, JSON or data package."""

from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cases.only_read import only_read
from cases.selectors.addresses import own_address
from cases.selectors.cited import Address
from cases.selectors.data_files import (
    MOST_ROWS,
    Stand,
    TooManyRowsError,
    series_file,
    text_file,
)
from cases.selectors.texts import NotPublishedError
from cases.views.asked_question import parameter_error
from cases.views.errors import ParameterError, bad_request
from cases.views.moments import Moment, NotThenError
from cases.views.pages import language
from cases.views.series import VALUE_PARAMETERS, asked_values
from cases.views.stood import stood_answer
from metrics.files.columns import DATA_COLUMNS
from metrics.files.comma import csv_text
from metrics.files.data_file import DataFile
from metrics.files.document import json_bytes
from metrics.files.package import zip_bytes
from metrics.files.workbook import xlsx_bytes
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


@only_read
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


@only_read
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
    def write(moment: Moment | None, stand: Stand, etag: str) -> HttpResponse:
        content_type, written = WRITERS[form]
        file = build(moment, stand, own_address)
        response = HttpResponse(written(file), content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="{file.name}.{form}"'
        return response

    try:
        return stood_answer(request, known, write)
    except TooManyRowsError:
        return bad_request(request, _too_many(request))


def _too_many(request: HttpRequest) -> ParameterError:
    expected = _(
        "A file holds at most %(most)d values: choose a range, or take the pages of the API."
    ) % {"most": MOST_ROWS}
    return ParameterError("from", request.GET.get("from", ""), expected=expected)
