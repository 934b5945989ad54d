"""The embedded PostgreSQL of one platform: prepared once, started in the foreground by whoever supervises it.

On 127.0.0.1 only, scram-sha-256, a random password in a file of 0600. Data below ROOT/.opskit/pg; as root below
/var/lib/opskit/PROJECT-HASH, because the unprivileged account that then runs it cannot enter root's folders.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from opskit.core.errors import OpskitError
from opskit.core.secret import SHORTEST, Secret
from opskit.core.state import state_folder
from opskit.pg.account import SHARED, Account, find_account, is_root, make_open, reachable
from opskit.pg.binaries import Binaries, clean_environment, find_binaries
from opskit.pg.cluster import DATA, DATABASE, PASSWORD, ROLE, make_cluster, remove_stale
from opskit.pg.url import Address

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Command:
    """How to run the server in the foreground, as plain values. `user` and `group` are None: run as we are.
    Stop it with SIGINT (fast shutdown); `stop` does the same where there are no signals."""

    argv: tuple[str, ...]
    env: dict[str, str]
    cwd: Path
    user: int | None
    group: int | None
    stop: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Server:
    """A prepared embedded server. `home` holds the data, the password, the log and the lock."""

    home: Path
    binaries: Binaries
    account: Account | None
    port: int
    database: str
    password: Secret = field(repr=False)

    @property
    def data(self) -> Path:
        return self.home / DATA

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def lock(self) -> Path:
        return self.home / "lock"

    @property
    def url(self) -> Secret:
        """What DATABASE_URL is set to. It has no TLS, and a client that prefers it asks and goes on without."""
        return Secret(f"postgresql://{ROLE}:{quote(self.password.reveal(), safe='')}@{HOST}:{self.port}/{quote(self.database, safe='')}")

    def command(self) -> Command:
        settings = {
            "listen_addresses": HOST,
            "port": str(self.port),
            "unix_socket_directories": "",
            "logging_collector": "off",
            "log_destination": "stderr",
            "lc_messages": "C",
        }
        argv = [str(self.binaries.program("postgres")), "-D", str(self.data)]
        for name, value in settings.items():
            argv += ["-c", f"{name}={value}"]
        stop = (str(self.binaries.program("pg_ctl")), "stop", "-m", "fast", "-w", "-D", str(self.data)) if os.name == "nt" else ()
        user, group = (self.account.user, self.account.group) if self.account else (None, None)
        return Command(tuple(argv), clean_environment(), self.home, user, group, stop)


def home_of(root: Path, project: str) -> Path:
    """Where the data of this platform lies or would lie; makes the folders, 0700, or as root passable by the account."""
    if not is_root():
        return state_folder(root, "pg")
    digest = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:10]
    if found := sorted(SHARED.glob(f"*-{digest}")):
        return found[0]
    make_open(SHARED)
    home = SHARED / f"{database_name(project)}-{digest}"
    make_open(home)
    return home


def database_name(project: str) -> str:
    """The project's name as a PostgreSQL identifier that needs no quotes."""
    name = re.sub(r"[^a-z0-9]+", "_", project.lower()).strip("_")[:40]
    return name if name[:1].isalpha() else f"db_{name}".rstrip("_")


def prepared(root: Path, project: str, port: int) -> Server | None:
    """The server as `prepare` left it, None where there is none yet; touches nothing."""
    home = home_of(root, project) if not is_root() or _made(root) else None
    return _read(home, port) if home and (home / DATA).is_dir() else None


def _made(root: Path) -> bool:
    digest = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:10]
    return any(SHARED.glob(f"*-{digest}"))


def prepare(root: Path, project: str, port: int, tell: Callable[[str], None] = lambda text: None, wanted: Address | None = None) -> Server:
    """Make the data where there is none (about 2 s), and return the server. Two at once: the second waits for the first.

    `wanted` is what a .env says of it already (a clone whose data is gone): its password and database are taken over.
    """
    home = home_of(root, project)
    with data_lock(home / "lock", tell):
        if not (home / DATA).is_dir():
            account = find_account(home / DATA)
            binaries = reachable(find_binaries(), account)
            runs_as = f", run as {account.name}" if account else ""
            tell(f"making an embedded PostgreSQL {binaries.major} in {home}{runs_as} ...")
            known = wanted if wanted and wanted.user == ROLE and len(wanted.password.reveal()) >= SHORTEST else None
            make_cluster(
                home,
                binaries,
                account,
                known.database if known and known.database else database_name(project),
                known.password if known else Secret(secrets.token_urlsafe(24)),
            )
        remove_stale(home)
        return _read(home, port)


def _read(home: Path, port: int) -> Server:
    try:
        major = int((home / DATA / "PG_VERSION").read_text())
        password, database = (home / PASSWORD).read_text().strip(), (home / DATABASE).read_text().strip()
    except (OSError, ValueError) as error:
        raise OpskitError(
            f"the embedded database in {home} cannot be read: {error}",
            help="run opskit as the user who made it, or move that folder away",
            code="OPS-D010",
        ) from error
    account = find_account(home / DATA)
    return Server(home, reachable(find_binaries(major), account), account, port, database, Secret(password))


@contextmanager
def data_lock(path: Path, tell: Callable[[str], None], wait: float = 120.0) -> Iterator[None]:
    """One at a time on the data; the kernel frees it when its holder is killed. Says so before it waits."""
    from filelock import FileLock, Timeout

    held = FileLock(path, mode=0o600)
    try:
        try:
            held.acquire(timeout=0.2)
        except Timeout:
            tell(f"another opskit is at work on the embedded database; waiting up to {wait:.0f} s ...")
            held.acquire(timeout=wait)
    except Timeout:
        raise OpskitError(
            f"another opskit still holds the embedded database after {wait:.0f} s",
            code="OPS-X004",
            help="wait for it to end, then run this again",
        ) from None
    try:
        yield
    finally:
        held.release()
