"""Where the site is, where nobody said."""

from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured

ANY_INTERFACE = ("", "0.0.0.0", "::", "[::]")  # noqa: S104  compared with, never listened on


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
