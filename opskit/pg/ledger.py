"""What opskit has put into a database: schema `opskit`, table `opskit.ledger`, one row a script, with its SHA-256 and its text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opskit import __version__
from opskit.core.errors import LiveError

if TYPE_CHECKING:
    from opskit.pg.connect import Connection

MAKE = """
CREATE SCHEMA IF NOT EXISTS opskit;
COMMENT ON SCHEMA opskit IS 'What opskit has run here. Dropping it makes opskit forget, nothing more.';
CREATE TABLE IF NOT EXISTS opskit.ledger (
    kind text NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    script text NOT NULL,
    adopted boolean NOT NULL DEFAULT false,
    seconds double precision NOT NULL,
    opskit text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, name)
);
"""
KEY = 0x6F70736B6974


@dataclass(frozen=True, slots=True)
class Record:
    """One script that was run (`adopted`: found in place and only noted)."""

    kind: str
    name: str
    sha256: str
    script: str
    adopted: bool


def hold(connection: "Connection", wait: float = 10.0) -> None:
    """This transaction's advisory lock: one opskit at a time changes a database. It works through a transaction pooler too."""
    import psycopg

    connection.execute(f"SET LOCAL lock_timeout = {int(wait * 1000)}".encode())
    try:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (KEY,))
    except psycopg.errors.LockNotAvailable:
        raise LiveError(
            f"another opskit has been changing this database for over {wait:.0f} s",
            help="wait for it, then run this again",
            code="OPS-D010",
        ) from None


def records(connection: "Connection") -> Mapping[tuple[str, str], Record]:
    """By (kind, name); empty where there is no ledger yet."""
    if connection.execute("SELECT to_regclass('opskit.ledger')").fetchone() == (None,):
        return {}
    rows = connection.execute("SELECT kind, name, sha256, script, adopted FROM opskit.ledger ORDER BY kind, name").fetchall()
    return {(row[0], row[1]): Record(*row) for row in rows}


def record(connection: "Connection", kind: str, name: str, sha256: str, script: bytes, seconds: float, adopted: bool = False) -> None:
    """Note a script, in the caller's transaction: the note and what it tells of stand or fall together."""
    connection.execute(MAKE.encode())
    connection.execute(
        "INSERT INTO opskit.ledger (kind, name, sha256, script, adopted, seconds, opskit) VALUES (%s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (kind, name) DO UPDATE SET sha256 = EXCLUDED.sha256, script = EXCLUDED.script, adopted = EXCLUDED.adopted,"
        " seconds = EXCLUDED.seconds, opskit = EXCLUDED.opskit, applied_at = now()",
        (kind, name, sha256, script.decode("utf-8", "replace").replace("\0", ""), adopted, seconds, __version__),
    )
