"""Web, worker and beat, started together and ended together."""

import datetime
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Message


class Processes(Manager):
    """honcho's manager, able to stop while it is still starting, and telling when pages answer."""

    def __init__(self, procfile: Path, environment: dict[str, str]) -> None:
        super().__init__()
        self._stop_asked = False
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

    def terminate(self) -> None:
        # Before a process has told its number it cannot be ended: remember, and end it then.
        if self._all_started():
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
