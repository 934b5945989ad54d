"""Is a port free, asked of the kernel on the very address a service would bind; and if not, who holds it."""

import errno
import socket
import time
from dataclasses import dataclass
from typing import Literal

from opskit.services.kernel import marker


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the port, as far as it may be known: `pid` is 0 where the system does not tell without privileges."""

    port: int
    pid: int = 0
    command: str = ""
    user: str = ""
    since: str = ""
    ours: str = ""

    def __str__(self) -> str:
        if not self.pid:
            owner = f"a program of {self.user}" if self.user else "a program"
            return f"port {self.port} is held by {owner} that only its owner or root may see (try `sudo ss -lptn sport = :{self.port}`)"
        mine = f", a service of opskit ({self.ours})" if self.ours else ""
        return f"port {self.port} is held by pid {self.pid} (`{self.command}`, {self.user}, since {self.since}){mine}"


def refusal(port: int, protocol: Literal["tcp", "udp"] = "tcp", address: str = "127.0.0.1") -> str:
    """Why a server could not bind here now ("" where it could): a test bind with SO_REUSEADDR, as servers do."""
    if not 0 < port < 65536:
        return f"{port} is no port: ports go from 1 to 65535"
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM) as probe:
        if protocol == "tcp":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
            return ""
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return str(holder(port, protocol))
            if error.errno == errno.EACCES:
                return f"port {port} is below 1024, which only root may open"
            return f"port {port} cannot be bound: {error.strerror}"


def holder(port: int, protocol: Literal["tcp", "udp"] = "tcp") -> Holder:
    """The process that listens on the port, by psutil; without a pid, by the owner that /proc/net tells to everyone."""
    import psutil

    try:
        connections = psutil.net_connections(kind=protocol)
    except psutil.Error:
        connections = []
    for each in connections:
        if each.laddr and each.laddr.port == port and (protocol == "udp" or each.status == psutil.CONN_LISTEN) and each.pid:
            return _described(port, each.pid)
    return Holder(port, user=_owner(port, protocol))


def _described(port: int, pid: int) -> Holder:
    import psutil

    from opskit.core.secret import Redactor

    try:
        process = psutil.Process(pid)
        since = time.strftime("%Y-%m-%d %H:%M", time.localtime(process.create_time()))
        command = Redactor()(" ".join(process.cmdline()) or process.name())
        return Holder(port, pid, command[:100], process.username(), since, marker(pid).partition("/")[2])
    except psutil.Error:
        return Holder(port, pid, "?", "?", "?")


def _owner(port: int, protocol: str) -> str:
    """The user column of /proc/net/tcp (proc(5)); "" on other systems."""
    for family in ("", "6"):
        try:
            with open(f"/proc/net/{protocol}{family}") as table:
                rows = [line.split() for line in table][1:]
        except OSError:
            continue
        for row in rows:
            if row[1].endswith(f":{port:04X}") and row[3] in ("0A", "07"):
                return _user(int(row[7]))
    return ""


def _user(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"
