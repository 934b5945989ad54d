"""The fixture that users get, for our own tests."""

import pytest

from opskit.sandbox.stripe.testing import stripe_library, stripe_sandbox, stripe_sandbox_settings
from tests.sandbox.sink import Sink

__all__ = ["stripe_library", "stripe_sandbox", "stripe_sandbox_settings"]


@pytest.fixture
def sink():
    server = Sink()
    yield server
    server.shutdown()
    server.server_close()
