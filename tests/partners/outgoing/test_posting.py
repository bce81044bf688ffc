"""One POST: what is sent, what is read, and where it never goes."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from partners.outgoing.posting import MOST_READ, Answer, PostError, post
from tests.partners.outgoing.conftest import Leads
from tests.partners.outgoing.receiver import Receiver, receiving, trusting

# Long enough for any machine, short enough to wait for where a test has to.
LONG, SHORT = 20.0, 0.2


def send(url: str, *, seconds: float = LONG, local: bool = True, **more: Any) -> Answer:
    return post(url, b"{}", {"X-Own": "1"}, seconds=seconds, is_local_allowed=local, **more)


def failure(url: str, **more: Any) -> str:
    with pytest.raises(PostError) as caught:
        send(url, **more)
    return caught.value.code


@pytest.fixture
def over_tls() -> Iterator[Receiver]:
    with receiving(over_tls=True) as found:
        yield found


def test_body_and_headers_arrive_and_the_answer_is_read(receiver: Receiver) -> None:
    receiver.statuses, receiver.body = [202], "谢谢".encode()
    receiver.headers = {"Retry-After": "7"}
    assert send(receiver.url) == Answer(202, "谢谢", 7)
    path, headers, body = receiver.requests[0]
    assert (path, body) == ("/hook?of=acme", b"{}")
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    assert set(headers) == {"host", "accept-encoding", "content-length", "x-own"}


def test_redirect_is_an_answer_and_is_not_followed(receiver: Receiver) -> None:
    receiver.statuses, receiver.headers = [302], {"Location": receiver.url}
    assert send(receiver.url).status == 302
    assert len(receiver.requests) == 1


def test_answer_is_read_as_far_as_it_is_kept(receiver: Receiver) -> None:
    receiver.statuses, receiver.body = [200], b"x" * 50 * MOST_READ
    assert len(send(receiver.url).beginning) == MOST_READ


def test_receiver_that_says_nothing_is_left_in_time(receiver: Receiver) -> None:
    receiver.respond = lambda handler: handler.connection.recv(1) and None
    assert failure(receiver.url, seconds=SHORT) == "timeout"


def test_receiver_that_drips_is_left_in_time(receiver: Receiver) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.settimeout(0.02)
        try:
            while True:  # a header without an end, a byte at a time
                handler.wfile.write(b"H")
                try:
                    if not handler.connection.recv(1):
                        return
                except TimeoutError:
                    continue
        except OSError:
            return

    receiver.respond = drip
    assert failure(receiver.url, seconds=SHORT) in ("timeout", "unreadable")


def test_what_is_no_http_is_told(receiver: Receiver) -> None:
    receiver.respond = lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n") and None
    assert failure(receiver.url) == "unreadable"


def test_closed_port_is_told() -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    assert failure(f"http://127.0.0.1:{port}/") == "unreachable"


def test_name_that_leads_nowhere_is_told(leads: Leads) -> None:
    leads([])
    assert failure("https://partner.example/", local=False) == "unknown-name"


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://10.0.0.1/",
            "https://169.254.169.254/latest/meta-data/", "http://93.184.216.34/"]
)  # fmt: skip
def test_nothing_is_sent_to_what_is_not_public(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda *a: called.append(a))
    assert failure(url, local=False) == "forbidden"
    assert called == []


def test_connection_goes_to_the_address_that_was_checked(
    leads: Leads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the name leads to a public address first, and then into our own network."""
    asked = leads(["93.184.216.34"], ["127.0.0.1"])
    connected: list[Any] = []

    def connect(sock: socket.socket, address: Any) -> None:
        connected.append(address)
        raise OSError("not from a test")

    monkeypatch.setattr(socket.socket, "connect", connect)
    assert failure("https://partner.example/", local=False) == "unreachable"
    assert asked == ["partner.example"]
    assert connected == [("93.184.216.34", 443)]


def test_name_of_the_server_is_asked_for_and_checked(over_tls: Receiver, leads: Leads) -> None:
    asked = leads(["127.0.0.1"])
    assert send(over_tls.url, context=trusting()).status == 204
    assert over_tls.server_names == ["hooks.partner.example"]
    assert over_tls.requests[0][1]["host"] == f"hooks.partner.example:{over_tls.port}"
    assert asked == ["hooks.partner.example"]


def test_certificate_of_another_name_is_not_taken(over_tls: Receiver, leads: Leads) -> None:
    leads(["127.0.0.1"])
    url = over_tls.url.replace("hooks.", "other.")
    assert failure(url, context=trusting()) == "unsafe"
    assert over_tls.requests == []


def test_certificate_that_nobody_vouches_for_is_not_taken(over_tls: Receiver, leads: Leads) -> None:
    leads(["127.0.0.1"])
    assert failure(over_tls.url) == "unsafe"


def test_proxy_of_the_environment_is_not_asked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert send(receiver.url).status == 204
