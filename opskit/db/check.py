"""The live side of `db check`: connect as a service would, and tell cause and one mend."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from opskit.core.errors import OpskitError
from opskit.core.secret import Secret
from opskit.pg.connect import LIMIT, Unreachable, connect
from opskit.pg.doctor import read_url
from opskit.pg.url import Trouble

SLOW_START = 0.4
COUNT = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'opskit')"


@dataclass(frozen=True, slots=True)
class Probe:
    """One URL tried. `first` and `again` are the seconds of a first and a second connection; `cause` is empty when it works.
    `pooled` means that the session is not the client's own (a transaction pooler)."""

    masked: str
    cause: str = ""
    mend: str = ""
    kind: str = ""
    first: float = 0.0
    again: float = 0.0
    version: str = ""
    tables: int = 0
    database: str = ""
    pooled: bool = False
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.cause


def probe(url: Secret, limit: int = LIMIT, clock: Callable[[], float] = time.perf_counter) -> Probe:
    """Never raises for what the server or the URL does. The URL's own troubles are told before anything connects, because
    other drivers than libpq fail on them even where libpq copes."""
    address, troubles = read_url(url.reveal())
    masked = address.masked() if address else "(cannot be read)"
    wrong = next((t for t in troubles if t.fatal), None)
    if wrong:
        return Probe(masked, wrong.cause, wrong.mend, wrong.kind)
    started = clock()
    try:
        with connect(url, limit) as connection:
            first = clock() - started
            row = connection.execute("SELECT current_setting('server_version'), current_database(), pg_backend_pid()").fetchone() or (
                "",
                "",
                0,
            )
            counted = connection.execute(COUNT.encode()).fetchone()
            pooled = row[2] != connection.info.backend_pid
        started = clock()
        connect(url, limit).close()
    except Unreachable as error:
        return _failed(masked, error.trouble)
    except OpskitError as error:
        return Probe(masked, error.message, error.help)
    again = clock() - started
    notes = [f"{t.cause}: {t.mend}" for t in troubles]
    if pooled:
        notes.append("a pooler stands between: sessions are not your own there, so migrations and locks want the direct URL")
    if first > SLOW_START and first > 3 * again:
        notes.append(f"the first connection took {first * 1000:.0f} ms, the second {again * 1000:.0f} ms: it sleeps when idle")
    return Probe(
        masked,
        first=first,
        again=again,
        version=str(row[0]).split(" ")[0],
        tables=counted[0] if counted else 0,
        database=str(row[1]),
        pooled=pooled,
        notes=tuple(notes),
    )


def _failed(masked: str, trouble: Trouble) -> Probe:
    return Probe(masked, trouble.cause, trouble.mend, trouble.kind)
