"""The server that `tests/pg` uses, and its empty databases."""

from tests.pg.conftest import server, url  # noqa: F401
