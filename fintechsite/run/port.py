"""The port of the web server: checked before anything is started."""

import errno
import socket

DEFAULT_PORT = 8000


class PortError(Exception):
    """The message names the port and a command that works."""


def chosen_port(value: str | None) -> int:
    """The port that the PORT variable names."""
    if not value:
        return DEFAULT_PORT
    if not (value.isascii() and value.isdigit() and 0 < int(value) < 65536):
        raise PortError(f"PORT must be a number from 1 to 65535, not {value!r}.")
    return int(value)


def ensure_free(host: str, port: int) -> None:
    """Raise PortError where the address cannot be listened on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            other = port + 1 if port < 65535 else DEFAULT_PORT
            reason = "is taken" if error.errno == errno.EADDRINUSE else f"failed: {error.strerror}"
            raise PortError(
                f"Port {port} {reason}. Choose another: PORT={other} make run"
            ) from error
