"""A receiver of the sandbox's deliveries."""

import pytest

from tests.sandbox.sink import Sink


@pytest.fixture
def sink():
    server = Sink()
    yield server
    server.shutdown()
    server.server_close()
