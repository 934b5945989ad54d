"""A file that a caller named for a report, a status or a log: written whole or not at all, where it is a file."""

import errno
import os
import stat
from pathlib import Path

from opskit.core.errors import OpskitError
from opskit.core.state import write_whole

PLAIN = 0o644


def write_target(path: Path, data: bytes, help: str) -> None:
    """Through a link to the file that it names, whose mode stays; a pipe or a device is written as it comes."""
    try:
        real = path.resolve()
        if real.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if real.exists() and not real.is_file():
            real.write_bytes(data)
        else:
            write_whole(real, data, stat.S_IMODE(real.stat().st_mode) if real.exists() else PLAIN, f".{os.getpid()}.opskit-tmp")
    except OSError as error:
        raise OpskitError(f"cannot write {path}: {error.strerror}", code="OPS-X012", help=help) from error
