"""The start-up hooks in real processes: sockets on loopback by psutil's word, debuggers and reloaders off."""

import shutil
import sys

import psutil
import pytest

from opskit.services import kernel, launch
from opskit.services.logs import stored
from tests.loopback import free_port
from tests.services.shapes import row, service_processes, spec, start, states, until

PYTHON = {
    "http.server": "from http.server import *; HTTPServer(('', PORT), SimpleHTTPRequestHandler).serve_forever()",
    "socketserver on ipv6, both stacks": "import socket; s = socket.create_server(('::', PORT), family=socket.AF_INET6, dualstack_ipv6=True); s.accept()",
    "asyncio on every interface": "import asyncio\nasync def main():\n    s = await asyncio.start_server(lambda r, w: w.close(), None, PORT)\n"
                                  "    await s.serve_forever()\nasyncio.run(main())",
    "flask with its debugger": "import flask; app = flask.Flask('a'); app.run(host='0.0.0.0', port=PORT, debug=True)",
    "flask, reloader by keyword": "import flask; flask.Flask('a').run('0.0.0.0', PORT, True, use_reloader=True, use_debugger=True)",
    "werkzeug": "from werkzeug.serving import run_simple; run_simple('0.0.0.0', PORT, lambda e, s: [], True, True)",
    "uvicorn with reload": "import sys; sys.path.insert(0, '.'); import uvicorn; uvicorn.run('asgi:app', host='0.0.0.0', port=PORT, reload=True)",
}
ASGI = "async def app(scope, receive, send):\n    if scope['type'] == 'http':\n" \
       "        await send({'type': 'http.response.start', 'status': 200, 'headers': []})\n        await send({'type': 'http.response.body'})\n"
NODE = {
    "a port": "listen(PORT)", "a host": "listen(PORT, '0.0.0.0')", "host and backlog": "listen(PORT, '::', 5, () => 0)",
    "backlog": "listen(PORT, 511)", "a callback": "listen(PORT, () => 0)", "undefined between": "listen(PORT, undefined, () => 0)",
    "an object": "listen({port: PORT})", "an object with a host": "listen({port: PORT, host: '::'}, () => 0)", "text": "listen(String(PORT))",
}


node = pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")


def sockets(pids):
    return {(c.laddr.ip, c.laddr.port) for pid in pids for c in psutil.Process(pid).net_connections("inet")
            if c.status in (psutil.CONN_LISTEN, psutil.CONN_NONE)}


def served(root, name, *command, **more):
    """A service on a port of its own; PORT in its command stands for it."""
    port = free_port()
    return spec(name, root, *(word.replace("PORT", str(port)) for word in command), kind="server", port=port, **more)


def serving(root, *command, **more):
    """The port and sockets of one service that has become ready."""
    made = served(root, "api", *command, **more)
    client = start(root, made)
    until(lambda: states(client)["api"] not in ("pending", "starting"), 20.0)
    assert row(client, "api")["state"] == "ready", row(client, "api")["reason"]
    return made.port, sockets(service_processes(root))


@pytest.fixture(scope="module")
def everyone(tmp_path_factory):
    """All awkward Python and Node servers under one supervisor: name -> (port, its processes)."""
    root = tmp_path_factory.mktemp("hooks")
    (root / "asgi.py").write_text(ASGI)
    specs = [served(root, name, sys.executable, "-c", code, http=False) for name, code in PYTHON.items()]
    if shutil.which("node"):
        specs += [served(root, name, "node", "-e", f"require('http').createServer((q, s) => s.end()).{call}") for name, call in NODE.items()]
        specs.append(served(root, "inspector", "node", "--inspect=0.0.0.0:0", "-e", "require('net').createServer().listen(PORT)", http=False))
    try:
        client = start(root, *specs)
        until(lambda: not {"pending", "starting"} & set(states(client).values()), 40.0)
        assert not {name: row(client, name)["reason"] for name, state in states(client).items() if state != "ready"}
        yield {s.name: (s.port, [p for p in service_processes(root) if kernel.marker(p).endswith("/" + s.name)], root) for s in specs}
    finally:
        launch.stop(root)


@pytest.mark.parametrize("name", PYTHON)
def test_python_stays_on_loopback_in_one_process(everyone, name):
    port, pids, root = everyone[name]
    held = sockets(pids)
    assert {p for _, p in held} == {port} and {ip for ip, _ in held} <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
    assert len(pids) == 1, "a reloader runs the service twice"
    assert not any("Debugger is active" in line.text for line in stored(root / ".opskit" / "logs", name, 50))


@node
@pytest.mark.parametrize("name", [*NODE, "inspector"])
def test_node_stays_on_loopback_and_its_inspector_off(everyone, name):
    port, pids, _ = everyone[name]
    assert sockets(pids) == {("127.0.0.1", port)}


def test_udp_stays_on_loopback_and_a_client_s_socket_is_its_own(root):
    code = "import socket, time; a, b = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in '12'); a.bind(('', PORT)); b.bind(('', 0)); time.sleep(99)"
    port, held = serving(root, sys.executable, "-c", code, protocol="udp")
    assert ("127.0.0.1", port) in held and any(ip == "0.0.0.0" for ip, _ in held)


def test_exposed_on_purpose_is_left_alone(root):
    port, held = serving(root, sys.executable, "-c", PYTHON["http.server"], expose=True)
    assert held == {("0.0.0.0", port)}


def test_what_escapes_the_hook_is_stopped_and_told(root):
    client = start(root, spec("api", root, sys.executable, "-I", "-c", PYTHON["http.server"].replace("PORT", str(free_port())), kind="server"))
    until(lambda: states(client)["api"] == "failed")
    assert "open to the network" in row(client, "api")["reason"] and "expose = true" in row(client, "api")["reason"]
    until(lambda: not service_processes(root))


def test_the_platform_s_own_sitecustomize_runs_too(root, monkeypatch):
    monkeypatch.delenv("PYTHONPATH", raising=False)
    own = root / "lib"
    own.mkdir()
    (own / "sitecustomize.py").write_text("print('mine', flush=True)\n")
    start(root, spec("api", root, sys.executable, "-c", "import time; time.sleep(99)", env={"PYTHONPATH": str(own)}))
    until(lambda: [line.text for line in stored(root / ".opskit" / "logs", "api", 5)] == ["mine"])


@node
def test_node_s_datagrams_stay_on_loopback(root):
    port, held = serving(root, "node", "-e", "require('dgram').createSocket('udp4').bind(PORT)", protocol="udp")
    assert held == {("127.0.0.1", port)}
