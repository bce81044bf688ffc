"""One POST to an address that somebody else chose.

The name is looked up once and the connection goes to the address that was checked, so a name that
leads elsewhere a moment later changes nothing. Redirects are answers like others, no proxy of the
environment is asked, and an answer is read only as far as is kept of it.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from partners.outgoing.addresses import ForbiddenError, TargetError, allowed_addresses, target

MOST_READ: Final = 2_000  # bytes of an answer
MOST_ADDRESSES: Final = 3


class PostError(Exception):
    """There was no answer; `code` is one of models.Failure."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, the beginning of the body as text, and how many seconds it asks to wait."""

    status: int
    beginning: str
    retry_after: int | None = None


class _PinnedConnection(http.client.HTTPConnection):
    """A connection to addresses that are known already, under the name they were found by.

    It is cut when the time is up, however slowly bytes come: a socket's own limit begins anew
    with each of them.
    """

    def __init__(
        self,
        host: str,
        port: int,
        addresses: list[str],
        *,
        seconds: float,
        context: ssl.SSLContext | None,
    ) -> None:
        super().__init__(host, port, timeout=seconds)
        self.default_port = 443 if context else 80  # what the header Host leaves out
        self._addresses, self._context = addresses, context
        self.is_over = threading.Event()

    def connect(self) -> None:
        self.sock = self._first_that_answers()
        if self._context is not None:
            self.sock = self._context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
        if self.is_over.is_set():  # while there was nothing to cut yet
            raise TimeoutError
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()

    def _first_that_answers(self) -> socket.socket:
        failed: OSError | None = None
        for address in self._addresses[:MOST_ADDRESSES]:
            # Not `create_connection`, which would look the address up once more.
            sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
            sock.settimeout(self.timeout)
            try:
                sock.connect((address, self.port))
            except OSError as error:
                failed = error
                sock.close()
            else:
                return sock
            if self.is_over.is_set():
                break
        raise failed or OSError("no address")

    def cut(self) -> None:
        self.is_over.set()
        if self.sock is not None:
            try:  # not that of TLS, which would take its state from under the reading thread
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
            except OSError:  # it closed by itself
                return


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float,
    is_local_allowed: bool = False,
    context: ssl.SSLContext | None = None,
) -> Answer:
    """Send and read the answer, all within `seconds` once the name is known. Raises PostError."""
    try:
        host, port, path = target(url, is_local_allowed=is_local_allowed)
        addresses = allowed_addresses(host, port, is_local_allowed=is_local_allowed)
    except (TargetError, ForbiddenError) as error:
        raise PostError("forbidden") from error
    except (OSError, UnicodeError) as error:
        raise PostError("unknown-name") from error
    safe = (context or ssl.create_default_context()) if url.startswith("https:") else None
    connection = _PinnedConnection(host, port, addresses, seconds=seconds, context=safe)
    timer = threading.Timer(seconds, connection.cut)
    timer.daemon = True
    timer.start()
    try:
        connection.request("POST", path, body, dict(headers))
        return _answer(connection.getresponse())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise PostError(_failure(error, is_over=connection.is_over.is_set())) from error
    finally:
        timer.cancel()
        connection.close()


def _failure(error: Exception, *, is_over: bool) -> str:
    if is_over or isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        return "unsafe"
    return "unreachable" if isinstance(error, OSError) else "unreadable"


def _answer(response: http.client.HTTPResponse) -> Answer:
    waits = response.headers.get("Retry-After", "")
    beginning = response.read(MOST_READ).decode("utf-8", "replace").replace("\0", "")
    is_number = waits.isascii() and waits.isdigit() and len(waits) < 8
    return Answer(response.status, beginning, int(waits) if is_number else None)
