"""`opskit stripe sandbox`: told in text and JSON, stopped by a signal, its state there again; what `[stripe]` of opskit.toml makes of it."""

import json
import signal
import subprocess
import sys
from types import SimpleNamespace

import httpx
import pytest

from opskit.cli.sandbox import sandbox_base
from opskit.cli.sandboxed import with_sandbox
from opskit.core.errors import OpskitError

COMMAND = [sys.executable, "-m", "opskit", "stripe", "sandbox", "--port", "0"]


def begin(root, *words):
    """The running command and the facts that it printed, whole at once."""
    child = subprocess.Popen([*COMMAND, "--json", *words], cwd=root, stdout=subprocess.PIPE, text=True)
    text = ""
    while True:
        text += child.stdout.readline()
        try:
            return child, json.loads(text)["facts"]["sandbox"][0]
        except ValueError:
            assert child.poll() is None, text


def products(facts, **params):
    ask = {"method": "POST" if params else "GET", "url": f"{facts['url']}/v1/products", "headers": {"Authorization": f"Bearer {facts['key']}"}}
    return httpx.request(**ask, data=params or None).json()


def end(child):
    child.send_signal(signal.SIGTERM)
    return child.wait(20)


def test_it_serves_until_it_is_told_to_stop_and_its_state_stays(tmp_path):
    child, facts = begin(tmp_path)
    products(facts, name="One")
    assert end(child) == 143
    child, again = begin(tmp_path)
    assert [each["name"] for each in products(again)["data"]] == ["One"]
    assert (again["account"], again["key"]) == (facts["account"], facts["key"])
    busy = subprocess.run([*COMMAND], cwd=tmp_path, capture_output=True, text=True)
    assert busy.returncode == 2 and "in use by another sandbox" in busy.stderr
    taken = subprocess.run([*COMMAND[:-1], str(httpx.URL(again["url"]).port), "--data", "other"], cwd=tmp_path, capture_output=True, text=True)
    assert taken.returncode == 2 and f"is held by pid {child.pid}" in taken.stderr and f"--stripe-base {again['url']}" in taken.stderr
    end(child)


@pytest.mark.parametrize("port", ["70000", "-1"])
def test_a_port_that_is_none_is_told(tmp_path, port):
    done = subprocess.run([*COMMAND[:-1], port], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2 and f"{port} is no port" in done.stderr


@pytest.mark.parametrize(("table", "base"), [
    ({}, ""), ({"sandbox": False}, ""), ({"sandbox": True}, "http://127.0.0.1:12111"), ({"base": "http://127.0.0.1:1"}, ""),
    ({"sandbox": True, "base": "http://127.0.0.1:9"}, "http://127.0.0.1:9"),
])
def test_opskit_toml_says_where(table, base):
    assert sandbox_base(table) == base


@pytest.mark.parametrize("base", ["https://api.stripe.com", "http://127.0.0.1", "http://10.0.0.1:12111"])
def test_a_sandbox_is_not_run_elsewhere(base):
    session = SimpleNamespace(manifest=SimpleNamespace(stripe={"sandbox": True, "base": base}))
    with pytest.raises(OpskitError, match="is elsewhere"):
        with_sandbox(session, ())
