"""The site as a Django application: it holds the system checks of the settings."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "fintechsite"
    verbose_name = "Site"

    def ready(self) -> None:
        from fintechsite import checks  # noqa: F401  (registers the checks)
