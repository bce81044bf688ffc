"""System checks of settings that are each allowed but wrong together."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


@register(Tags.security)
def database_is_named(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """In production the database is named: the embedded one trusts whoever reaches its socket."""
    host = settings.DATABASES["default"].get("OPTIONS", {}).get("host", "")
    if settings.DEBUG or not host.startswith(("/nonexistent", "/tmp/fintech-pg-")):
        return []
    return [
        Error("DATABASE_URL is not set.", hint="Name the server.", id="fintechsite.E001"),
    ]


@register(Tags.security, deploy=True)
def services_are_shared(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """In production several processes work together: broker and cache must be shared ones."""
    found: list[CheckMessage] = []
    if settings.CELERY_BROKER_URL.startswith(("filesystem://", "memory://")):
        hint = "Set CELERY_BROKER_URL to RabbitMQ or Redis."
        found.append(Warning("The broker is a local folder.", hint=hint, id="fintechsite.W001"))
    if "locmem" in settings.CACHES["default"]["BACKEND"]:
        hint = "Set CACHE_URL to Redis."
        found.append(Warning("The cache is per process.", hint=hint, id="fintechsite.W002"))
    return found
