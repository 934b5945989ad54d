"""Who holds a port, asked of the kernel."""

import os
import socket

import pytest

from opskit.services import kernel, ports_taken
from tests.loopback import free_port


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"], ids=["loopback", "every interface"])
def test_a_taken_port_names_its_holder(address):
    with socket.create_server((address, 0)) as server:
        port = server.getsockname()[1]
        said = ports_taken.refusal(port)
        assert f"port {port} is held by pid {os.getpid()} (`" in said and "since 2" in said
    assert ports_taken.refusal(port) == ""


def test_a_dual_stack_listener_holds_the_port_too():
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as server:
        assert "is held by pid" in ports_taken.refusal(server.getsockname()[1])


def test_udp_and_tcp_do_not_clash():
    port = free_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", port))
        assert ports_taken.refusal(port, "tcp") == ""
        assert f"pid {os.getpid()}" in ports_taken.refusal(port, "udp")


def test_without_privileges_it_says_what_it_can(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setattr("psutil.net_connections", lambda kind: [])
        said = ports_taken.refusal(port)
    assert "only its owner or root may see" in said and (not kernel.LINUX or "a program of " in said)


@pytest.mark.parametrize("port", [-1, 65536], ids=["below", "above"])
def test_a_number_that_is_no_port_is_told(port):
    assert "ports go from 1 to 65535" in ports_taken.refusal(port)
