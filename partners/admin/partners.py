"""Partners: who they are, with their keys."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.admin.pages import FOLDER
from partners.admin.webhooks import kinds_of
from partners.models import ApiKey, Partner, Webhook


class ReadOnlyInline(admin.TabularInline):
    """Rows with a link to their own pages."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class KeysInline(ReadOnlyInline):
    model = ApiKey
    verbose_name_plural = _("API keys")
    fields = ("prefix", "state", "last_used_at")
    readonly_fields = fields

    @admin.display(description=_("state"))
    def state(self, key: ApiKey) -> str:
        return str(key.state(timezone.now()).label)


class WebhooksInline(ReadOnlyInline):
    model = Webhook
    verbose_name_plural = _("webhooks")
    fields = ("kinds_told", "is_active", "disabled_reason")
    readonly_fields = fields

    @admin.display(description=_("is told of"))
    def kinds_told(self, webhook: Webhook) -> str:
        return kinds_of(webhook)


@admin.register(Partner)
class PartnerAdmin(admin.ModelAdmin):
    change_form_template = f"{FOLDER}/partner_form.html"
    list_display = ["name", "contact_email", "is_active", "good_keys"]
    list_filter = ["is_active"]
    search_fields = ["name", "contact_email"]
    fields = ["name", "contact_email", "is_active", "note"]
    inlines = [KeysInline, WebhooksInline]

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj is not None else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Partner]:
        is_good = Q(keys__revoked=False) & (
            Q(keys__expiry_date=None) | Q(keys__expiry_date__gt=timezone.now())
        )
        rows: QuerySet[Partner] = super().get_queryset(request)
        return rows.annotate(good_keys=Count("keys", filter=is_good))

    @admin.display(description=_("good keys"), ordering="good_keys")
    def good_keys(self, partner: Any) -> int:
        return int(partner.good_keys)
