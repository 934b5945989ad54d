"""How commands speak to a running supervisor: a unix socket of mode 0600, a JSON object a line each way.

Requests: {"do": "status" | "start" | "stop" | "kill" | "restart" | "follow", "names": [...]}.
A sun_path holds about 100 bytes
(unix(7)), so a deep platform's socket is reached from inside its folder.
"""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from opskit.core.errors import OpskitError

SOCKET, LOCK, NOTE = "control.sock", "lock", "supervisor.json"
LONGEST = 90


@contextmanager
def _reachable(folder: Path) -> Iterator[str]:
    """The socket's path, short enough to bind or connect to; this process's folder is put back afterwards."""
    full = str(folder / SOCKET)
    if len(os.fsencode(full)) <= LONGEST:
        yield full
        return
    before = os.open(".", os.O_RDONLY)
    try:
        os.chdir(folder)
        yield SOCKET
    finally:
        os.fchdir(before)
        os.close(before)


def listen(folder: Path) -> socket.socket:
    """The supervisor's end. A socket file left by a killed one is taken over: its lock, not its file, says who lives."""
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    (folder / SOCKET).unlink(missing_ok=True)
    old = os.umask(0o177)
    try:
        with _reachable(folder) as path:
            server.bind(path)
    finally:
        os.umask(old)
    server.listen(64)
    server.setblocking(False)
    return server


class Client:
    """A command's end. It reads by itself, so that a signal in the middle of a line loses nothing of it."""

    def __init__(self, folder: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._buffer = b""
        with _reachable(folder) as path:
            self.socket.connect(path)

    def send(self, do: str, **more: Any) -> None:
        """A request; what a supervisor that has ended would do with it is done."""
        with suppress(BrokenPipeError, ConnectionResetError):
            self.socket.sendall(json.dumps({"do": do, **more}).encode() + b"\n")

    def read(self, limit: float | None = None) -> dict[str, Any]:
        """The next answer. TimeoutError after `limit` seconds, EOFError where the supervisor has ended."""
        until = None if limit is None else time.monotonic() + limit
        while b"\n" not in self._buffer:
            self.socket.settimeout(None if until is None else max(0.001, until - time.monotonic()))
            try:
                data = self.socket.recv(1 << 16)
            except ConnectionResetError:
                data = b""
            if not data:
                raise EOFError
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        found: dict[str, Any] = json.loads(line)
        return found

    def ask(self, do: str, limit: float = 30.0, **more: Any) -> dict[str, Any]:
        """The one answer; {} where the supervisor has ended. One that is stuck is an OpskitError."""
        self.send(do, **more)
        try:
            return self.read(limit)
        except EOFError:
            return {}
        except TimeoutError:
            raise OpskitError("the supervisor does not answer", code="OPS-V012",
                              help="`opskit down` ends it and everything it started") from None

    def close(self) -> None:
        self.socket.close()


def connect(folder: Path) -> Client | None:
    """A client, or None where no supervisor listens."""
    if not hasattr(socket, "AF_UNIX") or not (folder / SOCKET).exists():
        return None
    try:
        return Client(folder)
    except OSError:
        return None
