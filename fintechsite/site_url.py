"""Where the site is."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

ANY_INTERFACE = ("", "0.0.0.0", "::", "[::]")  # noqa: S104  compared with, never listened on


def told_site_url(told: str) -> str:
    """An address that somebody gave, without the slash at its end; "" for none.

    Raises ImproperlyConfigured for what no address of a page can begin with.
    """
    address = told.strip().rstrip("/")
    if not address:
        return ""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path + parts.query:
        raise ImproperlyConfigured(
            f"SITE_URL must be a scheme and a host, such as https://fintech.example: {told!r}."
        )
    return address


def default_site_url(hosts: Sequence[str], *, debug: bool, bind_host: str, port: int) -> str:
    """The address of the one host the site answers to; on a developer's machine of `make run`.

    Raises ImproperlyConfigured where several hosts leave open which of them readers use.
    """
    if debug:
        host = "127.0.0.1" if bind_host in ANY_INTERFACE else bind_host
        return f"http://{host}:{port}"
    if len(hosts) == 1 and not hosts[0].startswith(("*", ".")):
        return f"https://{hosts[0]}"
    raise ImproperlyConfigured(
        "SITE_URL must say where readers find the site, such as https://fintech.example, because "
        "ALLOWED_HOSTS does not name one host."
    )
