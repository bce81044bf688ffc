"""Where a request comes from, behind a known number of proxies."""

from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address that the outermost of our PROXY_COUNT proxies saw, else the connection's.

    Each proxy adds the address it saw at the right; what stands further left the client wrote.
    """
    count = settings.PROXY_COUNT
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    candidates = [seen[-count].strip()] if 0 < count <= len(seen) else []
    for address in [*candidates, request.META.get("REMOTE_ADDR", "")]:
        if _is_address(address):
            return str(address)
    return None


@lru_cache(maxsize=4096)
def _is_address(text: str) -> bool:
    try:
        validate_ipv46_address(text)
    except ValidationError:
        return False
    return "%" not in text  # a zone, which the column refuses
