"""The commands as a person runs them: real processes, a receiver, the sandbox."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
import stripe

from opskit.cli.door import enter
from tests.stripe.webhooks.conftest import SECRET, receiver, running

SCHEMA = json.loads((Path(__file__).parents[3] / "docs/schema/report.schema.json").read_text())
EVENT = {"id": "evt_1", "object": "event", "type": "invoice.paid", "created": 1, "data": {"object": {"id": "in_1", "object": "invoice"}}}


def command(root, *words):
    return [sys.executable, "-m", "opskit", "--root", str(root), "webhooks", *words]


def environment(**more):
    return {k: v for k, v in os.environ.items() if not k.startswith(("STRIPE_", "OPSKIT_"))} | more


@pytest.fixture
def opskit(capsys, monkeypatch):
    """`opskit(root, *words)` -> (exit code, what it printed), in this process."""
    for name in os.environ:
        if name.startswith(("STRIPE_", "OPSKIT_")):
            monkeypatch.delenv(name)

    def run(root, *words, room="webhooks", **more):
        for name, value in more.items():
            monkeypatch.setenv(name, value)
        code = enter(["--root", str(root), room, *words])
        done = capsys.readouterr()
        assert SECRET not in done.out + done.err
        return code, done.out

    return run


@pytest.fixture
def told(opskit):
    """`told(root, *words)` -> (exit code, the report as JSON)."""

    def run(root, *words, **more):
        code, out = opskit(root, *words, "--json", **more)
        report = json.loads(out)
        jsonschema.validate(report, SCHEMA)
        return code, report

    return run


@pytest.fixture
def shop(tmp_path):
    (tmp_path / ".env").write_text(f"STRIPE_WEBHOOK_SECRET={SECRET}\n")
    return tmp_path


@pytest.fixture(scope="module")
def right():
    command, more = receiver("receiver.py")
    with running(*command, **more) as url:
        yield url


@pytest.mark.parametrize(("body", "code", "cause"), [(None, 0, "verifies"), (b"{}", 1, "unknown")], ids=["right", "another body"])
def test_verify_says_whether_a_kept_delivery_holds(told, body, code, cause, shop):
    data = json.dumps(EVENT, indent=2)
    header = stripe.WebhookSignature.generate_signature_header(data, SECRET)
    (shop / "kept.txt").write_bytes(f"Stripe-Signature: {header}\n\n".encode() + (body or data.encode()))
    done, report = told(shop, "verify", str(shop / "kept.txt"))
    assert (done, report["facts"]["delivery"][0]["cause"]) == (code, cause)


def test_verify_names_the_file_whose_secret_fits(opskit, shop):
    (shop / ".env.production").write_text("STRIPE_SECRET_KEY=sk_live_" + "x" * 24 + "\nSTRIPE_WEBHOOK_SECRET=whsec_" + "l" * 32 + "\n")
    header = stripe.WebhookSignature.generate_signature_header("{}", "whsec_" + "l" * 32)
    code, out = opskit(shop, "verify", "--payload", "{}", "--header", header)
    assert code == 1 and ".env.production (live mode" in " ".join(out.split()) and "l" * 32 not in out


def test_probe_finds_nothing_in_a_right_receiver_and_faults_in_another(told, shop, right):
    code, report = told(shop, "probe", f"{right}/right/webhook", "--observe", f"{right}/right/state")
    assert (code, report["findings"]) == (0, []) and len(report["facts"]["cases"]) > 25
    code, report = told(shop, "probe", f"{right}/stale/webhook")
    assert code == 1 and [f["code"] for f in report["findings"]] == ["OPS-H033"]


@pytest.mark.parametrize(("url", "files", "code", "error"), [
    ("http://127.0.0.1:9/x", {}, 3, "OPS-H030"),
    ("https://shop.example/x", {}, 2, "OPS-X003"),
    ("ftp://shop.example/x", {}, 2, "OPS-X003"),
    ("http://127.0.0.1:9/x", {".env": ""}, 2, "OPS-H023"),
], ids=["nobody listens", "not on this machine", "no http", "no secret"])
def test_probe_sends_nothing_where_it_must_not(told, url, files, code, error, shop):
    for name, text in files.items():
        (shop / name).write_text(text)
    done, report = told(shop, "probe", url)
    assert (done, report["error"]["code"]) == (code, error)


def test_replay_sends_the_oldest_first_and_goes_on_where_it_stopped(told, shop, right):
    events = [{**EVENT, "id": f"evt_{n}", "created": 100 - n} for n in range(4)]
    (shop / "events.json").write_text(json.dumps(events[:3]))
    code, report = told(shop, "replay", "--file", str(shop / "events.json"), "--to", f"{right}/right/webhook")
    assert code == 0 and [e["id"] for e in report["facts"]["events"]] == ["evt_2", "evt_1", "evt_0"]
    (shop / "events.json").write_text("\n".join(json.dumps(e) for e in events))
    code, report = told(shop, "replay", "--file", str(shop / "events.json"), "--to", f"{right}/right/webhook", "--continue")
    assert code == 0 and [e["id"] for e in report["facts"]["events"]] == ["evt_3"]


def test_replay_tells_what_was_refused(told, shop, right):
    (shop / "events.json").write_text(json.dumps({**EVENT, "type": "payout.paid"}))
    code, report = told(shop, "replay", "--file", str(shop / "events.json"), "--to", f"{right}/unknown/webhook")
    assert code == 1 and [f["code"] for f in report["findings"]] == ["OPS-H024"]


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C of another process is POSIX's")
def test_a_replay_that_is_stopped_says_what_was_sent(shop, right):
    events = [{**EVENT, "id": f"evt_{n}", "created": n, "type": "checkout.session.completed",
               "data": {"object": {"id": f"cs_{n}", "metadata": {}}}} for n in range(300)]
    (shop / "events.json").write_text(json.dumps(events))
    words = ("replay", "--file", str(shop / "events.json"), "--to", f"{right}/race/webhook", "--json")
    child = subprocess.Popen(command(shop, *words), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment())
    ledger, end = shop / ".opskit/webhooks/replay.jsonl", time.monotonic() + 30
    while not (ledger.is_file() and ledger.stat().st_size > 300) and time.monotonic() < end:
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    report = json.loads(child.communicate(timeout=30)[0])
    assert child.returncode == 130 and 0 < len(report["facts"]["events"]) < 300
    assert len(ledger.read_text().splitlines()) >= len(report["facts"]["events"])


CATALOGUE = """version: 1
project: shop
products:
  builder:
    name: Builder
    prices:
      monthly: {amount: 99.00, interval: month}
