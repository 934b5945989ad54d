"""A real server, shared by the session; an empty database for each test."""

from itertools import count

import pytest

from tests.postgres import empty_database, serving

NUMBERS = count(1)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture
def url(server):
    with empty_database(server, f"t{next(NUMBERS)}") as url:
        yield url
