"""The official Stripe CLI against the sandbox: its own triggers, each told by a signed event that the official Python library accepts."""

import json
import subprocess

import pytest

from opskit.sandbox.stripe.server import Server
from opskit.sandbox.stripe.testing import Sandbox
from tests.node_packages import stripe_cli
from tests.sandbox.sink import Sink

TRIGGERS = [
    "product.created", "product.updated", "product.deleted", "price.created", "price.updated", "plan.created", "plan.updated", "plan.deleted",
    "customer.created", "customer.updated", "customer.deleted", "customer.discount.created", "customer.discount.updated",
    "customer.discount.deleted", "customer.source.created", "customer.source.updated", "customer_cash_balance_transaction.created",
    "cash_balance.funds_available", "coupon.created", "coupon.updated", "coupon.deleted", "promotion_code.created", "promotion_code.updated",
    "tax_rate.created", "tax_rate.updated",
]


@pytest.fixture(scope="module")
def cli(stripe_library, tmp_path_factory):
    """`cli("trigger", NAME)` -> the finished program; the sandbox's deliveries come to `cli.sink`."""
    home, program, sink = tmp_path_factory.mktemp("home"), stripe_cli(), Sink()
    environ = {"HOME": str(home), "PATH": "/usr/bin:/bin", "STRIPE_CLI_TELEMETRY_OPTOUT": "1"}
    with Server(library=stripe_library) as server:
        sandbox = Sandbox(server)

        def run(*words):
            command = [program, *words, "--api-base", sandbox.url, "--api-key", sandbox.key]
            return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60)

        run.sandbox, run.sink = sandbox, sink
        run.secret = sandbox.client().v1.webhook_endpoints.create({"url": sink.origin, "enabled_events": ["*"]}).secret
        yield run
    sink.shutdown()
    sink.server_close()


FEW = {"product.created", "price.updated", "plan.deleted", "customer.discount.updated"}


@pytest.mark.parametrize("trigger", [name if name in FEW else pytest.param(name, marks=pytest.mark.slow) for name in TRIGGERS])
def test_a_trigger_ends_in_a_signed_event_of_its_name(cli, trigger):
    cli.sink.got.clear()
    done = cli("trigger", trigger)
    assert done.returncode == 0, done.stderr
    cli.sandbox.settle()
    assert trigger in [event.type for event in cli.sink.events(cli.secret)]


def test_its_resource_commands_write_read_and_fail(cli):
    made = json.loads(cli("products", "create", "--name", "Builder", "-d", "metadata[a]=1").stdout)
    assert json.loads(cli("products", "retrieve", made["id"]).stdout)["metadata"] == {"a": "1"}
    price = ("prices", "create", "--product", made["id"], "--currency", "usd", "--unit-amount", "9900", "-d", "recurring[interval]=month")
    assert json.loads(cli(*price, "--lookup-key", "cli").stdout)["recurring"]["interval"] == "month"
    assert "already uses that lookup key" in (refused := cli(*price, "--lookup-key", "cli")).stdout + refused.stderr


def test_what_is_not_modelled_fails_at_once_and_says_so(cli):
    done = cli("trigger", "payout.created")
    assert done.returncode == 1 and "does not model" in done.stdout + done.stderr
