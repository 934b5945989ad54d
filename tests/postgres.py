"""One real embedded PostgreSQL for all tests of a session, and an empty database for each test that asks."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opskit.core.secret import Secret
from opskit.pg.embedded import Server, prepare
from opskit.pg.running import running
from tests.loopback import free_port


@contextmanager
def serving(root: Path) -> Iterator[Server]:
    """A server of the folder's own; as root its data lies below /var/lib/opskit, and goes with it."""
    server = prepare(root, "tests", free_port())
    try:
        with running(server):
            yield server
    finally:
        shutil.rmtree(server.home, ignore_errors=True)


@contextmanager
def empty_database(server: Server, name: str) -> Iterator[Secret]:
    """A database of its own on the shared server, dropped afterwards."""
    import psycopg

    with psycopg.connect(server.url.reveal(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield Secret(server.url.reveal().rsplit("/", 1)[0] + f"/{name}")
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
