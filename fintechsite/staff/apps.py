"""The application of staff accounts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "fintechsite.staff"
    label = "staff"
    verbose_name = _("Accounts")
    default_auto_field = "django.db.models.BigAutoField"
