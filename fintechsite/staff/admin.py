"""Accounts in the admin: second factors, their reset, and log-ins that failed."""

from typing import Any

from axes.models import AccessAttempt
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_totp.models import TOTPDevice

from fintechsite.staff.forms import ReasonForm
from fintechsite.staff.services import reset_second_factor

admin.site.unregister(User)
# Its pages would show the secrets of the apps.
admin.site.unregister(TOTPDevice)


@admin.register(User)
class StaffAdmin(UserAdmin):
    change_form_template = "admin/staff/user.html"
    list_display = ("username", "email", "is_staff", "is_superuser", "has_app", "last_login")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        apps = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        rows: QuerySet[User] = super().get_queryset(request)
        return rows.annotate(has_app=Exists(apps))

    @admin.display(description=gettext_lazy("second factor"), boolean=True)
    def has_app(self, user: Any) -> bool:
        return bool(user.has_app)

    def get_urls(self) -> list[Any]:
        reset = self.admin_site.admin_view(self.reset_view)
        own = path("<int:pk>/second-factor/", reset, name="auth_user_second_factor")
        return [own, *super().get_urls()]

    def reset_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A superuser takes somebody's app and codes away and says why."""
        if not request.user.is_superuser:
            raise PermissionDenied
        user = get_object_or_404(User, pk=pk)
        form = ReasonForm(request.POST or None)
        if form.is_valid():
            reset_second_factor(user, actor=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("The second factor of %(user)s is reset.") % {"user": user})
            return HttpResponseRedirect(reverse("admin:auth_user_change", args=[pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reset the second factor"),
            "opts": self.opts,
            "form": form,
            "whose": user,
        }
        return TemplateResponse(request, "admin/staff/reset.html", context)


@admin.register(AccessAttempt)
class AttemptAdmin(admin.ModelAdmin):
    """Log-ins that failed; deleting one lets that user try again from there."""

    list_display = ["attempt_time", "username", "ip_address", "failures_since_start"]
    search_fields = ["username", "ip_address"]
    fields = ["attempt_time", "username", "ip_address", "user_agent", "failures_since_start"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
