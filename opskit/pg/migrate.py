"""Numbered .sql files, each once, in order, in a transaction of its own, under one lock."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from opskit.core.errors import OpskitError
from opskit.pg.ledger import MAKE, hold, record, records
from opskit.pg.load import load, run_alone
from opskit.pg.script import Script, read_script

if TYPE_CHECKING:
    from opskit.pg.connect import Connection

NUMBERED = re.compile(r"V?(\d+)[._-].*\.sql", re.I)
LOCK_TIMEOUT = "10s"


@dataclass(frozen=True, slots=True, order=True)
class Migration:
    """One file. `number` orders it, `name` is how the ledger knows it."""

    number: int
    name: str
    data: bytes


def number_files(files: Mapping[str, bytes]) -> tuple[Migration, ...]:
    """Files by name, in the order of their numbers; two with one number are an error, others than NUMBER_name.sql are not ours."""
    found = sorted(Migration(int(match[1]), name, data) for name, data in files.items() if (match := NUMBERED.fullmatch(name)))
    for one, other in pairwise(found):
        if one.number == other.number:
            raise OpskitError(f"{one.name} and {other.name} have the same number", help="renumber the newer one", code="OPS-D012")
    return tuple(found)


def pending(connection: "Connection", migrations: tuple[Migration, ...], kind: str = "migration") -> tuple[Migration, ...]:
    """Those not yet in the ledger. Raises when an applied file was edited since, or a new one stands before an applied one."""
    known, waiting = records(connection), list[Migration]()
    for migration in migrations:
        noted = known.get((kind, migration.name))
        if noted is None:
            waiting.append(migration)
            continue
        if noted.sha256 != _script(migration).digest:
            raise OpskitError(
                f"{migration.name} was edited after it had been applied",
                code="OPS-D012",
                help="put it back, and write a new file for the change",
            )
        if waiting:
            raise OpskitError(
                f"{waiting[0].name} comes before {migration.name}, which is applied already",
                code="OPS-D012",
                help=f"give {waiting[0].name} a higher number",
            )
    return tuple(waiting)


def migrate(
    connection: "Connection", migrations: tuple[Migration, ...], kind: str = "migration", tell: Callable[[str], None] = lambda text: None
) -> tuple[Migration, ...]:
    """Apply what is pending and return it. `connection` is idle and not in autocommit.

    Two at once: the lock is taken in each file's transaction, so that it holds through a transaction pooler, and
    each looks at the ledger anew behind it. No lock on a table is waited for longer than 10 s.
    """
    applied = list[Migration]()
    with connection.transaction():
        hold(connection)
        connection.execute(MAKE.encode())
    while True:
        with connection.transaction():
            hold(connection)
            waiting = pending(connection, migrations, kind)
            if not waiting:
                return tuple(applied)
            script = _script(waiting[0])
            alone = len(script.steps) == 1 and script.steps[0].outside
            if not alone:
                connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'".encode())
                done = load(connection, script)
                record(connection, kind, waiting[0].name, script.digest, waiting[0].data, done.seconds)
        if alone:
            _alone(connection, waiting[0], script, kind)
        applied.append(waiting[0])
        tell(f"applied {waiting[0].name}")


def _alone(connection: "Connection", migration: Migration, script: Script, kind: str) -> None:
    """Outside a transaction nothing can be taken back: the note follows the act, so a crash between runs it again."""
    connection.autocommit = True
    try:
        done = run_alone(connection, script)
    finally:
        connection.autocommit = False
    with connection.transaction():
        record(connection, kind, migration.name, script.digest, migration.data, done.seconds)


def _script(migration: Migration) -> Script:
    return read_script(migration.name, lambda path: migration.data if path == migration.name else None)
