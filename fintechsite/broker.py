"""The broker of a development machine: a folder of message files."""

from pathlib import Path
from typing import Any


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
