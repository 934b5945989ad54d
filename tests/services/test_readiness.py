"""What counts as ready."""

import asyncio
import os
import socket
import threading

import pytest

from opskit.core.loopback import is_loopback
from opskit.services import readiness
from opskit.services.readiness import judge
from opskit.services.spec import ServiceSpec

ADDRESSES = {"127.0.0.1": True, "127.0.1.1": True, "::1": True, "::ffff:127.0.0.1": True, "0.0.0.0": False, "::": False,
             "::ffff:10.0.0.1": False, "fe80::1%eth0": False, "192.168.1.5": False}


@pytest.mark.parametrize(("address", "own"), ADDRESSES.items())
def test_loopback_addresses(address, own):
    assert is_loopback(address) is own


def asked(age=0.0, **more):
    spec = ServiceSpec("a", ("x",), "/", **more)
    return asyncio.run(judge(spec, [os.getpid()], age))


def serve(server, answer):
    def one():
        with server.accept()[0] as peer:
            peer.recv(1000)
            peer.sendall(answer)

    threading.Thread(target=one, daemon=True).start()


@pytest.fixture
def server():
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def test_another_s_socket_does_not_make_a_service_ready(server):
    spec = ServiceSpec("a", ("x",), "/", port=server.getsockname()[1])
    verdict = asyncio.run(judge(spec, [os.getppid()], 100.0))
    assert not verdict.ready and "does not listen" in verdict.reason


def test_a_socket_and_an_http_answer_of_any_status_are_ready(server):
    serve(server, b"HTTP/1.1 500 Oops\r\n\r\n")
    assert asked(port=server.getsockname()[1], http=True).ready


def test_a_health_path_must_answer_well(server):
    serve(server, b"HTTP/1.1 503 Not yet\r\n\r\n")
    verdict = asked(port=server.getsockname()[1], ready="/healthz")
    assert not verdict.ready and verdict.reason == "/healthz answers 503"


def test_what_speaks_no_http_is_ready_after_a_while_by_its_socket(server, monkeypatch):
    for age, ready in ((0.0, False), (readiness.SILENT, True)):
        serve(server, b"SSH-2.0-x\r\n")
        assert asked(age, port=server.getsockname()[1]).ready is ready
    assert asked(port=server.getsockname()[1], http=False).ready


def test_the_wrong_port_is_named(server):
    port = server.getsockname()[1]
    assert str(port) in asked(port=port - 1).reason and f"not on {port - 1}" in asked(port=port - 1).reason


@pytest.mark.parametrize(("ready", "age", "is_ready"), [("none", 0.0, True), (2.0, 1.0, False), (2.0, 2.5, True)])
def test_ready_without_a_port(ready, age, is_ready):
    assert asked(age, ready=ready).ready is is_ready


def test_every_interface_is_exposed_unless_it_may_be():
    with socket.create_server(("0.0.0.0", 0)) as server:
        port = server.getsockname()[1]
        assert asked(port=port, http=False).exposed == f"0.0.0.0:{port}"
        assert asked(port=port, http=False, expose=True).ready
