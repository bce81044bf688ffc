"""The address of a client: what our own proxies saw, never what the client wrote."""

from typing import Any

import pytest
from django.test import RequestFactory

from fintechsite.staff.addresses import client_address


@pytest.mark.parametrize(
    ("count", "header", "remote", "expected"),
    [
        (0, "", "203.0.113.1", "203.0.113.1"),
        (0, "198.51.100.7", "203.0.113.1", "203.0.113.1"),
        (1, "198.51.100.7", "10.0.0.1", "198.51.100.7"),
        (1, "1.1.1.1, 198.51.100.7", "10.0.0.1", "198.51.100.7"),
        (2, "1.1.1.1, 198.51.100.7, 10.0.0.2", "10.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7", "10.0.0.1", "10.0.0.1"),
        (1, "2001:db8::7", "10.0.0.1", "2001:db8::7"),
        (1, "fe80::1%eth0", "10.0.0.1", "10.0.0.1"),
        (1, "nonsense", "10.0.0.1", "10.0.0.1"),
        (1, "", "", None),
    ],
)
def test_address_is_the_one_our_outermost_proxy_saw(
    settings: Any, count: int, header: str, remote: str, expected: str | None
) -> None:
    settings.PROXY_COUNT = count
    headers = {"HTTP_X_FORWARDED_FOR": header} if header else {}
    request = RequestFactory().get("/", REMOTE_ADDR=remote, **headers)
    assert client_address(request) == expected
