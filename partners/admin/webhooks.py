"""Webhooks: made and changed through services; their secret is shown once."""

from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partners.admin.forms import NewWebhookForm, ReplayForm, WebhookForm
from partners.admin.pages import FOLDER, PartnerPages, listed, posted
from partners.models import EventKind, Webhook
from partners.selectors.deliveries import latest_deliveries
from partners.services.webhooks import (
    WebhookStateError,
    change_webhook,
    create_webhook,
    replay_since,
    rotate_secret,
    send_test,
    switch_off,
    switch_on,
)

NAME: Final = "partners_webhook"


def kinds_of(webhook: Webhook) -> str:
    return listed(EventKind(kind).label for kind in webhook.kinds)


def webhook_url(webhook: Webhook) -> str:
    return reverse(f"admin:{NAME}_change", args=[webhook.pk])


@admin.register(Webhook)
class WebhookAdmin(PartnerPages):
    change_form_template = f"{FOLDER}/webhook_form.html"
    list_display = ["__str__", "kinds_told", "is_active", "disabled_reason", "seen_seq"]
    list_filter = ["is_active", "partner"]
    list_select_related = ["partner"]
    search_fields = ["partner__name", "url"]
    fields = [
        "partner", "url", "kinds_told", "is_active", "disabled_reason", "disabled_at", "seen_seq",
        "created_at", "created_by",
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("is told of"))
    def kinds_told(self, webhook: Webhook) -> str:
        return kinds_of(webhook)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/edit/", wrap(self.edit_view), name=f"{NAME}_edit"),
            path("<int:pk>/secret/", wrap(self.secret_view), name=f"{NAME}_secret"),
            path("<int:pk>/replay/", wrap(self.replay_view), name=f"{NAME}_replay"),
            path("<int:pk>/act/", wrap(self.act_view), name=f"{NAME}_act"),
        ]
        return own + super().get_urls()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        webhook = self.get_object(request, object_id)
        extra: dict[str, Any] = {"may_change": self.may(request, "change")}
        if webhook is not None:
            extra["deliveries"] = latest_deliveries(webhook)
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Make a webhook; the answer to the form shows its secret."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = NewWebhookForm(posted(request), initial={"partner": request.GET.get("partner")})
        if form.is_valid():
            webhook, secret = create_webhook(
                **form.cleaned_data, actor=request.user, now=timezone.now()
            )
            self.log_addition(request, webhook, _("made"))
            return self._shown_once(request, webhook, secret)
        intro = _("It is told of what is published from now on; earlier changes can be replayed.")
        return self.form_page(request, form, _("Make a webhook"), intro)

    def edit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Another address, or other kinds."""
        webhook = self.row_to_change(request, pk)
        form = WebhookForm(posted(request), initial={"url": webhook.url, "kinds": webhook.kinds})
        if form.is_valid():
            change_webhook(webhook, **form.cleaned_data)
            self.log_change(request, webhook, _("address or kinds changed"))
            return HttpResponseRedirect(webhook_url(webhook))
        return self.form_page(request, form, _("Address and kinds"), row=webhook)

    def secret_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page that asks, and the new secret."""
        webhook = self.row_to_change(request, pk)
        if request.method != "POST":
            return self.page(request, "new_secret", _("New secret"), row=webhook)
        secret = rotate_secret(webhook, now=timezone.now())
        self.log_change(request, webhook, _("secret rotated"))
        return self._shown_once(request, webhook, secret)

    def replay_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Everything since a change, once more."""
        webhook = self.row_to_change(request, pk)
        form = ReplayForm(posted(request))
        if form.is_valid():
            try:
                count = replay_since(webhook, **form.cleaned_data, now=timezone.now())
            except WebhookStateError as error:
                form.add_error(None, error)
            else:
                self.log_change(request, webhook, _("replayed"))
                text = ngettext(
                    "%(n)d message is sent again.", "%(n)d messages are sent again.", count
                )
                messages.success(request, text % {"n": count})
                return HttpResponseRedirect(webhook_url(webhook))
        intro = _(
            "Messages since that change are sent again under the ids that they have, and those "
            "that were never sent are made. At most the latest 1,000."
        )
        return self.form_page(
            request, form, _("Replay"), intro, row=webhook, button=_("Send them again")
        )

    def act_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A test message, or the switch."""
        webhook = self.row_to_change(request, pk)
        if request.method != "POST":
            return HttpResponseRedirect(webhook_url(webhook))
        try:
            messages.success(request, self._act(request, webhook))
        except WebhookStateError as error:
            messages.error(request, error.messages[0])
        return HttpResponseRedirect(webhook_url(webhook))

    def _act(self, request: HttpRequest, webhook: Webhook) -> str:
        act, now = request.POST.get("act"), timezone.now()
        if act == "test":
            send_test(webhook, now=now)
            return _("A test message is on its way; the list below tells what came of it.")
        if act == "off":
            switch_off(webhook, reason=Webhook.Off.STAFF, now=now)
            self.log_change(request, webhook, _("switched off"))
            return _("Nothing is sent any more.")
        if act == "on":
            switch_on(webhook, now=now)
            self.log_change(request, webhook, _("switched on"))
            return _("What was published meanwhile is sent now.")
        raise BadRequest("No act of a webhook.")

    def _shown_once(self, request: HttpRequest, webhook: Webhook, secret: str) -> HttpResponse:
        return self.page(request, "secret", _("The secret"), row=webhook, secret=secret)
