"""One file written whole, or put back: temporary file beside it, fsync, replace. Never through a link out of the root."""

import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path

from opskit.core.errors import OpskitError
from opskit.core.settle import Rewrite
from opskit.core.state import write_whole

SUFFIX, OWNERS = ".opskit-tmp", 0o600


@dataclass(frozen=True, slots=True)
class Written:
    """What the journal knows of one file: digests before and after, its mode, the folders made for it."""

    path: str
    before: str
    after: str
    mode: int
    made: tuple[str, ...] = ()

    @classmethod
    def of(cls, root: Path, rewrite: Rewrite, before: str, after: str) -> "Written":
        full = inside(root, rewrite.path)
        mode = stat.S_IMODE(full.stat().st_mode) if full.exists() else rewrite.mode
        mode = mode & OWNERS if rewrite.secret else mode
        made = tuple(p.relative_to(root).as_posix() for p in full.parents if p.is_relative_to(root) and not p.exists())
        return cls(rewrite.path, before, after, mode, made)


def inside(root: Path, path: str) -> Path:
    """The file's real place; an error where a link leads out of the platform."""
    full = (root / path).resolve()
    if not full.is_relative_to(root.resolve()):
        raise OpskitError(f"{path} leads out of the platform through a link", code="OPS-X010", help="opskit writes only inside it")
    return full


def write(root: Path, written: Written, rewrite: Rewrite) -> None:
    full = inside(root, rewrite.path)
    if _digest(full) != written.before:
        raise OpskitError(f"{rewrite.path} changed while opskit was at work", code="OPS-X011")
    if rewrite.after is None:
        full.unlink()
    else:
        for folder in reversed(written.made):
            (root / folder).mkdir(exist_ok=True)
        write_whole(full, rewrite.after, written.mode, SUFFIX)


def restore(root: Path, written: Written, before: bytes | None) -> bool:
    """Put the before-image back; False where the file is neither as it was nor as opskit left it."""
    full = inside(root, written.path)
    full.with_name(full.name + SUFFIX).unlink(missing_ok=True)
    now = _digest(full)
    if now not in (written.before, written.after):
        return False
    if before is not None:
        if now != written.before:
            write_whole(full, before, written.mode, SUFFIX)
        return True
    full.unlink(missing_ok=True)
    for folder in written.made:
        try:
            (root / folder).rmdir()
        except OSError:
            break
    return True


def _digest(full: Path) -> str:
    try:
        return hashlib.sha256(full.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
