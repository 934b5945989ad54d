"""Faults strike where they are told to, and what was committed outlives a kill at any point."""

import os
import signal
import subprocess
import sys
import threading

import httpx
import pytest
import stripe

from opskit.core.errors import OpskitError
from opskit.sandbox.stripe.faults import Fault, Faults
from opskit.sandbox.stripe.store import Store


def make(client, **options):
    return client.v1.products.create({"name": "One"}, options={"idempotency_key": "k", **options})


def names(sandbox):
    return [each.name for each in sandbox.client().v1.products.list().data]


@pytest.mark.parametrize(("fault", "error", "done"), [
    ("drop-before", stripe.APIConnectionError, 0), ("drop-after", stripe.APIConnectionError, 1), ("limit", stripe.RateLimitError, 0),
    ("error-before", stripe.APIError, 0), ("error-during", stripe.APIError, 0), ("error-after", stripe.APIError, 1),
])
def test_a_fault_strikes_before_or_after_the_commit(stripe_sandbox, fault, error, done):
    stripe_sandbox.arm(fault, "POST /v1/products")
    with pytest.raises(error):
        make(stripe_sandbox.client(max_network_retries=0))
    assert names(stripe_sandbox) == ["One"] * done


@pytest.mark.parametrize(("fault", "kept"), [("drop-after", 200), ("error-before", 200), ("limit", 200), ("error-during", 500), ("error-after", 500)])
def test_the_same_key_gives_what_the_endpoint_answered_even_a_500(stripe_sandbox, fault, kept):
    client = stripe_sandbox.client(max_network_retries=0)
    stripe_sandbox.arm(fault, "POST /v1/products")
    with pytest.raises(stripe.StripeError):
        make(client)
    if kept == 500:
        with pytest.raises(stripe.APIError):
            make(client)
    else:
        assert make(client).name == "One" and names(stripe_sandbox) == ["One"]


def test_the_library_s_own_retry_makes_nothing_twice(stripe_sandbox):
    stripe_sandbox.arm("drop-after", "POST /v1/products")
    stripe_sandbox.client(max_network_retries=1).v1.products.create({"name": "One"})
    assert names(stripe_sandbox) == ["One"]


def test_a_second_request_with_a_key_under_way_is_told_so(stripe_sandbox):
    stripe_sandbox.arm("delay-after=1", "POST /v1/products")
    first = threading.Thread(target=make, args=(stripe_sandbox.client(),))
    first.start()
    while not stripe_sandbox.requests("POST"):
        pass
    with pytest.raises(stripe.APIError) as caught:
        make(stripe_sandbox.client(max_network_retries=0))
    first.join()
    assert (caught.value.http_status, caught.value.json_body["error"]["code"]) == (409, "idempotency_key_in_use")


def test_a_fault_skips_counts_and_ends(stripe_sandbox):
    faults = Faults()
    faults.arm(Fault.parse("limit", "POST *", skip=1, times=2))
    assert [len(faults.strike(what)) for what in ("POST /a", "GET /a", "POST /a", "POST /a", "POST /a")] == [0, 0, 1, 1, 0]
    faults.arm(Fault.parse("limit", "POST *", times=0))
    assert [len(faults.strike("POST /a")) for _ in range(3)] == [1, 1, 1]


@pytest.mark.parametrize("text", ["", "explode", "limit-after", "drop-during", "delay=soon"])
def test_a_fault_that_there_is_not_is_refused(stripe_sandbox, text):
    with pytest.raises(OpskitError):
        Fault.parse(text)
    answer = httpx.get(f"{stripe_sandbox.url}/v1/account", headers={"Opskit-Fault": text or "-", "Authorization": f"Bearer {stripe_sandbox.key}"})
    assert answer.status_code == 400 and "there is no fault" in answer.text


def test_a_fault_can_come_with_the_request_itself(stripe_sandbox):
    answer = httpx.get(f"{stripe_sandbox.url}/v1/account", headers={"Opskit-Fault": "limit", "Authorization": f"Bearer {stripe_sandbox.key}"})
    assert answer.status_code == 429


@pytest.mark.parametrize(("method", "path"), [("POST", "faults"), ("DELETE", "faults"), ("DELETE", "keys")])
def test_a_web_page_orders_nothing(stripe_sandbox, method, path):
    assert httpx.request(method, f"{stripe_sandbox.url}/_sandbox/{path}").status_code == 403


def test_a_name_from_elsewhere_that_leads_here_gets_no_answer(stripe_sandbox):
    assert httpx.get(f"{stripe_sandbox.url}/_sandbox", headers={"Host": "attacker.example"}).status_code == 400


SERVE = """
import sys
from pathlib import Path
from opskit.sandbox.stripe.server import Server
from opskit.sandbox.stripe.settings import Settings
server = Server(Settings(data=Path(sys.argv[1])))
print(server.port, server.key, flush=True)
server.serve()
"""


def served(file):
    child = subprocess.Popen([sys.executable, "-c", SERVE, str(file)], stdout=subprocess.PIPE, text=True)
    port, key = child.stdout.readline().split()
    return child, stripe.StripeClient(key, base_addresses={"api": f"http://127.0.0.1:{port}"}, max_network_retries=0), f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_around_the_commit_loses_nothing_and_leaves_nothing_half(tmp_path, when):
    """The answer is lost either way; the next run of the sandbox, asked with the same key, gives the secret of one endpoint."""
    child, client, base = served(tmp_path / "state")
    params, options = {"url": "http://localhost:1/x", "enabled_events": ["*"]}, {"idempotency_key": "k"}
    httpx.post(f"{base}/_sandbox/faults", json={"fault": f"die-{when}", "match": "POST /v1/webhook_endpoints"}, headers={"Opskit-Sandbox": "1"})
    with pytest.raises(stripe.APIConnectionError):
        client.v1.webhook_endpoints.create(params, options=options)
    assert child.wait(10) == -signal.SIGKILL
    child, client, base = served(tmp_path / "state")
    try:
        assert len(client.v1.webhook_endpoints.list().data) == (when == "after")
        assert client.v1.webhook_endpoints.create(params, options=options).secret.startswith("whsec_")
        assert len(client.v1.webhook_endpoints.list().data) == 1
    finally:
        child.kill()
        child.wait()


def test_one_file_is_one_sandbox_s(tmp_path):
    first = Store(tmp_path / "state")
    with pytest.raises(OpskitError, match="in use by another sandbox"):
        Store(tmp_path / "state")
    first.close()
    Store(tmp_path / "state").close()


def test_a_file_that_is_something_else_is_left_as_it_is(tmp_path):
    (tmp_path / "notes.txt").write_text("not a database, and longer than a header is" * 20)
    with pytest.raises(OpskitError, match="no file of a sandbox"):
        Store(tmp_path / "notes.txt", fresh=True)
    assert (tmp_path / "notes.txt").read_text().startswith("not a database")


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_the_state_is_its_owner_s_alone_and_fresh_empties_it(tmp_path, stripe_library):
    from tests.sandbox.asking import Caller

    caller = Caller(stripe_library, data=tmp_path / "a" / "state")
    account = caller.ask("GET", "/v1/account")[1]["id"]
    caller.engine.store.close()
    assert (tmp_path / "a" / "state").stat().st_mode & 0o777 == 0o600
    again = Caller(stripe_library, data=tmp_path / "a" / "state")
    assert again.ask("GET", "/v1/account")[1]["id"] == account
    again.engine.store.close()
    assert Caller(stripe_library, data=tmp_path / "a" / "state", fresh=True).ask("GET", "/v1/account")[1]["id"] != account
