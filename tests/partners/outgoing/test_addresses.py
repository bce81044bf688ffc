"""Which addresses are public, and which URLs a request may go to."""

import pytest

from partners.outgoing.addresses import (
    ForbiddenError,
    TargetError,
    allowed_addresses,
    is_public,
    target,
)
from tests.partners.outgoing.conftest import Leads


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::808:808",
     "2002:808:808::1", "::ffff:8.8.8.8"],
)  # fmt: skip
def test_open_network_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "0.1.2.3", "224.0.0.1", "239.1.1.1",
        "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1",
        "192.0.0.1", "192.88.99.1",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1",
        "2001:db8::1", "100::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
        "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ],
)  # fmt: skip
def test_own_network_in_whatever_dress_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://partner.example/", "scheme"),
        ("ftp://partner.example/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("partner.example/hook", "scheme"),
        ("https://user:word@partner.example/", "credentials"),
        ("https://user@partner.example/", "credentials"),
        ("https://partner.example:22/", "port"),
        ("https://partner.example:5432/", "port"),
        ("https://partner.example:99999/", "malformed"),
        ("https://partner.example/#part", "malformed"),
        ("https:///hook", "malformed"),
        ("https://", "malformed"),
        ("https://partner.example/a b", "malformed"),
        ("https://partner.example/a\r\nX-Evil: 1", "malformed"),
        ("https://partner.example\\@127.0.0.1/", "malformed"),
        ("https://[fe80::1%25eth0]/", "malformed"),
        ("https://[::1/", "malformed"),
        (f"https://{'a' * 300}.example/", "malformed"),
    ],
)
def test_url_that_is_no_target_is_refused(url: str, code: str) -> None:
    with pytest.raises(TargetError) as caught:
        target(url)
    assert caught.value.code == code


def test_url_is_taken_apart() -> None:
    assert target("https://Partner.example/hook?of=acme") == (
        "partner.example", 443, "/hook?of=acme",
    )  # fmt: skip
    assert target("https://partner.example:8443") == ("partner.example", 8443, "/")
    assert target("http://localhost:9000/x", is_local_allowed=True) == ("localhost", 9000, "/x")


def test_one_private_address_among_public_ones_forbids_all(leads: Leads) -> None:
    leads(["93.184.216.34", "10.0.0.1"])
    with pytest.raises(ForbiddenError):
        allowed_addresses("partner.example", 443)


def test_local_receivers_are_loopback_only(leads: Leads) -> None:
    leads(["127.0.0.1"])
    with pytest.raises(ForbiddenError):
        allowed_addresses("partner.example", 443)
    assert allowed_addresses("partner.example", 443, is_local_allowed=True) == ["127.0.0.1"]
    leads(["10.0.0.1"])
    with pytest.raises(ForbiddenError):
        allowed_addresses("partner.example", 443, is_local_allowed=True)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost"])
def test_other_ways_to_write_loopback_lead_there_and_no_further(host: str) -> None:
    with pytest.raises(ForbiddenError):
        allowed_addresses(host, 443)