webhooks:
  main:
    url: https://shop.example/stripe/webhook
    events: [EVENTS]
    env: STRIPE_WEBHOOK_SECRET
"""


def catalogue(root, events="checkout.session.completed"):
    (root / "stripe.yaml").write_text(CATALOGUE.replace("EVENTS", events))


def test_register_makes_the_endpoint_alone_and_keeps_its_secret(opskit, tmp_path, stripe_sandbox):
    catalogue(tmp_path)
    base = {"OPSKIT_STRIPE_BASE": stripe_sandbox.url}
    assert opskit(tmp_path, "register", "--yes", **base)[0] == 0
    assert "STRIPE_WEBHOOK_SECRET=whsec_" in (tmp_path / ".env").read_text()
    assert os.name == "nt" or stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    client = stripe_sandbox.client()
    assert [e.url for e in client.v1.webhook_endpoints.list().data] == ["https://shop.example/stripe/webhook"]
    assert not client.v1.products.list().data
    writes = len(stripe_sandbox.requests("POST"))
    assert opskit(tmp_path, "register", "--yes", **base)[0] == 0 and len(stripe_sandbox.requests("POST")) == writes


def test_register_leaves_products_of_bootstrap_alone(opskit, tmp_path, stripe_sandbox):
    catalogue(tmp_path)
    base = {"OPSKIT_STRIPE_BASE": stripe_sandbox.url}
    assert opskit(tmp_path, "bootstrap", "--yes", room="stripe", **base)[0] == 0
    catalogue(tmp_path, "checkout.session.completed, invoice.paid")
    assert opskit(tmp_path, "register", "--yes", **base)[0] == 0
    client = stripe_sandbox.client()
    assert [p.active for p in client.v1.products.list().data] == [True]
    assert client.v1.webhook_endpoints.list().data[0].enabled_events == ["checkout.session.completed", "invoice.paid"]


def test_status_compares_the_account_with_the_code(told, tmp_path, stripe_sandbox):
    from opskit.stripe.webhooks.examples import flask

    (tmp_path / "shop.py").write_text(flask(work="sell(event['id'], subscription.current_period_end)"))
    make = stripe_sandbox.client().v1.webhook_endpoints.create
    url = "https://shop.example/stripe/webhook"
    for events in (["invoice.paid"], ["*"]):
        made = make({"url": url, "enabled_events": events, "api_version": "2025-03-31.basil"})
    stripe_sandbox.client().v1.webhook_endpoints.update(made.id, {"disabled": True})
    code, report = told(tmp_path, "status", "--stripe-base", stripe_sandbox.url)
    assert code == 1 and {f["code"] for f in report["findings"]} == {"OPS-H051", "OPS-H052", "OPS-H053", "OPS-H055", "OPS-H056"}
    stripe_sandbox.client().v1.webhook_endpoints.update(made.id, {"disabled": False})
    _, report = told(tmp_path, "status", "--stripe-base", stripe_sandbox.url)
    assert "OPS-H050" in {f["code"] for f in report["findings"]}


def test_replay_takes_events_of_the_account(told, shop, right, stripe_sandbox):
    client = stripe_sandbox.client()
    for name in ("One", "Two"):
        client.v1.products.create({"name": name})
    code, report = told(shop, "replay", "--type", "product.created", "--to", f"{right}/right/webhook", "--stripe-base", stripe_sandbox.url)
    assert code == 0 and [e["status"] for e in report["facts"]["events"]] == [200, 200]
    one = report["facts"]["events"][0]["id"]
    code, report = told(shop, "replay", one, "--to", f"{right}/right/webhook", "--stripe-base", stripe_sandbox.url)
    assert code == 0 and [e["id"] for e in report["facts"]["events"]] == [one]


def test_check_lists_the_receivers(opskit, tmp_path):
    from opskit.stripe.webhooks.examples import flask

    (tmp_path / "shop.py").write_text(flask())
    code, out = opskit(tmp_path, "check")
    assert code == 0 and "/stripe/webhook" in out and "by Stripe's library" in out
