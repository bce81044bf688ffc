"""Periods × series: a page to read, type and paste many values, saved as one release."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from metrics.admin.grid_forms import ChooseForm, SaidForm, typed_cells
from metrics.admin.grid_table import grid_table
from metrics.models import Series
from metrics.selectors.grid import (
    MOST_PERIODS,
    MOST_SERIES,
    Grid,
    chosen_series,
    grid_of,
    latest_period,
    usual_frequency,
    window,
)
from metrics.services.grid import GridRefusedError, save_cells, summary
from metrics.services.grid_cells import REFUSED, Judged, Typed, judge_cells
from metrics.services.staging import StagingError
from metrics.stats.periods import Frequency, Period
from metrics.translation import translated

MOST_CELLS = MOST_PERIODS * MOST_SERIES
TEMPLATE = "admin/metrics/observation/grid.html"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A grid with the way to what is beside it."""

    grid: Grid
    page: Any
    frequency: Frequency
    left_out: int


class GridAdmin(admin.ModelAdmin):
    """The grid's two addresses, for the admin of observations."""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("grid/", wrap(self.grid_view), name="metrics_observation_grid"),
            path("grid/check/", wrap(self.grid_check_view), name="metrics_observation_grid_check"),
        ]
        return own + super().get_urls()

    def grid_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST" and not self._may_type(request):
            raise PermissionDenied
        posted = request.POST if request.method == "POST" else None
        choose = ChooseForm(request.GET, self.admin_site)
        said = SaidForm(posted)
        judged: list[Judged] = []
        if posted is not None:
            judged, is_saved = _judge_or_save(request, said)
            if is_saved:
                return HttpResponseRedirect(request.get_full_path())
        return self._page(request, choose, said, judged)

    def grid_check_view(self, request: HttpRequest) -> HttpResponse:
        """What saving would do with the cells sent, as JSON; nothing is saved."""
        if not self._may_type(request):
            raise PermissionDenied
        said = SaidForm(request.POST)
        said.full_clean()
        typed = typed_cells(request.POST)
        if request.method != "POST" or len(typed) > MOST_CELLS:
            text = _("Expected a POST of at most %(most)d cells.") % {"most": MOST_CELLS}
            return JsonResponse({"error": text}, status=400)
        judged = judge_cells(typed, said.said, language=_language())
        return JsonResponse({"summary": summary(judged), "cells": [_answer(one) for one in judged]})

    def _may_type(self, request: HttpRequest) -> bool:
        may_add = self.has_add_permission(request)
        return bool(may_add and self.has_change_permission(request))

    def _page(
        self, request: HttpRequest, choose: ChooseForm, said: SaidForm, judged: list[Judged]
    ) -> HttpResponse:
        chosen = _chosen(choose)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Grid of values"),
            "choose": choose,
            "said": said,
            "media": self.media + choose.media + said.media,
            "chosen": chosen,
            "may_type": self._may_type(request),
            "refused": _refused(judged),
            "summary": summary(judged) if judged else "",
        }
        if chosen is not None:
            is_across = choose.cleaned_data["across"] == "periods"
            context["table"] = grid_table(
                chosen.grid, judged, _language(), periods_across=is_across
            )
            context["links"] = _links(request, chosen)
        return TemplateResponse(request, TEMPLATE, context)


def _language() -> str:
    return "en" if get_language() == "en" else "zh-hans"


def _chosen(choose: ChooseForm) -> Chosen | None:
    """The grid that is asked for; None where nothing is chosen or the choice is wrong."""
    if not choose.is_valid() or choose.is_empty:
        return None
    data = choose.cleaned_data
    narrowed = {
        name: data[name].pk if data[name] else None for name in ("group", "entity", "indicator")
    }
    keys = data["keys"].replace(",", " ").split()
    rows = chosen_series(keys=keys, ids=[one.pk for one in data["series"]], **narrowed)
    period: Period | None = data["start"] or data["end"]
    frequency = Frequency(data["frequency"] or (period.kind if period else usual_frequency(rows)))
    shown = rows.filter(frequency=frequency)
    page = Paginator(shown, MOST_SERIES).get_page(data["page"] or 1)
    series: list[Series] = list(page.object_list)
    latest = latest_period(series, frequency, timezone.localdate())
    grid = grid_of(series, window(latest, data["start"], data["end"]), _language())
    return Chosen(grid, page, frequency, rows.count() - page.paginator.count)


def _judge_or_save(request: HttpRequest, said: SaidForm) -> tuple[list[Judged], bool]:
    """The judgement of what was typed, and whether it is saved. What is wrong is told by `said`."""
    is_valid = said.is_valid()
    typed = typed_cells(request.POST)
    if len(typed) > MOST_CELLS:
        text = _("%(count)d cells were sent; expected at most %(most)d.")
        said.add_error(None, text % {"count": len(typed), "most": MOST_CELLS})
        return [], False
    if is_valid and "_save" in request.POST:
        try:
            _save(request, said, typed)
        except GridRefusedError as error:
            said.add_error(None, _("Nothing is saved yet: see the marked cells."))
            return list(error.judged), False
        except StagingError as error:
            said.add_error(_FIELDS.get(error.field), translated(error.message))
        else:
            return [], True
    return judge_cells(typed, said.said, language=_language()), False


def _save(request: HttpRequest, said: SaidForm, typed: list[Typed]) -> None:
    saved = save_cells(
        typed,
        said.said,
        kind=said.cleaned_data["kind"],
        reason=said.reason,
        actor=request.user,
        now=timezone.now(),
        language=_language(),
    )
    if saved.change is not None:
        messages.success(request, _("Published as change %(seq)d.") % {"seq": saved.change.seq})
    else:
        messages.info(request, _("Saved as a release that waits for a publisher's approval."))


_FIELDS = {"kind": "kind", "reason": "reason_zh_hans"}


def _links(request: HttpRequest, chosen: Chosen) -> dict[str, str]:
    """Addresses of this very grid and of its neighbours, with everything chosen spelled out."""
    periods, page = chosen.grid.periods, chosen.page
    first, last = periods[0], periods[-1]
    count = len(periods)
    spans = {
        "here": (first, last),
        "earlier": (first.previous(count), first.previous()),
        "later": (last.previous(-1), last.previous(-count)),
    }
    links = {
        name: _address(request, chosen, start=start.code, end=end.code, page=page.number)
        for name, (start, end) in spans.items()
        if start is not None and end is not None
    }
    here = {"start": first.code, "end": last.code}
    if page.has_previous():
        number = page.previous_page_number()
        links["before"] = _address(request, chosen, **here, page=number)
    if page.has_next():
        links["after"] = _address(request, chosen, **here, page=page.next_page_number())
    return links


def _address(request: HttpRequest, chosen: Chosen, **changes: Any) -> str:
    query = request.GET.copy()
    for name, value in {"frequency": chosen.frequency.value, **changes}.items():
        query[name] = str(value)
    return f"?{query.urlencode()}"


def _refused(judged: list[Judged]) -> list[tuple[Judged, str]]:
    """What cannot be saved, each with the key of its series."""
    refused = [one for one in judged if one.state in REFUSED]
    keys = Series.objects.in_bulk({one.typed.series_id for one in refused}) if refused else {}
    return [(one, f"{keys.get(one.typed.series_id) or '?'} {one.typed.period}") for one in refused]


def _answer(one: Judged) -> dict[str, Any]:
    return {
        "series": one.typed.series_id,
        "period": one.typed.period,
        "state": one.state,
        "message": one.message,
        "text": one.text,
        "seq": one.seq,
    }
