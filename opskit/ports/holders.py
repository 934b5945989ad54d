"""Who holds a port on this machine now, as far as the system tells without privileges. Reads live state; changes nothing."""

import socket
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opskit.survey.facts import Service

PROC_LISTEN, PROC_FILES = "0A", (("tcp", "/proc/net/tcp"), ("tcp", "/proc/net/tcp6"), ("udp", "/proc/net/udp"), ("udp", "/proc/net/udp6"))


@dataclass(frozen=True, slots=True)
class Holder:
    """One open socket. `pid` is None where the system hides its process; `told` then says what is known and why not more.
    `since` is seconds since the epoch, 0.0 unknown; `service` the name of ours that it is, "" where none."""

    port: int
    protocol: str
    host: str
    pid: int | None = None
    user: str = ""
    command: tuple[str, ...] = ()
    cwd: str = ""
    since: float = 0.0
    service: str = ""
    told: str = ""


def holders(root: Path, services: Iterable[Service], ports: Iterable[int] | None = None) -> tuple[Holder, ...]:
    """Listening TCP and bound UDP sockets, of `ports` or all, by port; a port held twice by one process once."""
    wanted, ours = None if ports is None else frozenset(ports), tuple(services)
    found = dict[tuple[int, str, int | None], Holder]()
    for protocol, host, port, pid in _sockets():
        if wanted is None or port in wanted:
            found.setdefault((port, protocol, pid), _holder(root, ours, protocol, host, port, pid))
    named = {(h.port, h.protocol) for h in found.values() if h.pid is not None}
    return tuple(
        h
        for _, h in sorted(found.items(), key=lambda e: (e[0][0], e[0][1], e[0][2] or 0))
        if h.pid is not None or (h.port, h.protocol) not in named
    )


def _sockets() -> Iterable[tuple[str, str, int, int | None]]:
    """(protocol, host, port, pid). psutil asks for root on macOS; then each process of ours is asked in turn."""
    import psutil

    try:
        connections: list[Any] = psutil.net_connections(kind="inet")
        yield from ((_protocol(c), c.laddr.ip, c.laddr.port, c.pid) for c in connections if _listens(c))
    except psutil.AccessDenied:
        for process in psutil.process_iter():
            try:
                yield from (
                    (_protocol(c), c.laddr.ip, c.laddr.port, process.pid) for c in process.net_connections(kind="inet") if _listens(c)
                )
            except psutil.Error:
                continue


def _listens(connection: Any) -> bool:
    return bool(connection.laddr) and (connection.status == "LISTEN" or (connection.type == socket.SOCK_DGRAM and not connection.raddr))


def _protocol(connection: Any) -> str:
    return "udp" if connection.type == socket.SOCK_DGRAM else "tcp"


def _holder(root: Path, services: tuple[Service, ...], protocol: str, host: str, port: int, pid: int | None) -> Holder:
    import psutil

    if pid is None:
        return Holder(
            port,
            protocol,
            host,
            user=(user := _owner(protocol, port)),
            told=f"held by {'user ' + user if user else 'another user'}; the system hides the process: run it with sudo to see which",
        )
    try:
        process = psutil.Process(pid)
        with process.oneshot():
            user, since = process.username(), process.create_time()
            command, cwd = _asked(process.cmdline, []), _asked(process.cwd, "")
    except psutil.NoSuchProcess:
        return Holder(port, protocol, host, pid, told="it has just ended")
    except psutil.AccessDenied:
        return Holder(port, protocol, host, pid, told="the system hides it from this user: run it with sudo to see more")
    return Holder(port, protocol, host, pid, user, tuple(command), cwd, since, _service(root, services, command, cwd))


def _asked(question: Any, silent: Any) -> Any:
    import psutil

    try:
        return question()
    except (psutil.AccessDenied, OSError):
        return silent


def _service(root: Path, services: tuple[Service, ...], command: list[str], cwd: str) -> str:
    """Ours if a word of its command is the entry file of a service, seen from where it runs."""
    if not command or not cwd:
        return ""
    words = {_resolved(Path(cwd) / word) for word in command[1:] if not word.startswith("-")}
    return next((s.name for s in services if s.path and _resolved(root / s.path) in words), "")


def _resolved(path: Path) -> Path | None:
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):
        return None


def _owner(protocol: str, port: int) -> str:
    """The user of a socket whose process is hidden: Linux tells the uid in /proc/net to everybody (proc(5))."""
    if sys.platform != "linux":
        return ""
    import pwd

    for name, path in PROC_FILES:
        if name == protocol:
            for line in Path(path).read_text().splitlines()[1:]:
                fields = line.split()
                if int(fields[1].rsplit(":", 1)[1], 16) == port and (protocol == "udp" or fields[3] == PROC_LISTEN):
                    try:
                        return pwd.getpwuid(int(fields[7])).pw_name
                    except KeyError:
                        return fields[7]
    return ""


def age(since: float, now: float) -> str:
    """How long ago, in one unit; the clock time where it is today."""
    if not since:
        return ""
    seconds = max(0, int(now - since))
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if (count := seconds // length) >= 1:
            return f"{count} {unit}{'s' * (count != 1)} ago ({time.strftime('%Y-%m-%d %H:%M', time.localtime(since))})"
    return f"{seconds} s ago"
