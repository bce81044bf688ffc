"""System checks of settings that are each allowed but wrong together."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register


@register(Tags.security, deploy=True)
def services_are_shared(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """In production several processes work together: broker and cache must be shared ones."""
    found: list[CheckMessage] = []
    if settings.CELERY_BROKER_URL.startswith(("filesystem://", "memory://")):
        hint = "Set CELERY_BROKER_URL to RabbitMQ or Redis."
        found.append(
            checks.Warning("The broker is a local folder.", hint=hint, id="fintechsite.W001")
        )
    if "locmem" in settings.CACHES["default"]["BACKEND"]:
        hint = "Set CACHE_URL to Redis."
        found.append(checks.Warning("The cache is per process.", hint=hint, id="fintechsite.W002"))
    return found
