"""Real sockets of real processes, seen as the system shows them."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from opskit.ports.holders import age, holders
from opskit.survey.facts import Service

LISTENER = "import socket, sys, time\ns = socket.create_server(('127.0.0.1', 0))\nprint(s.getsockname()[1], flush=True)\ntime.sleep(60)\n"


@pytest.fixture
def shop(tmp_path):
    """A listening process started from shop.py: (pid, port)."""
    (tmp_path / "shop.py").write_text(LISTENER)
    process = subprocess.Popen([sys.executable, "shop.py"], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    yield process.pid, int(process.stdout.readline())
    process.kill()
    process.wait()


def test_the_holder_is_named_with_its_process_user_age_and_service(shop, tmp_path):
    pid, port = shop
    (held,) = holders(tmp_path, [Service("shop", "shop.py", "server", "python", ())], [port])
    assert (held.pid, held.port, held.protocol, held.service) == (pid, port, "tcp", "shop")
    assert held.command[-1] == "shop.py" and held.user and abs(time.time() - held.since) < 60


def test_another_program_of_the_same_name_elsewhere_is_not_our_service(shop, tmp_path):
    (held,) = holders(tmp_path / "elsewhere", [Service("shop", "shop.py", "server", "python", ())], [shop[1]])
    assert held.service == ""


def test_a_free_port_has_no_holder(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    assert holders(tmp_path, [], [port]) == ()


def test_a_udp_socket_is_told_as_such(tmp_path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        (held,) = holders(tmp_path, [], [udp.getsockname()[1]])
    assert (held.protocol, held.pid) == ("udp", os.getpid())


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="wants root to become another user on Linux")
def test_without_privileges_the_user_is_told_and_that_more_is_hidden(shop):
    assert _as_nobody(lambda: holders(Path("/"), [], [shop[1]])[0].told).startswith("held by user root; the system hides the process")


def _as_nobody(ask):
    """`ask()` in a forked child without privileges: it has our modules in memory, whatever it may read."""
    holders(Path("/"), [], [])
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.setgroups([])
            os.setuid(65534)
            os.write(writing, str(ask()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading) as answer:
        told = answer.read()
    os.waitpid(child, 0)
    return told


@pytest.mark.parametrize(("seconds", "told"), [(5, "5 s ago"), (130, "2 minutes ago"), (7300, "2 hours ago"), (90000, "1 day ago")])
def test_an_age_is_told_in_one_unit(seconds, told):
    assert age(1_000_000.0, 1_000_000.0 + seconds).startswith(told)
