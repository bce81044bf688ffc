"""Answers that read from the database while they are sent, and end with their transaction.

A client may go away or stop reading: whatever happens, the transaction ends, the connection goes
back and the turn is free again.
"""

import logging
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException

logger = logging.getLogger(__name__)
RETRY_SECONDS: Final = 10
_turns = BoundedSemaphore(settings.API_BULK_AT_ONCE)


class Busy(APIException):
    """503: as many bulk answers are being sent as this process does at once."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = "busy"

    def __init__(self) -> None:
        self.wait = RETRY_SECONDS  # becomes Retry-After
        super().__init__(_("Too many bulk answers are being sent: try again soon."))


def take_turn() -> ExitStack:
    """A turn, given back when the stack is closed. Raises Busy."""
    if not _turns.acquire(blocking=False):
        raise Busy
    turn = ExitStack()
    turn.callback(_turns.release)
    return turn


class DatabaseStream:
    """The chunks of an answer. `until_sent` is closed once, with the last, the first failure, or
    when the server closes the answer.

    Where a client takes nothing for API_BULK_IDLE_SECONDS the server of the database ends the
    session: a transaction that nobody reads from would keep old rows from being cleared.
    `when_sent` is called after it all, if the last chunk was taken.
    """

    def __init__(
        self,
        chunks: Generator[str],
        until_sent: ExitStack,
        when_sent: Callable[[], None] | None = None,
    ) -> None:
        self._chunks, self._until_sent, self._when_sent = chunks, until_sent, when_sent
        self._started = 0.0

    def __iter__(self) -> "DatabaseStream":
        return self

    def __next__(self) -> bytes:
        try:
            self._keep_time()
            return next(self._chunks).encode()
        except StopIteration:
            self.close()
            note_sent(self._when_sent)
            raise
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Safe to call again, and on a connection that is gone."""
        until_sent, self._until_sent = self._until_sent, ExitStack()
        try:
            with until_sent:
                self._chunks.close()
        except DatabaseError as error:
            logger.warning("stream_cut", extra={"error": str(error)})
            connection.close()

    def _keep_time(self) -> None:
        if not self._started:
            self._started = time.monotonic()
            _let_go_when_idle(settings.API_BULK_IDLE_SECONDS)
        if time.monotonic() - self._started > settings.API_BULK_SECONDS:
            raise TimeoutError("a bulk answer took too long to be taken")


def note_sent(when_sent: Callable[[], None] | None) -> None:
    """The answer is out already: what is remembered of it must not cut its end off."""
    try:
        if when_sent is not None:
            when_sent()
    except DatabaseError as error:
        logger.warning("stream_not_noted", extra={"error": str(error)})


def _let_go_when_idle(seconds: float) -> None:
    with connection.cursor() as cursor:
        limit: list[Any] = [f"{int(seconds * 1000)}ms"]
        cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, true)", limit)
