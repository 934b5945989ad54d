"""The connection pool: opens without waiting, so that a service starts while its database is away, and heals."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from opskit.backend.web.settings import Settings
from opskit.core.errors import OpskitError
from opskit.core.secret import Secret
from opskit.pg.connect import connect
from opskit.pg.migrate import migrate, number_files

Pool = AsyncConnectionPool[psycopg.AsyncConnection[object]]
AWAY = (psycopg.OperationalError, PoolTimeout)
log = logging.getLogger("opskit.backend")


def make_pool(settings: Settings, wait: float = 3.0) -> Pool:
    """At most `pool_size` connections; a request waits `wait` seconds for one, then it is a 503."""
    return AsyncConnectionPool(
        settings.database_url.get_secret_value(), min_size=1, max_size=settings.pool_size, open=False, timeout=wait,
        reconnect_timeout=5.0, check=AsyncConnectionPool.check_connection,
        kwargs={"autocommit": True, "connect_timeout": 3, "prepare_threshold": None, "application_name": "opskit-backend"},
    )


class Schema:
    """Brings the database to the service's newest migration, whenever the database can be had."""

    def __init__(self, name: str, settings: Settings, folder: Path) -> None:
        self._name, self._url = name, Secret(settings.database_url.get_secret_value())
        self._migrations = number_files({path.name: path.read_bytes() for path in sorted(folder.glob("*.sql"))})
        self.ready, self.reason = False, "migrations have not run yet"

    async def keep_trying(self) -> None:
        """Ends when the migrations are applied; a database that is away is asked again, with growing pauses up to 5 s."""
        pause = 0.1
        while not self.ready:
            try:
                await asyncio.to_thread(self._migrate)
                self.ready, self.reason = True, ""
            except (OpskitError, psycopg.Error) as error:
                self.reason = error.message if isinstance(error, OpskitError) else type(error).__name__
                log.warning("migrations wait: %s", self.reason)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    def _migrate(self) -> None:
        with connect(self._url, limit=3) as connection:
            migrate(connection, self._migrations, kind=self._name)


@asynccontextmanager
async def opened(pool: Pool, schema: Schema) -> AsyncIterator[None]:
    """For the service's lifetime: the pool opens in the background, migrations too."""
    await pool.open(wait=False)
    trying = asyncio.create_task(schema.keep_trying())
    try:
        yield
    finally:
        trying.cancel()
        await pool.close(timeout=5)
