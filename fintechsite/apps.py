"""The site as a Django application (it holds the system checks), and the admin that it uses."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class SiteConfig(AppConfig):
    name = "fintechsite"
    verbose_name = "Site"

    def ready(self) -> None:
        from fintechsite import checks  # noqa: F401  (registers the checks)


class SiteAdminConfig(AdminConfig):
    """Django's admin with our site in place of its own: `admin.register` needs no change."""

    default_site = "fintechsite.admin_site.EditingSite"
