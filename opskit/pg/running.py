"""The embedded server up for the length of a `with`: found running, or started and stopped again."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from opskit.core.errors import LiveError, OpskitError
from opskit.pg.embedded import HOST, Server, data_lock
from opskit.pg.held import Held

LIMIT, PAUSE = 60.0, 0.05
TAKEN = "is in use by another program"


@contextmanager
def running(server: Server, tell: Callable[[str], None] = lambda text: None, limit: float = LIMIT) -> Iterator[bool]:
    """True when it was up already (and stays up), False when this started it (and stops it at the end).

    Up means that it answers on its port and serves this very data. A postmaster.pid that names no such
    server is removed first: PostgreSQL itself would refuse to start when another program has that pid now.
    """
    with data_lock(server.lock, tell):
        if found := alive(server.data):
            _same_port(server, found)
            _await(server, None, limit)
        else:
            (server.data / "postmaster.pid").unlink(missing_ok=True)
            tell(f"starting the embedded PostgreSQL on {HOST}:{server.port} ...")
            command = server.command()
            _trim(server.log)
            with Held(list(command.argv), command.cwd, server.account, server.log, list(command.stop)) as held:
                _await(server, held, limit)
                yield False
            return
    yield True


def alive(data: Path) -> tuple[int, int] | None:
    """(pid, port) of the postmaster that runs on this data, None where there is none or the pid is someone else's now."""
    import psutil

    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid, port = abs(int(lines[0])), int(lines[3])
        words = psutil.Process(pid).cmdline()
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return (pid, port) if words and "postgres" in Path(words[0]).name and str(data) in words else None


def _same_port(server: Server, found: tuple[int, int]) -> None:
    pid, port = found
    if port != server.port:
        raise OpskitError(
            f"the embedded database runs on port {port} (pid {pid}), and ports.toml says {server.port}",
            help="opskit down, then run this again",
            code="OPS-D010",
        )


def _await(server: Server, held: Held | None, limit: float) -> None:
    """Until a real connection answers from this data; the log's last word where the server ends instead."""
    import psycopg

    end = time.monotonic() + limit
    while True:
        if held and held.ended() is not None:
            word = _last_word(server)
            help = f"opskit ports who {server.port}" if word.endswith(TAKEN) else f"its log is {server.log}"
            raise LiveError(f"the embedded database did not start: {word}", help=help, code="OPS-D010")
        try:
            with psycopg.connect(server.url.reveal(), connect_timeout=3, application_name="opskit") as connection:
                row = connection.execute("SHOW data_directory").fetchone()
                if row and Path(row[0]) == server.data:
                    return
                reason = f"port {server.port} belongs to another PostgreSQL"
        except psycopg.Error as error:
            reason = str(error).strip().splitlines()[-1]
        if time.monotonic() > end:
            raise LiveError(
                f"the embedded database is not ready after {limit:.0f} s: {reason}", help=f"its log is {server.log}", code="OPS-D010"
            )
        time.sleep(PAUSE)


def _last_word(server: Server) -> str:
    text = server.log.read_text("utf-8", "replace") if server.log.exists() else ""
    if "Address already in use" in text or "could not bind" in text:
        return f"port {server.port} {TAKEN}"
    wrong = [line for line in text.splitlines() if "FATAL" in line or "ERROR" in line]
    return (wrong or text.splitlines() or ["it said nothing"])[-1].strip()


def _trim(log: Path) -> None:
    """Each start begins a new log; the supervisor keeps its own."""
    if log.exists():
        log.write_bytes(b"")
