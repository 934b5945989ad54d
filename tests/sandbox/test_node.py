"""The official Node library as a second judge at run time: pages, replays, errors, events, and the signature of a delivery."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.node_packages import node_modules

PROGRAM = Path(__file__).with_name("program.cjs")
VERIFY = """
const Stripe = require("stripe");
const got = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(got.map(([body, signature]) => new Stripe("sk_test_x").webhooks.constructEvent(body, signature, process.argv[1]).type).join(" "));
"""


def node(*arguments, **more):
    done = subprocess.run(["node", *map(str, arguments)], env={"NODE_PATH": str(node_modules())}, capture_output=True, text=True, timeout=60, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def seen(stripe_sandbox):
    return json.loads(node(PROGRAM, stripe_sandbox.key, stripe_sandbox.server.port))


def test_a_node_program_sees_what_it_would_see_at_stripe(seen):
    invalid = {"kind": "StripeInvalidRequestError"}
    assert seen == {
        "pages": [7, 5, 4, 3, 2, 1], "found": [[7, "Zoë ☕"], [2, "Zoë ☕"]], "replayed": "true",
        "mismatch": {"kind": "StripeIdempotencyError", "status": 400},
        "unknown": {**invalid, "code": "parameter_unknown", "param": "nonsense", "status": 400},
        "missing": {**invalid, "code": "parameter_missing", "param": "currency", "status": 400},
        "absent": {**invalid, "code": "resource_missing", "param": "id", "status": 404},
        "key": {"kind": "StripeAuthenticationError", "status": 401}, "decimal": "12.5",
        "event": [{"active": True, "metadata": {"gone": None}}, "2026-10-28.endive", "req_"], "deleted": True,
    }


def test_node_accepts_the_signature(stripe_sandbox, sink):
    v1 = stripe_sandbox.client().v1
    secret = v1.webhook_endpoints.create({"url": sink.origin, "enabled_events": ["*"]}).secret
    v1.products.create({"name": "Zoë ☕"})
    stripe_sandbox.settle()
    got = json.dumps([[body.decode(), signature] for _, body, signature in sink.got])
    assert node("-e", VERIFY, secret, input=got).strip() == "product.created"
