"""Who runs the embedded server. PostgreSQL refuses to run as root, so root lends it to an unprivileged account.

Nothing is created in the system: the account is an existing one, in the order of how little else it owns.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opskit.core.errors import OpskitError
from opskit.pg.binaries import Binaries

SHARED = Path("/var/lib/opskit")
ACCOUNTS = ("embedded_postgres", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    user: int
    group: int

    def process(self) -> Mapping[str, Any]:
        """What `subprocess` takes to start a child as this account, with none of root's groups."""
        return {"user": self.user, "group": self.group, "extra_groups": []}


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def find_account(data: Path) -> Account | None:
    """None: run as who we are. As root: the owner of the data where there is some, so that an account made later changes nothing."""
    if not is_root():
        return None
    import pwd

    if data.exists() and data.stat().st_uid:
        stat = data.stat()
        return Account(_name(stat.st_uid), stat.st_uid, stat.st_gid)
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise OpskitError(
        "PostgreSQL does not run as root, and there is no unprivileged account to lend it to",
        help=f"make one of: {', '.join(ACCOUNTS)}; or run opskit as another user",
        code="OPS-D010",
    )


def _name(user: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def reachable(binaries: Binaries, account: Account | None) -> Binaries:
    """Binaries that the account can run: these, or a copy below /var/lib/opskit where they lie in a closed folder (root's own venv)."""
    if account is None or _runs(binaries, account):
        return binaries
    package = binaries.folder.parent.parent
    version = ".".join(str(part) for part in binaries.version)
    copy = SHARED / f"postgresql-{version}"
    moved = Binaries(copy / package.name / "pginstall" / "bin", binaries.version, binaries.shipped)
    if not copy.exists() and binaries.shipped:
        _copy(package, copy)
    if not _runs(moved, account):
        raise OpskitError(
            f"{account.name} cannot run {binaries.program('postgres')}",
            help="install PostgreSQL where every user can reach it, or give DATABASE_URL",
            code="OPS-D010",
        )
    return moved


def _runs(binaries: Binaries, account: Account) -> bool:
    try:
        done = subprocess.run([binaries.program("initdb"), "--version"], capture_output=True, timeout=30, cwd="/", **account.process())
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _copy(package: Path, copy: Path) -> None:
    """The package and the libraries beside it, laid out as they were (the programs find their libraries relative to themselves)."""
    make_open(SHARED)
    temporary = copy.with_name(f"{copy.name}.{os.getpid()}.tmp")
    try:
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.is_dir():
                shutil.copytree(source, temporary / source.name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__", "include"))
        for path in (temporary, *temporary.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or (os.access(path, os.X_OK) and path.stat().st_mode & 0o100) else 0o644)
        os.rename(temporary, copy)
    except OSError:
        if not copy.exists():
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def make_open(folder: Path) -> None:
    """A folder of ours that others may pass through, whatever the umask; one that exists keeps its mode."""
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
