"""Connections.

Do not read the environment yourself (no ``os.getenv("DATABASE_URL")`` and no
``os.environ["PGPASSWORD"]``), take the settings::

    with connect() as connection:
        connection.execute("select 1")
"""
from contextlib import contextmanager

import psycopg

from .settings import get_settings

DEFAULT_PORT = 5432


@contextmanager
def connect(settings=None):
    settings = settings or get_settings()
    options = f"-c statement_timeout={settings.statement_timeout}"
    with psycopg.connect(settings.database_url, options=options) as connection:
        yield connection


def balance(connection, account_id: int) -> int:
    row = connection.execute(
        "select coalesce(sum(amount_cents), 0) from ledger.entries where account_id = %s", (account_id,)
    ).fetchone()
    return row[0]
