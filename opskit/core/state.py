"""`.opskit/`: what opskit keeps beside a platform, out of git and closed to other users."""

import os
from pathlib import Path

from opskit.core.errors import OpskitError

NAME = ".opskit"


def state_folder(root: Path, *parts: str) -> Path:
    """`.opskit/PARTS`, made with mode 0700 where absent; `.opskit/.gitignore` holds `*`."""
    top = root / NAME
    try:
        if not top.exists():
            top.mkdir(mode=0o700)
        ignore = top / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n")
        folder = top.joinpath(*parts)
        for each in [*reversed(folder.relative_to(top).parents), folder.relative_to(top)]:
            (top / each).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise OpskitError(f"cannot keep state in {top}: {error.strerror}", code="OPS-X005",
                          help="make the folder writable, or run opskit as the user who owns it") from error
    return folder


def write_private(path: Path, data: bytes) -> None:
    """Write a file of mode 0600 whole or not at all."""
    write_whole(path, data, 0o600, f".{os.getpid()}.tmp")


def write_whole(path: Path, data: bytes, mode: int, suffix: str) -> None:
    """A temporary file beside it (the name with `suffix`), fsync, then replace: at any instant the old file or the new one."""
    temporary = path.with_name(path.name + suffix)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
