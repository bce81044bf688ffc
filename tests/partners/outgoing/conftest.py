import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.partners.outgoing.receiver import Receiver, receiving

Leads = Callable[..., list[str]]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def leads(monkeypatch: pytest.MonkeyPatch) -> Leads:
    """What names lead to from here on, one answer a lookup; the names that were looked up."""

    def set_answers(*answers: list[str]) -> list[str]:
        asked: list[str] = []
        left = list(answers)

        def look_up(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
            asked.append(host)
            found = left.pop(0) if len(left) > 1 else left[0]
            if not found:
                raise socket.gaierror("no such name")
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in found]

        monkeypatch.setattr("partners.outgoing.addresses.socket.getaddrinfo", look_up)
        return asked

    return set_answers
