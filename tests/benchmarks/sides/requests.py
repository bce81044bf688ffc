"""Requests to a WSGI application in this process: what a server adds is the same for all."""

import io
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.core.wsgi import get_wsgi_application

Application = Callable[..., Iterable[bytes]]


class Asker:
    """Asks one address again and again, and holds every answer to a status."""

    def __init__(self, path: str, status: int = HTTPStatus.OK, **headers: str) -> None:
        self.application: Application = get_wsgi_application()
        self.path, _, self.query = path.partition("?")
        self.status = status
        self.headers = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        self.answered: dict[str, str] = {}

    def ask(self) -> bytes:
        """The body of an answer; its headers are in `answered`."""
        told: list[Any] = []
        body = self.application(self._environ(), lambda *given: told.append(given))
        try:
            content = b"".join(body)
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()
        line, headers = told[0][:2]
        if int(line.split()[0]) != self.status:
            raise AssertionError(f"{self.path} answers {line}: {content[:500]!r}")
        self.answered = dict(headers)
        return content

    def seconds_of(self, count: int, before: Callable[[], object] | None = None) -> float:
        """How long so many answers take; what is done `before` each is not counted."""
        total = 0.0
        for _ in range(count):
            if before is not None:
                before()
            started = time.perf_counter()
            self.ask()
            total += time.perf_counter() - started
        return total

    def _environ(self) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": self.path,
            "SCRIPT_NAME": "",
            "QUERY_STRING": self.query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "192.0.2.1",
            "HTTP_HOST": "localhost",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **self.headers,
        }
