"""The proof by running: services in a dozen frameworks start for real, and the port that was predicted is the one that they hold."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from opskit.ports.audit import Audit
from opskit.ports.facts import port_facts
from tests.loopback import free_port
from tests.node_packages import node_modules

from .conftest import lay, surveyed
from .toys import COMMANDS, NODE, PYTHON

pytestmark = pytest.mark.slow
PATIENCE = 60


@pytest.fixture
def port():
    return free_port()


def predicted(root):
    """The ports that the audit says are opened on this machine."""
    return {fact["port"] for fact in port_facts(Audit(surveyed(root))) if fact["role"] == "bind" and fact["scope"] == "machine"}


def held(process):
    """The ports that a process and its children listen on, once there is one."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        family = [process, *process.children(recursive=True)]
        found = {c.laddr.port for p in family for c in p.net_connections("tcp") if c.status == psutil.CONN_LISTEN}
        if found:
            return found
        assert process.status() != psutil.STATUS_ZOMBIE, "the toy ended"
        time.sleep(0.1)
    raise AssertionError("the toy never listened")


def started(root, command):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(root)}
    return psutil.Popen(command, cwd=root, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def ran(root, files, command, port):
    """(ports predicted, ports held)."""
    lay(root, {path: re.sub(r"\bNUMBER\b", str(port), text) for path, text in files.items()})
    said = predicted(root)
    process = started(root, command)
    try:
        return said, held(process)
    finally:
        for each in [*process.children(recursive=True), process]:
            each.kill()
        process.wait()


@pytest.mark.parametrize(("files", "entry"), PYTHON.values(), ids=PYTHON)
def test_a_python_service_holds_the_port_that_was_predicted(tmp_path, port, files, entry):
    assert ran(tmp_path, files, [sys.executable, entry], port) == ({port}, {port})


@pytest.mark.parametrize(("files", "entry"), COMMANDS.values(), ids=COMMANDS)
def test_a_command_holds_the_port_that_was_predicted(tmp_path, port, files, entry):
    text = re.sub(r"\bNUMBER\b", str(port), files[entry])
    command = ["sh", "-c", text.removeprefix("web: ")]
    assert ran(tmp_path, files, command, port) == ({port}, {port})


@pytest.mark.parametrize(("files", "entry"), NODE.values(), ids=NODE)
def test_a_node_service_holds_the_port_that_was_predicted(tmp_path, port, files, entry):
    (tmp_path / "node_modules").symlink_to(node_modules())
    assert ran(tmp_path, files, ["node", entry], port) == ({port}, {port})
