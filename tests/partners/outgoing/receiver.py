"""A partner's receiver: a real HTTP server on this machine that answers as it is told."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

# Of hooks.partner.example, signed by itself; good for nothing but these tests.
CERTIFICATE = Path(__file__).resolve().parents[2] / "data" / "hooks.partner.example.pem"

Respond = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Receiver:
    """What arrived, and the answers still to give: statuses in order, then 204."""

    port: int = 0
    scheme: str = "http"
    host: str = "127.0.0.1"
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    respond: Respond | None = None
    server_names: list[str | None] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}/hook?of=acme"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length", 0))
        got = {name.lower(): value for name, value in handler.headers.items()}
        self.requests.append((handler.path, got, handler.rfile.read(length)))
        if self.respond is not None:
            self.respond(handler)
            return
        handler.send_response(self.statuses.pop(0) if self.statuses else 204)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(self.body)


@contextmanager
def receiving(*, over_tls: bool = False) -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.answer(self)

        def log_message(self, *args: Any) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if over_tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        context.sni_callback = lambda _sock, name, _context: receiver.server_names.append(name)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        receiver.scheme, receiver.host = "https", "hooks.partner.example"
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def trusting() -> ssl.SSLContext:
    """A client's context that trusts the receiver's certificate, and checks its name."""
    return ssl.create_default_context(cafile=str(CERTIFICATE))
