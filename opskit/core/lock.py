"""One mutating command at a time: `.opskit/lock` says who holds it, since when and why.

The kernel holds the lock (flock, or LockFileEx on Windows), so a killed opskit never leaves one behind.
"""

import getpass
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from opskit.core.errors import OpskitError
from opskit.core.state import state_folder


@contextmanager
def lock(root: Path, why: str, wait: float = 5.0) -> Iterator[None]:
    """Hold the platform's lock, or raise after `wait` seconds with the holder's name."""
    from filelock import FileLock, Timeout

    folder = state_folder(root)
    note = folder / "lock.json"
    held = FileLock(folder / "lock")
    try:
        held.acquire(timeout=wait)
    except Timeout:
        raise OpskitError(f"another opskit is at work here: {_holder(note)}", help="wait for it, or end it by that pid",
                          code="OPS-X004") from None
    try:
        with suppress(OSError):  # on a full disk the lock holds all the same; only its note is missing
            note.write_text(json.dumps({"pid": os.getpid(), "user": _user(), "since": time.strftime("%H:%M:%S"), "why": why}))
        yield
    finally:
        note.unlink(missing_ok=True)
        held.release()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getpid())


def _holder(note: Path) -> str:
    try:
        held = json.loads(note.read_text())
        return f"`{held['why']}`, pid {held['pid']} of {held['user']}, since {held['since']}"
    except (OSError, ValueError, KeyError):
        return "its note cannot be read"
