"""Who may ask, and how often: a door that an upper app stands at.

Filled in `AppConfig.ready()`. Where nobody stands at it every request comes in, as anonymous, and
no answer says anything of quotas.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol

from django.db.models import QuerySet
from django.http import HttpRequest
from rest_framework.exceptions import APIException

from metrics.models import Series


@dataclass(frozen=True, slots=True)
class Admission:
    """What the door says of a request that it lets in.

    `seq` is the latest when the door looked; `headers` go with every answer to the request;
    `is_keyed`: the answer is of one partner, and no shared cache may keep it. `key` is what the
    door knows that partner's key by.
    """

    seq: int
    headers: Mapping[str, str] = field(default_factory=dict)
    is_keyed: bool = False
    key: int | None = None


class NotAdmitted(APIException):
    """The door lets the request not in; `code` is stable, `detail` is for people."""

    def __init__(
        self, status: HTTPStatus, code: str, detail: str, headers: Mapping[str, str]
    ) -> None:
        self.status_code = status
        self.headers = headers
        super().__init__(detail, code)


class Door(Protocol):
    """What an upper app does before an answer is made."""

    def admit(self, request: HttpRequest, scope: str) -> Admission:
        """Count the request and let it in, by one statement of its own, committed at once.

        `scope` is what the endpoint takes. Asked again of the same request it counts nothing and
        says the same. Raises NotAdmitted.
        """

    def told(self, request: HttpRequest) -> Mapping[str, str]:
        """The headers of who was asked about already, let in or not; none of others. No query."""

    def note(self, key: int, series_ids: Collection[int], seq: int, *, is_whole: bool) -> None:
        """Whoever has the key was given values of some series as of a seq; `is_whole`: all."""

    def note_all(self, key: int, series: QuerySet[Series], seq: int, *, is_whole: bool) -> None:
        """The same of as many series as there may be."""


_doors: list[Door] = []


def stand_at_door(door: Door) -> None:
    """Put a door in; one that stood there goes. Called from `AppConfig.ready()`."""
    _doors[:] = [door]


def door() -> Door | None:
    return _doors[0] if _doors else None
