"""The log of deliveries: every message with its attempts, and the way to send one again."""

from typing import Any, Final

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.admin.pages import FOLDER, PartnerPages
from partners.models import Delivery
from partners.selectors.deliveries import attempts_of
from partners.services.webhooks import WebhookStateError, replay_delivery

NAME: Final = "partners_delivery"


class StateFilter(admin.SimpleListFilter):
    """Waiting, arrived or given up."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Delivery.State.choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        field = {
            Delivery.State.WAITING.value: "next_attempt_at",
            Delivery.State.ARRIVED.value: "delivered_at",
            Delivery.State.GIVEN_UP.value: "gave_up_at",
        }.get(self.value() or "")
        return queryset.filter(**{f"{field}__isnull": False}) if field else queryset


@admin.register(Delivery)
class DeliveryAdmin(PartnerPages):
    change_form_template = f"{FOLDER}/delivery_form.html"
    list_display = [
        "__str__", "webhook", "state", "attempts", "last_status", "last_error", "created_at",
        "next_attempt_at",
    ]  # fmt: skip
    list_filter = [StateFilter, "kind", "webhook__partner"]
    list_select_related = ["webhook__partner"]
    search_fields = ["message_id", "webhook__partner__name"]
    fields = [
        "message_id", "webhook", "kind", "seq", "state", "attempts", "last_status", "last_error",
        "created_at", "started_at", "next_attempt_at", "delivered_at", "gave_up_at",
    ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("state"))
    def state(self, delivery: Delivery) -> str:
        return str(delivery.state.label)

    def get_urls(self) -> list[Any]:
        replay = self.admin_site.admin_view(self.replay_view)
        return [path("<int:pk>/replay/", replay, name=f"{NAME}_replay"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        delivery = self.get_object(request, object_id)
        extra: dict[str, Any] = {}
        if delivery is not None:
            may_replay = self.may(request, "change") and delivery.next_attempt_at is None
            extra = {"log": attempts_of(delivery), "may_replay": may_replay}
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def replay_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send it again."""
        delivery = self.row_to_change(request, pk)
        page = HttpResponseRedirect(reverse(f"admin:{NAME}_change", args=[pk]))
        if request.method != "POST":
            return page
        try:
            replay_delivery(delivery, now=timezone.now())
        except WebhookStateError as error:
            messages.error(request, error.messages[0])
        else:
            self.log_change(request, delivery, _("replayed"))
            messages.success(request, _("The message is sent again."))
        return page
