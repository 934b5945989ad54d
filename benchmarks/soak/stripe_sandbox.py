"""The sandbox under the Stripe CLI's triggers and under kill -9: python benchmarks/soak/stripe_sandbox.py [triggers | kills [N]]

`triggers` runs every trigger that the CLI lists and counts exit 0 and a signed event of that name. `kills` kills the sandbox N times (100)
at random instants under four writers, starts it again, and asks whether all that was answered is there, once.
"""

import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import stripe

from opskit.sandbox.stripe.server import Server
from opskit.sandbox.stripe.testing import Sandbox
from tests.node_packages import stripe_cli
from tests.sandbox.sink import Sink
from tests.sandbox.test_faults import served


def triggers() -> None:
    program, sink = stripe_cli(), Sink()
    environ = {"HOME": tempfile.mkdtemp(), "PATH": "/usr/bin:/bin", "STRIPE_CLI_TELEMETRY_OPTOUT": "1"}
    shown = subprocess.run([program, "trigger", "--help"], env=environ, capture_output=True, text=True).stdout
    names = re.findall(r"^  ([a-z0-9_]+\.[a-z0-9_.]+)\s*$", shown, re.MULTILINE)
    passed, told = [], []
    with Server() as server:
        sandbox = Sandbox(server)
        secret = sandbox.client().v1.webhook_endpoints.create({"url": sink.origin, "enabled_events": ["*"]}).secret
        for name in names:
            sink.got.clear()
            done = subprocess.run([program, "trigger", name, "--api-base", sandbox.url, "--api-key", sandbox.key], env=environ,
                                  capture_output=True)
            sandbox.settle()
            passed += [name] * (done.returncode == 0)
            told += [name] * (name in [event.type for event in sink.events(secret)])
    print(f"{len(names)} triggers: exit 0 {len(passed)}, signed event {len(told)}\n{' '.join(told)}")


def kills(times: int) -> None:
    lost = twice = answered = 0
    folder = Path(tempfile.mkdtemp())
    for number in range(times):
        child, client, _ = served(folder / "state")
        done: dict[str, str] = {}
        writers = [threading.Thread(target=_write, args=(client, f"{number}-{writer}", done), daemon=True) for writer in range(4)]
        for writer in writers:
            writer.start()
        enough = random.randint(1, 40)
        while len(done) < enough:
            time.sleep(random.uniform(0, 0.005))
        child.kill()
        child.wait()
        for writer in writers:
            writer.join()
        child, client, _ = served(folder / "state")
        held = [each.name for each in client.v1.products.list({"limit": 100}).auto_paging_iter()]
        again = {name: _make(client, name) for name in done}
        lost += sum(again[name] != id for name, id in done.items())
        twice += len(held) - len(set(held))
        answered += len(done)
        child.kill()
        child.wait()
    print(f"{times} kills, {answered} answers: {lost} lost, {twice} twice")


def _make(client: stripe.StripeClient, name: str) -> str:
    return client.v1.products.create({"name": name}, options={"idempotency_key": name}).id


def _write(client: stripe.StripeClient, mark: str, done: dict[str, str]) -> None:
    """Until the sandbox is gone."""
    for turn in range(10_000):
        try:
            done[f"{mark}-{turn}"] = _make(client, f"{mark}-{turn}")
        except stripe.StripeError:
            return


if __name__ == "__main__":
    what, *more = sys.argv[1:] or ["triggers"]
    kills(int(*more or [100])) if what == "kills" else triggers()
