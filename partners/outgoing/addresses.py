"""Which addresses a request of ours may go to, and what a name leads to."""

import ipaddress
import socket
from typing import Final
from urllib.parse import urlsplit

PORTS: Final = frozenset({443, 8443})
LONGEST_HOST: Final = 253

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_NAT64_LOCAL: Final = ipaddress.ip_network("64:ff9b:1::/48")
# The relays of 6to4: an address that is anybody's.
_RELAYS: Final = ipaddress.ip_network("192.88.99.0/24")


class TargetError(ValueError):
    """An address that no request may go to; `code` says what is wrong with it."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class ForbiddenError(OSError):
    """A name that leads, with one of its addresses, into somebody's own network."""


def target(url: str, *, is_local_allowed: bool = False) -> tuple[str, int, str]:
    """Host, port and the path with its query of an address. Raises TargetError.

    https on a port for it; where local receivers are allowed http, and any port, too.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise TargetError("malformed") from error
    if parts.fragment or not url.isprintable() or not url.isascii() or " " in url or "\\" in url:
        raise TargetError("malformed")
    is_plain = parts.scheme == "http" and is_local_allowed
    if parts.scheme != "https" and not is_plain:
        raise TargetError("scheme")
    if parts.username is not None or parts.password is not None:
        raise TargetError("credentials")
    host = (parts.hostname or "").rstrip(".")
    if not host or len(host) > LONGEST_HOST or "%" in host:
        raise TargetError("malformed")
    port = port or (80 if is_plain else 443)
    if port not in PORTS and not is_local_allowed:
        raise TargetError("port")
    query = f"?{parts.query}" if parts.query else ""
    return host, port, f"{parts.path or '/'}{query}"


def allowed_addresses(host: str, port: int, *, is_local_allowed: bool = False) -> list[str]:
    """What a name leads to, looked up once. Raises ForbiddenError, socket.gaierror.

    One address that is not public forbids them all: who mixes them means to be let through.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for text in addresses:
        if not is_public(text) and not (is_local_allowed and is_loopback(text)):
            raise ForbiddenError(text)
    return addresses


def is_loopback(text: str) -> bool:
    return ipaddress.ip_address(text.partition("%")[0]).is_loopback


def is_public(text: str) -> bool:
    """Whether an address is one of the open network, and so is whatever it stands for."""
    if "%" in text:  # a zone: of the link
        return False
    ip = ipaddress.ip_address(text)
    carried = _carried(ip)
    if carried is not None:
        return is_public(str(carried))
    is_special = ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback
    if is_special or ip.is_private or ip.is_link_local or not ip.is_global:
        return False
    if ip.version == 6:
        return not ip.is_site_local and ip not in _NAT64_LOCAL
    return ip not in _RELAYS


def _carried(ip: Address) -> Address | None:
    """The address of version 4 that one of version 6 leads to: mapped, 6to4, NAT64, Teredo."""
    if not isinstance(ip, ipaddress.IPv6Address):
        return None
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
