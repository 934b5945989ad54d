"""Services of every awkward shape, as Python text, and what is needed to run and end them in a test."""

import json
import os
import sys
import time
from pathlib import Path

from opskit.services import kernel, launch
from opskit.services.spec import ServiceSpec

SLEEP = "import time, sys; print('up', flush=True); time.sleep(600)"
SHELL = "sleep 600 & sleep 600; true"
DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    os.execv('/bin/sleep', ['sleep', '600'])
os.wait()
time.sleep(600)
"""
SHAPES = {
    "plain": ("sleep", "600"),
    "shell-with-grandchild": ("sh", "-c", SHELL),
    "double-fork-daemon": (sys.executable, "-c", DAEMON),
}
PROCESSES = {"plain": 1, "shell-with-grandchild": 3, "double-fork-daemon": 2}
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"


def until(said, limit=30.0):
    """What `said()` gives once it is true; a test fails where it never is."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if found := said():
            return found
        time.sleep(0.01)
    raise AssertionError(f"not within {limit} s: {said}")


def spec(name: str, root: Path, *command: str, **more) -> ServiceSpec:
    more.setdefault("kind", "worker")
    return ServiceSpec(name, command, str(root), **more)


def start(root: Path, *specs: ServiceSpec, attached: bool = False, process=None):
    """A client of a new supervisor."""
    return launch.launch(root, specs, os.environ if process is None else process, attached)


def states(client) -> dict[str, str]:
    return {row["name"]: row["state"] for row in client.ask("status")["services"]}


def row(client, name: str) -> dict:
    return next(r for r in client.ask("status")["services"] if r["name"] == name)


def note(root: Path) -> dict:
    return json.loads((launch.folder_of(root) / "supervisor.json").read_bytes())


def service_processes(root: Path) -> list[int]:
    return [pid for pid in launch.leftovers(root) if not kernel.is_zombie(pid)]
