"""Threads with connections of their own, and releases that leave everything to workers."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection

from metrics.services import quoted, refresh
from metrics.services.refresh import refresh_all
from metrics.services.stale import Targets
from tests.metrics.factories import NOW

WAIT_SECONDS = 30


@pytest.fixture
def leave_to_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases evaluate nothing themselves, as after a large import."""
    monkeypatch.setattr(quoted, "INLINE_CELLS", -1)


@dataclass
class Others:
    """Work in other threads, each on a connection of its own; what went wrong there is raised."""

    threads: list[threading.Thread] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)

    def start(self, work: Callable[[], Any]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except BaseException as error:  # told to the test
                self.errors.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        self.threads.append(thread)
        thread.start()
        return thread

    def end(self) -> None:
        for thread in self.threads:
            thread.join(WAIT_SECONDS)
            assert not thread.is_alive()

    def while_a_worker_computes(
        self, act: Callable[[], object], *, when: Callable[[Targets], bool]
    ) -> None:
        """Act when a worker has read the inputs of certain targets, before it can publish."""
        read, go_on = threading.Event(), threading.Event()
        compute = refresh.compute_work

        def pause_after_reading(targets: Targets) -> object:
            work = compute(targets)
            if when(targets) and not read.is_set():
                read.set()
                go_on.wait(WAIT_SECONDS)
            return work

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(refresh, "compute_work", pause_after_reading)
            thread = self.start(lambda: refresh_all(now=NOW))
            try:
                assert read.wait(WAIT_SECONDS)
                patch.setattr(refresh, "compute_work", compute)
                act()
            finally:
                go_on.set()
                thread.join(WAIT_SECONDS)


@pytest.fixture
def others() -> Iterator[Others]:
    found = Others()
    yield found
    found.end()
    if found.errors:
        raise found.errors[0]
