"""Receivers of webhooks as real processes on loopback, and a bench that probes them."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from opskit.core.secret import Secret
from opskit.stripe.webhooks.probe.bench import Bench
from opskit.stripe.webhooks.probe.observer import Observer
from opskit.stripe.webhooks.transport import Sender
from tests.node_packages import node_modules

HERE = Path(__file__).parent / "receivers"
SECRET = "whsec_" + "k3y" * 11
LIMIT = 0.5


@contextmanager
def running(*command, **environment):
    """A process that prints its port first; ended with the test."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, **environment})
    try:
        yield f"http://127.0.0.1:{int(child.stdout.readline())}"
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def receiver(name):
    """The command of a receiver file and its surroundings."""
    if name.endswith(".js"):
        return ["node", str(HERE / name), SECRET, str(LIMIT + 0.1)], {"NODE_PATH": str(node_modules())}
    return [sys.executable, str(HERE / name), SECRET, str(LIMIT + 0.1)], {}


@pytest.fixture(scope="package", params=["receiver.py", "receiver.js"], ids=["python", "node"])
def shops(request):
    """The address of a process that serves every faulty receiver."""
    command, environment = receiver(request.param)
    with running(*command, **environment) as url:
        yield url


def bench(url, state="", shape="http", limit=10):
    observer = Observer(state, 0.02) if state else None
    return Bench(Sender(url, 15, shape), Secret(SECRET), observe=observer, limit=limit, pause=0.05)


def pytest_collection_modifyitems(items):
    """Each seeded fault runs in one language in the fast tier, in the other in the longer one."""
    seeded = [item for item in items if item.name.startswith("test_a_seeded_fault")]
    names = list(dict.fromkeys(item.callspec.params["fault"] for item in seeded))
    for item in seeded:
        if names.index(item.callspec.params["fault"]) % 2 == (item.callspec.params["shops"] == "receiver.py"):
            item.add_marker(pytest.mark.slow)
