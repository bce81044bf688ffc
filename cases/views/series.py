"""The page of a series: as stated, or transformed, aggregated and cut; its state is its address."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cases.only_read import only_read
from cases.selectors.addresses import card_url, own_address, series_chart_addresses, series_url
from cases.selectors.citation import FORMATS, Citation
from cases.selectors.cited import Address, series_citation
from cases.selectors.series import SeriesPage, series_page
from cases.selectors.series_asked import SeriesAsked
from cases.selectors.since import series_since
from cases.selectors.structured import dataset
from cases.views.asked import asked_number, asked_once, refuse_others
from cases.views.asked_question import (
    QUESTION_PARAMETERS,
    asked_period,
    asked_question,
    asked_range,
    parameter_error,
)
from cases.views.embed_code import embed_code, frame_height
from cases.views.errors import ElsewhereError, ParameterError, bad_request, not_found
from cases.views.frame import oembed_address
from cases.views.moments import Moment, NotThenError, asked_moment
from cases.views.pages import Page, language, reader_page
from metrics.charts import render_both_widths
from metrics.models import Change
from metrics.selectors.moment import consistent_read
from metrics.selectors.question_checks import QuestionError

VALUE_PARAMETERS = (*QUESTION_PARAMETERS, "from", "to", "as_of")
PARAMETERS = (*VALUE_PARAMETERS, "page", "period")


@reader_page(snapshot=True, dated=True)
def series(request: HttpRequest, key: str) -> Page:
    refuse_others(request, PARAMETERS)
    moment = asked_moment(request)
    page = _page(request, key, moment)
    record, asked = page.record, page.asked
    context = {
        "page": page,
        "record": record,
        "section": "data",
        "title": record.name,
        "description": page.definition,
        "since": series_since(page) if moment else None,
        "is_variant": bool(asked.given),
        "is_plain": not asked.shown,
        "files_base": request.path.rstrip("/"),
        "now": replace(asked, as_of="").query,
        "given": [(name, text) for name, text in asked.given if name != "as_of"],
        "structured": "" if asked.given else _structured(page),
        "drawing": (drawing := _drawing(page)),
        "share": _share(page, drawing),
        "card": own_address(card_url(language(), "series", key)),
        "oembed": oembed_address(own_address(series_url(key, language()))) if drawing else "",
        "citation": _citation(page, moment, own_address),
    }
    return Page("data/series.html", context, depends_on=page.depends_on, moment=moment)


def asked_values(
    request: HttpRequest, moment: Moment | None, *, is_form: bool = False
) -> SeriesAsked:
    """Which values the address asks for, on a page or in a file. Raises ParameterError."""
    question = asked_question(request, is_form=is_form)
    first, last = asked_range(request)
    return SeriesAsked(
        question=replace(question, seq=moment.seq if moment else None),
        first=first,
        last=last,
        as_of=asked_once(request, "as_of"),
    )


def _page(request: HttpRequest, key: str, moment: Moment | None) -> SeriesPage:
    """The page, where its address is complete: an incomplete one is led to it."""
    asked = replace(
        asked_values(request, moment, is_form=True),
        page=asked_number(request, "page", _("Expected a whole number from 1.")) or 0,
        period=asked_period(request, "period", is_regular=False),
    )
    try:
        page = series_page(key, language(), asked)
    except ObjectDoesNotExist:
        raise Http404 from None
    except QuestionError as error:
        raise parameter_error(error, request) from None
    if moment and not page.periods:
        raise NotThenError(moment, now=[language()])
    if dict(page.asked.given) != request.GET.dict():
        raise ElsewhereError(f"{request.path}?{page.asked.query}".rstrip("?"))
    return page


@only_read
def citation(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """The citation of a series as of the latest change as a file, BibTeX or RIS."""
    try:
        refuse_others(request, ())
        with consistent_read():
            page = series_page(key, language(), SeriesAsked())
    except ParameterError as error:
        return bad_request(request, error)
    except ObjectDoesNotExist:
        return not_found(request)
    made = _citation(page, None, own_address)
    if made is None:
        return not_found(request)
    response = HttpResponse(made.written(form), content_type=f"{FORMATS[form]}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{key}-{language()}.{form}"'
    return response


def _citation(page: SeriesPage, moment: Moment | None, address: Address) -> Citation | None:
    """What is shown, as of its moment or of the latest change; None before the first."""
    shown, series = page.asked.shown, page.record.series
    if moment is not None:
        return series_citation(series, language(), moment.seq, moment.at, address, shown)
    latest = Change.objects.first()  # the newest by the order of the model
    if latest is None:
        return None
    return series_citation(series, language(), latest.seq, latest.published_at, address, shown)


def _structured(page: SeriesPage) -> SafeString:
    """JSON with nothing in it that could end its element (selectors.structured)."""
    key = page.record.series.key
    return mark_safe(  # noqa: S308
        dataset(
            page,
            url=series_url(key, language()),
            address=own_address,
        )
    )


def _share(page: SeriesPage, drawing: SafeString) -> dict[str, Any] | None:
    """What stands under the chart: its pictures, and the lines that embed it."""
    if not drawing:
        return None
    record = page.record
    addresses = series_chart_addresses(record.series.key, language(), page.asked.files)
    address, height = own_address(addresses.embed), frame_height(drawing)
    code = embed_code(address, record.name, height=height)
    return {"addresses": addresses, "code": code, "title": record.name}


def _drawing(page: SeriesPage) -> SafeString:
    if page.chart is None:
        return SafeString()
    drawing = render_both_widths(page.chart.spec, chart_id="course")
    return mark_safe(drawing)  # noqa: S308  escaped there
