"""Structured logs: JSON lines in production, readable lines on a developer's machine."""

import re
from typing import Any

import structlog

# What a log line must never carry, whatever a library binds to it.
SECRET_WORDS = ("password", "secret", "token", "authorization", "cookie", "api_key")


# What is a secret by its look, wherever it stands: API keys, whose beginning may be read, and
# secrets of webhooks. An address that somebody put one into is logged without it.
SECRET_LOOKS = re.compile(r"\b([a-z]+_[a-z]+_[a-z0-9]{8}\.)\w{8,}|\b(whsec_)[\w+/=%-]+")


def mask_secrets(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Replace the value of every key that names a secret, and in others what looks like one."""
    for key, value in event.items():
        if any(word in key.lower() for word in SECRET_WORDS):
            event[key] = "[hidden]"
        elif not key.startswith("_"):
            event[key] = _masked(value)
    return event


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return SECRET_LOOKS.sub(r"\1\2[hidden]", value)
    if isinstance(value, dict):
        return {key: _masked(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(one) for one in value]
    return value


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    mask_secrets,
]


def logging_config(*, as_json: bool, level: str) -> dict[str, Any]:
    """The LOGGING dictionary; also points structlog at the standard library's loggers."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),  # what none reads costs nothing
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    # Plain tracebacks: the fancy ones print local variables, secrets included.
    plain = structlog.dev.plain_traceback
    last: list[Any] = [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]
    if as_json:
        last = [
            structlog.processors.format_exc_info,
            mask_secrets,  # what an exception says of itself
            structlog.processors.JSONRenderer(),
        ]
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _SHARED,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        # Django's own handlers (console, mail) would print every line a second time.
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
        },
    }
