"""The sandbox's state: one SQLite file in write-ahead mode, one writer. What is committed outlives a kill of the process."""

import json
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opskit.core.errors import OpskitError

VERSION = 1
SCHEMA = """
CREATE TABLE object (seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
  hidden TEXT NOT NULL DEFAULT '{}', gone INTEGER NOT NULL DEFAULT 0, UNIQUE (kind, id));
CREATE INDEX object_by_kind ON object (kind, seq);
CREATE UNIQUE INDEX price_by_lookup_key ON object (json_extract(body, '$.lookup_key'))
  WHERE kind = 'price' AND gone = 0 AND json_extract(body, '$.lookup_key') IS NOT NULL;
CREATE INDEX price_by_product ON object (json_extract(body, '$.product')) WHERE kind = 'price';
CREATE TABLE kept_answer (key TEXT PRIMARY KEY, route TEXT NOT NULL, digest TEXT NOT NULL, status INTEGER NOT NULL,
  body TEXT NOT NULL, request TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE delivery (seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, endpoint TEXT NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL, state TEXT NOT NULL DEFAULT 'pending', note TEXT NOT NULL DEFAULT '');
CREATE INDEX delivery_by_event ON delivery (event);
CREATE INDEX delivery_due ON delivery (state, due);
CREATE TABLE asked (seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, id TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
  status INTEGER NOT NULL, key TEXT NOT NULL, replayed INTEGER NOT NULL, ignored TEXT NOT NULL);
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(slots=True)
class Kept:
    """One object as it is stored. `hidden` holds what no answer shows: an endpoint's secret."""

    kind: str
    id: str
    body: dict[str, Any]
    hidden: dict[str, Any] = field(default_factory=dict)
    gone: bool = False
    seq: int = 0


class Store:
    """`with store.writing():` is one transaction under one lock; reads outside it take the lock for themselves."""

    def __init__(self, file: Path | None, fresh: bool = False) -> None:
        self._lock = threading.RLock()
        if file is not None:
            _prepare(file)
        self._db = sqlite3.connect(str(file) if file else ":memory:", check_same_thread=False, isolation_level=None, timeout=2)
        self._db.row_factory = sqlite3.Row
        try:
            self._open(fresh)
        except sqlite3.DatabaseError as error:
            self._db.close()
            busy = "locked" in str(error)
            what = "in use by another sandbox" if busy else f"no file of a sandbox: {error}"
            mend = "stop that one, or name another file with --data" if busy else "name another file with --data"
            raise OpskitError(f"{file} is {what}", code="OPS-X005", help=mend) from error

    def _open(self, fresh: bool) -> None:
        """The kernel's lock on the file is held until the process ends, however it ends."""
        self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute("COMMIT")
        if fresh:
            self._empty()
        held = self._db.execute("PRAGMA user_version").fetchone()[0]
        if held == 0:
            self._db.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
        elif held != VERSION:
            raise sqlite3.DatabaseError(f"it was written by another version of opskit (format {held}, this one writes {VERSION})")

    def _empty(self) -> None:
        """What an earlier run left, gone: its tables, whatever version wrote them."""
        names = [row["name"] for row in self.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        with self.writing():
            for name in names:
                self._db.execute(f'DROP TABLE "{name}"')
            self._db.execute("PRAGMA user_version = 0")

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part of a transaction that is taken back alone where it fails."""
        self._db.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK TO attempt")
            raise
        finally:
            self._db.execute("RELEASE attempt")

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def insert(self, kept: Kept) -> None:
        """Raises sqlite3.IntegrityError where the id or a unique field is taken. A deleted object's id is free again."""
        self.rows("DELETE FROM object WHERE kind = ? AND id = ? AND gone = 1", kept.kind, kept.id)
        self.rows("INSERT INTO object (kind, id, body, hidden) VALUES (?, ?, ?, ?)", kept.kind, kept.id, json.dumps(kept.body),
                  json.dumps(kept.hidden))

    def save(self, kept: Kept) -> None:
        self.rows("UPDATE object SET body = ?, hidden = ?, gone = ? WHERE kind = ? AND id = ?", json.dumps(kept.body),
                  json.dumps(kept.hidden), kept.gone, kept.kind, kept.id)

    def get(self, kind: str, id: str) -> Kept | None:
        return next(iter(self.select(kind, ["id = ?"], [id], gone=True)), None)

    def select(self, kind: str, where: Sequence[str] = (), values: Sequence[object] = (), *, tail: str = "ORDER BY seq DESC",
               gone: bool = False) -> list[Kept]:
        """Objects of one kind; `where` are SQL conditions written by this package, `values` what goes into them."""
        conditions = " AND ".join(["kind = ?", *where, *([] if gone else ["gone = 0"])])
        found = self.rows(f"SELECT seq, kind, id, body, hidden, gone FROM object WHERE {conditions} {tail}", kind, *values)
        return [Kept(row["kind"], row["id"], json.loads(row["body"]), json.loads(row["hidden"]), bool(row["gone"]), row["seq"])
                for row in found]

    def setting(self, name: str, default: str = "") -> str:
        found = self.rows("SELECT value FROM setting WHERE name = ?", name)
        return str(found[0]["value"]) if found else default

    def set(self, name: str, value: str) -> None:
        self.rows("INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value)

    def close(self) -> None:
        with self._lock:
            self._db.close()


def _prepare(file: Path) -> None:
    """The file of mode 0600 in a folder that is there."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise OpskitError(f"cannot keep the sandbox's state in {file}: {error.strerror}", code="OPS-X005",
                          help="name another file with --data") from error
