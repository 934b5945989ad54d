"""A sandbox of its own for each test that asks, and a platform to bootstrap against it."""

import os
import subprocess
import sys

import pytest

FILE = """version: 1
project: shop
domain: shop.example
products:
  builder:
    name: Builder
    prices:
      monthly: {amount: 99.00, interval: month, env: STRIPE_PRICE_BUILDER, default: true}
  studio:
    name: Studio
    prices:
      monthly: {amount: 999.00, interval: month, env: STRIPE_PRICE_STUDIO}
webhooks:
  main:
    url: https://{domain}/.netlify/functions/stripe-webhook
    events: [checkout.session.completed, invoice.payment_failed]
    api_version: "2023-10-16"
    env: STRIPE_WEBHOOK_SECRET
"""


class Platform:
    """A folder with a stripe.yaml; `run` is a real process of opskit against the sandbox."""

    def __init__(self, root, sandbox, file=FILE):
        self.root, self.sandbox = root, sandbox
        (root / "stripe.yaml").write_text(file)

    def run(self, *words, base=None, **env):
        command = [sys.executable, "-m", "opskit", "--root", str(self.root), "stripe", *words]
        return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120, env=self.environment(base, **env))

    def environment(self, base=None, **env):
        plain = {k: v for k, v in os.environ.items() if not k.startswith(("STRIPE_", "OPSKIT_", "DATABASE_", "PG"))}
        return {**plain, "OPSKIT_STRIPE_BASE": base or self.sandbox.url, **env}

    @property
    def values(self):
        from dotenv import dotenv_values

        return dict(dotenv_values(self.root / ".env"))


@pytest.fixture(scope="session")
def zygote():
    from tests.stripe.killing import Zygote

    found = Zygote()
    yield found
    found.close()


@pytest.fixture
def trial(tmp_path, stripe_sandbox, zygote):
    from tests.stripe.killing import Trial

    found = Trial(tmp_path, stripe_sandbox, zygote, FILE)
    yield found
    found.close()


@pytest.fixture
def platform(tmp_path, stripe_sandbox):
    return Platform(tmp_path, stripe_sandbox)
