"""The pages of the second factor: show a code, set up an app, make recovery codes."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from fintechsite.staff.forms import CodeForm
from fintechsite.staff.middleware import half_logged_in
from fintechsite.staff.qr import qr_svg
from fintechsite.staff.selectors import (
    device_for,
    has_second_factor,
    recovery_codes_left,
    seconds_to_wait,
)
from fintechsite.staff.services import (
    app_for,
    let_in,
    make_recovery_codes,
    new_key,
    set_up_app,
    show_code,
)

KEY = "second-factor-key"
View = Callable[..., HttpResponse]


def for_staff(view: View) -> View:
    """The view gets whoever gave the password, with or without the code; nobody else comes in."""

    @wraps(view)
    def inner(request: HttpRequest) -> HttpResponse:
        user: Any = half_logged_in(request) or request.user
        if not (user.is_active and user.is_staff):
            return HttpResponseRedirect(reverse("admin:login"))
        return view(request, user)

    return never_cache(sensitive_post_parameters("code")(inner))


@for_staff
def show(request: HttpRequest, user: Any) -> HttpResponse:
    """Ask for the code; who has no app yet sets one up first."""
    if half_logged_in(request) is None:
        return HttpResponseRedirect(_next(request))
    if not has_second_factor(user):
        return _go("admin:second_factor_set_up", request)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        code = form.cleaned_data["code"]
        wait = _seconds_to_wait(user, code)
        if not wait and show_code(request, user, code):
            return HttpResponseRedirect(_next(request))
        form.refuse(_too_soon(wait) if wait else _("This code is wrong or was used already."))
    return _page(request, "show", _("Second step of the log-in"), form=form)


@for_staff
def set_up(request: HttpRequest, user: Any) -> HttpResponse:
    """A new app, proven by a code of it; the answer to that shows the recovery codes."""
    if half_logged_in(request) is not None and has_second_factor(user):
        return _go("admin:second_factor", request)
    key = request.session.setdefault(KEY, new_key())
    form = CodeForm(request.POST or None)
    if form.is_valid():
        device = set_up_app(user, key, form.cleaned_data["code"])
        if device is not None:
            del request.session[KEY]
            let_in(request, user, device)
            return _codes(request, user)
        form.refuse(_("The app shows another code: check the time of the phone and try the next."))
    app = app_for(user, key)
    letters = app.config_url.partition("secret=")[2].partition("&")[0]
    return _page(
        request,
        "set_up",
        _("Set up an authenticator app"),
        form=form,
        qr=qr_svg(app.config_url),
        letters=" ".join(letters[at : at + 4] for at in range(0, len(letters), 4)),
        has_one=has_second_factor(user),
    )


@for_staff
def codes(request: HttpRequest, user: Any) -> HttpResponse:
    """How many recovery codes are left; by POST, new ones in their place."""
    if half_logged_in(request) is not None or not has_second_factor(user):
        return _go("admin:second_factor", request)
    if request.method == "POST":
        return _codes(request, user)
    return _page(request, "left", _("Recovery codes"), left=recovery_codes_left(user))


@require_POST
@for_staff
def leave(request: HttpRequest, user: Any) -> HttpResponse:
    """The way out for who cannot show a code (the admin's own log-out wants one)."""
    logout(request)
    return HttpResponseRedirect(reverse("admin:login"))


def locked_out(request: HttpRequest, response: Any, credentials: Any) -> HttpResponse:
    """The answer to a log-in after too many that failed (AXES_LOCKOUT_CALLABLE)."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = {"minutes": minutes, "title": _("Too many failed log-ins")}
    return TemplateResponse(request, "admin/staff/locked_out.html", context, status=429).render()


def _codes(request: HttpRequest, user: Any) -> HttpResponse:
    made = make_recovery_codes(user)
    return _page(request, "codes", _("Recovery codes"), codes=made, next=_next(request))


def _page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    frame = admin.site.each_context(request) if admin.site.has_permission(request) else {}
    context = {**frame, "title": title, "next": _next(request), **context}
    return TemplateResponse(request, f"admin/staff/{name}.html", context)


def _next(request: HttpRequest) -> str:
    """Where they were going, if that is here."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_here = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_here else reverse("admin:index")


def _go(name: str, request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse(name, query={"next": _next(request)}))


def _seconds_to_wait(user: Any, code: str) -> int:
    device = device_for(user, code)
    return seconds_to_wait(device) if device else 0


def _too_soon(seconds: int) -> str:
    text = ngettext(
        "Too many wrong codes: wait %(n)d second.",
        "Too many wrong codes: wait %(n)d seconds.",
        seconds,
    )
    return text % {"n": seconds}
