"""The broker of a development machine: a folder of message files."""

from contextlib import suppress
from json import JSONDecodeError
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any
from uuid import uuid4

from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps

# A name that `_get` does not look for, until the message is whole.
UNFINISHED = ".part"


class Channel(filesystem.Channel):
    """kombu's, but a message appears whole.

    kombu makes the file and then writes it; a reader that comes between finds half a message and
    the worker dies of it.
    """

    # kombu's two bases disagree on the name of the second argument.
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        draft = Path(self.data_folder_out) / f"{uuid4()}{UNFINISHED}"
        draft.write_bytes(str_to_bytes(dumps(payload)))
        sent = round(monotonic() * 1000)  # kombu reads the files in the order of their names
        draft.replace(draft.with_name(f"{sent}_{uuid4()}.{queue}.msg"))

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """The next message; one that cannot be read is dropped, as the stale queue stands."""
        with suppress(JSONDecodeError):
            return super()._get(queue)
        raise Empty


class Transport(filesystem.Transport):
    Channel = Channel


def folder_transport(folder: Path) -> dict[str, Any]:
    """kombu's options for `filesystem://` in ``folder``, which is made here: kombu does not.

    What a killed worker held is lost; the queue of stale series in the database makes up for it.
    """
    messages = folder / "messages"
    messages.mkdir(parents=True, exist_ok=True)
    return {
        # One folder for both directions: every process here is sender and receiver.
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.05,  # the default of a second is what an editor would feel
    }
