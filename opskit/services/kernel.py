"""What only the operating system can promise, in one file: who dies with whom, who adopts orphans, who is whose child.

Linux gives all of it (prctl(2): PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER). macOS has neither: there the guardian finds
orphans by their marker. Windows has none of it, and `up` says so. Not tried on macOS or Windows.
"""

import os
import signal
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

MARKER = "OPSKIT_SERVICE_ID"
LINUX = sys.platform.startswith("linux")
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def supported() -> bool:
    """Whether this system can run the supervisor at all (it forks, and speaks over a unix socket)."""
    return os.name == "posix"


@cache
def _libc() -> Any:
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def adopt_orphans() -> bool:
    """Become the parent of every orphaned descendant (a subreaper). False where the system cannot."""
    return LINUX and _libc().prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def die_with(parent: int, with_signal: int) -> None:
    """Ask for a signal when the parent's thread ends; called in the child. Ends at once if it ended before that."""
    if LINUX:
        _libc().prctl(PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def prepare() -> None:
    """Load the C library now, so that a freshly forked child need not."""
    if LINUX:
        _libc()


def children(pid: int) -> list[int]:
    """The direct children of every thread of a process."""
    if not LINUX:
        import psutil

        try:
            return [child.pid for child in psutil.Process(pid).children()]
        except psutil.Error:
            return []
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text().split())
        except OSError:
            continue
    return found


def descendants(pid: int) -> list[int]:
    """All of them, parents before children, without `pid` itself."""
    found, waiting = list[int](), [pid]
    while waiting:
        for child in children(waiting.pop()):
            if child not in found:
                found.append(child)
                waiting.append(child)
    return found


def marker(pid: int) -> str:
    """The service's mark in a process's environment as it was started; "" where there is none or it cannot be read."""
    if not LINUX:
        import psutil

        try:
            return str(psutil.Process(pid).environ().get(MARKER, ""))
        except (psutil.Error, OSError):
            return ""
    try:
        environ = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return ""
    _, found, rest = (b"\0" + environ).partition(b"\0" + MARKER.encode() + b"=")
    return rest.split(b"\0", 1)[0].decode("utf-8", "replace") if found else ""


def marked(prefix: str, among: Iterable[int] | None = None) -> list[int]:
    """Living processes whose mark starts so. Zombies have no environment and are not among them."""
    return [pid for pid in (everyone() if among is None else among) if marker(pid).startswith(prefix)]


def everyone() -> Iterator[int]:
    if not LINUX:
        import psutil

        return iter(psutil.pids())
    return (int(name) for name in os.listdir("/proc") if name.isdigit())


def is_zombie(pid: int) -> bool:
    """Dead and not yet reaped (always False where /proc does not tell)."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] in (b"Z", b"X")
    except (OSError, IndexError):
        return False


def started(pid: int) -> float | None:
    """When a process began, in seconds since the epoch: with its pid, its identity. None where there is no such process."""
    import psutil

    try:
        return float(psutil.Process(pid).create_time())
    except psutil.Error:
        return None


def reap() -> Iterator[tuple[int, int]]:
    """(pid, exit code, negative for a signal) of every child that has ended, known or adopted."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        yield pid, os.waitstatus_to_exitcode(status)


def send(pids: Iterable[int], what: int) -> None:
    """A signal to each that is still there and ours to signal."""
    for pid in pids:
        try:
            os.kill(pid, what)
        except (ProcessLookupError, PermissionError):
            continue


def kill_all_descendants() -> None:
    """SIGKILL to every descendant, again and again until this process has no child left. What it cannot signal is left."""
    for _ in range(500):
        living = [pid for pid in descendants(os.getpid()) if not is_zombie(pid)]
        send(living, signal.SIGKILL)
        if not living and not children(os.getpid()):
            return
        for _ in reap():
            pass
        if living:
            _pause()


def _pause() -> None:
    import time

    time.sleep(0.005)


def hold(path: Path) -> int | None:
    """Take the kernel's lock on a file; its descriptor, held until every process that inherited it ends. None: another has it."""
    import fcntl

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
