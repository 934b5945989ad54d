"""A Stripe sandbox for tests: `pytest_plugins = ["opskit.sandbox.stripe.testing"]`, then ask for the fixture `stripe_sandbox`."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from opskit.sandbox.stripe.server import Server
from opskit.sandbox.stripe.settings import Settings
from opskit.sandbox.stripe.spec.library import Library

WAIT = 10.0


class Sandbox:
    """One running sandbox, empty at its start. `url` is the API's base address, `key` a secret test key."""

    def __init__(self, server: Server) -> None:
        self.server, self.url, self.key = server, server.url, server.key
        self.account = server.engine.store.setting("account")

    def client(self, **options: Any) -> Any:
        """A `stripe.StripeClient` that talks to it; options are the client's own, such as max_network_retries."""
        import stripe

        return stripe.StripeClient(self.key, base_addresses={"api": self.url}, **options)

    def arm(self, fault: str, match: str = "", skip: int = 0, times: int = 1) -> None:
        """Order a fault (`opskit.sandbox.stripe.faults`): `sandbox.arm("drop-after", "POST /v1/prices")`."""
        self._ask("POST", "faults", {"fault": fault, "match": match, "skip": skip, "times": times})

    def disarm(self) -> None:
        self._ask("DELETE", "faults")

    def forget_keys(self) -> None:
        """Forget every idempotency key, as a day's passing would."""
        self._ask("DELETE", "keys")

    def requests(self, *methods: str) -> list[dict[str, Any]]:
        """What was asked so far: method, path, status, key, whether it was replayed. Only these methods where some are given."""
        return [row for row in self._ask("GET", "requests") if not methods or row["method"] in methods]

    def deliveries(self) -> list[dict[str, Any]]:
        """Event, endpoint, state (pending, delivered, failed, held, canceled) and attempts of each delivery."""
        return list(self._ask("GET", "deliveries"))

    def settle(self, limit: float = WAIT) -> None:
        """Wait until no delivery is pending."""
        end = time.monotonic() + limit
        while any(row["state"] == "pending" for row in self.deliveries()):
            if time.monotonic() > end:
                raise TimeoutError(f"deliveries still pending after {limit:.0f} s: {self.deliveries()}")
            time.sleep(0.02)

    def _ask(self, method: str, what: str, body: Any = None) -> Any:
        # verify=False spares reading the machine's certificates at each call: this is plain HTTP on the loopback
        asked = {"json": body, "headers": {"Opskit-Sandbox": "test"}, "trust_env": False, "verify": False}
        answer = httpx.request(method, f"{self.url}/_sandbox/{what}", **asked)
        answer.raise_for_status()
        return answer.json()


@pytest.fixture
def stripe_sandbox_settings() -> Settings:
    """Override it to set retries, the expiry of keys or a file: `Settings(retries=(0.1,))`."""
    return Settings()


@pytest.fixture(scope="session")
def stripe_library() -> Library:
    """What the installed `stripe` package says of the API, read once."""
    return Library()


@pytest.fixture
def stripe_sandbox(stripe_sandbox_settings: Settings, stripe_library: Library) -> Iterator[Sandbox]:
    """A fresh sandbox on a free port, in memory, for one test."""
    with Server(stripe_sandbox_settings, library=stripe_library) as server:
        yield Sandbox(server)
