"""Web, worker and beat, started together and ended together."""

import datetime
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Message

PATIENCE_SECONDS = 20


class LeaderFirst:
    """How processes end: the leader is asked, the group is killed.

    honcho asks the whole group, and a Celery worker whose children are ended under it does not
    finish its shutdown.
    """

    def terminate(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)

    def kill(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


class Processes(Manager):
    """honcho's manager, able to stop while it is still starting, and telling when pages answer."""

    def __init__(self, procfile: Path, environment: dict[str, str]) -> None:
        super().__init__()
        self._procmgr = LeaderFirst()
        self._stop_asked = False
        self._asked_at = 0.0
        self._on_start: list[Callable[[], None]] = []
        for name, command in parse_procfile(procfile.read_text()).processes.items():
            self.add_process(name, command, env=environment, cwd=str(procfile.parent))

    def when_answering(self, url: str, tell: Callable[[], None]) -> None:
        """Call ``tell`` once ``url`` has answered 200."""

        def watch() -> None:
            pause = 0.05
            while not self._terminating and not self._stop_asked:
                if _answers(url):
                    return tell()
                time.sleep(pause)
                pause = min(pause * 1.2, 1.0)  # a site that answers errors is not flooded
            return None

        # Started after the forks: a thread must not be copied half-way into a child.
        self._on_start.append(threading.Thread(target=watch, daemon=True).start)

    def say(self, text: str) -> None:
        now = datetime.datetime.now(tz=datetime.UTC).astimezone()
        for words in text.splitlines():
            line = Message(type="line", data=f"{words}\n", time=now, name="ready", colour=None)
            self.events.put(line)

    def loop(self) -> None:
        super().loop()
        # A leader that died by itself may have left its children.
        for process in self._processes.values():
            self._procmgr.kill(process["pid"])

    def kill(self) -> None:
        # honcho calls this from the fifth second on, and a Celery worker on a folder needs six.
        if time.monotonic() - self._asked_at > PATIENCE_SECONDS:
            super().kill()

    def terminate(self) -> None:
        # Before a process has told its number it cannot be ended: remember, and end it then.
        if self._all_started():
            self._asked_at = self._asked_at or time.monotonic()
            super().terminate()
        else:
            self._stop_asked = True

    def _start(self) -> None:
        signal.signal(signal.SIGHUP, _as_terminate)  # the terminal was closed
        super()._start()
        while not self._all_started():
            message = self.events.get()
            if message.type == "start":
                self._processes[message.name]["pid"] = message.data["pid"]
                self._system_print(f"{message.name} started\n")
            else:
                self._printer.write(message)
        if self._stop_asked:
            self.terminate()
        for start in self._on_start:
            start()


def _as_terminate(signum: int, frame: FrameType | None) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as response:  # noqa: S310 (our own address)
            return bool(response.status == 200)
    except (URLError, OSError):
        return False
