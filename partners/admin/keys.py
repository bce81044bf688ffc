"""Keys: made, rotated and revoked through services; the text of a new one is shown once."""

from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.admin.forms import KeyForm, RotateForm
from partners.admin.pages import FOLDER, PartnerPages, RevokedFilter, listed, moment, posted
from partners.models import ApiKey
from partners.selectors.usage import key_usage
from partners.services.keys import KeyStateError, issue_key, revoke_key, rotate_key

NAME: Final = "partners_apikey"


@admin.register(ApiKey)
class ApiKeyAdmin(PartnerPages):
    change_form_template = f"{FOLDER}/key_form.html"
    list_display = ["prefix", "called", "partner", "may_do", "quota", "state", "last_used_at"]
    list_filter = [("revoked", RevokedFilter), "partner"]
    list_select_related = ["partner"]
    search_fields = ["prefix", "name", "partner__name"]
    fields = [
        "partner", "prefix", "called", "state", "may_do", "quota", "ends_at", "counts_as",
        "last_used_at", "made_at", "created_by", "revoked_at", "revoked_by",
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def called(self, key: ApiKey) -> str:
        return key.name

    @admin.display(description=gettext_lazy("scopes"))
    def may_do(self, key: ApiKey) -> str:
        return listed(ApiKey.Scope(scope).label for scope in key.scopes)

    @admin.display(description=gettext_lazy("state"))
    def state(self, key: ApiKey) -> str:
        return str(key.state(timezone.now()).label)

    @admin.display(description=gettext_lazy("expires at"), ordering="expiry_date")
    def ends_at(self, key: ApiKey) -> str:
        return moment(key.expiry_date)

    @admin.display(description=gettext_lazy("created at"), ordering="created")
    def made_at(self, key: ApiKey) -> str:
        return moment(key.created)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/rotate/", wrap(self.rotate_view), name=f"{NAME}_rotate"),
            path("<int:pk>/revoke/", wrap(self.revoke_view), name=f"{NAME}_revoke"),
        ]
        return own + super().get_urls()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        now = timezone.now()
        key = self.get_object(request, object_id)
        extra: dict[str, Any] = {}
        if key is not None:
            is_good = key.state(now) == ApiKey.State.GOOD
            is_mine = self.may(request, "change")
            extra = {
                "usage": key_usage(key, now=now),
                "may_rotate": is_mine and is_good,
                "may_revoke": is_mine and not key.revoked,
            }
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Make a key; the answer to the form shows its text, which is kept nowhere."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = KeyForm(posted(request), initial={"partner": request.GET.get("partner")})
        if form.is_valid():
            key, text = issue_key(**form.cleaned_data, actor=request.user)
            self.log_addition(request, key, _("made"))
            return self._shown_once(request, key, text)
        return self.form_page(request, form, _("Make an API key"), button=_("Make the key"))

    def rotate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A new key in place of this one."""
        key = self.row_to_change(request, pk)
        form = RotateForm(posted(request))
        if form.is_valid():
            try:
                new, text = rotate_key(
                    key, overlap=form.overlap, actor=request.user, now=timezone.now()
                )
            except KeyStateError as error:
                form.add_error(None, error)
            else:
                self.log_change(request, key, _("rotated"))
                return self._shown_once(request, new, text)
        return self.form_page(request, form, _("Rotate"), row=key, button=_("Make the new key"))

    def revoke_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page that asks, and the act."""
        key = self.row_to_change(request, pk)
        if request.method == "POST":
            revoke_key(key, actor=request.user, now=timezone.now())
            self.log_change(request, key, _("revoked"))
            messages.success(request, _("The key is refused from now on."))
            return HttpResponseRedirect(reverse(f"admin:{NAME}_change", args=[key.pk]))
        return self.page(request, "revoke", _("Revoke"), row=key)

    def _shown_once(self, request: HttpRequest, key: ApiKey, text: str) -> HttpResponse:
        return self.page(request, "secret", _("The new key"), row=key, secret=text)
