"""Scheduled releases go live at a web request too, so that a dead worker makes nobody late."""

import logging
import threading
from collections.abc import Callable
from time import monotonic

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from metrics.services.scheduling import is_any_due, publish_due

logger = logging.getLogger(__name__)

# The reader who comes at the minute sees what was due; none waits longer than this for it.
LONGEST_WAIT_SECONDS = 1.0


class PublishDueReleases:
    """Look once a second whether a release is due: one query. Publish it beside the request.

    One thread of a process publishes at a time; it has a connection of its own, which nothing in
    the request can take back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._lock = threading.Lock()
        self._looked_at = -float("inf")
        self._thread: threading.Thread | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._is_time_to_look():
            self._notice()
        return self.get_response(request)

    def _is_time_to_look(self) -> bool:
        every = settings.DUE_CHECK_SECONDS
        if not every or monotonic() - self._looked_at < every:
            return False
        with self._lock:
            is_first = monotonic() - self._looked_at >= every
            self._looked_at = monotonic() if is_first else self._looked_at
        return is_first

    def _notice(self) -> None:
        try:
            if not is_any_due(timezone.now()):
                return
        except Error:  # the view says so, in its own words
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=_publish, daemon=True)
                self._thread.start()
            thread = self._thread
        thread.join(LONGEST_WAIT_SECONDS)


def _publish() -> None:
    try:
        publish_due(timezone.now())
    except Exception:  # told once a second until it is mended, and to no reader
        logger.exception("due_releases_failed")
    finally:
        connection.close()
