"""A real supervisor with real services: order, readiness, crashes, stubbornness, ports, the environment, the log."""

import os
import signal
import socket
import sys
import time

import pytest

from opskit.core.errors import OpskitError
from opskit.services import kernel, launch
from opskit.services.logs import stored
from opskit.services.machine import Policy
from tests.loopback import free_port
from tests.services.shapes import STUBBORN, note, row, service_processes, spec, start, states, until

SERVER = "import http.server, os; http.server.HTTPServer(('127.0.0.1', int(os.environ['PORT'])), http.server.SimpleHTTPRequestHandler).serve_forever()"


def python(name, root, code, **more):
    return spec(name, root, sys.executable, "-c", code, **more)


def server(name, root, port, **more):
    return python(name, root, SERVER, kind="server", port=port, own={"PORT": str(port)}, **more)


def lines(root, name):
    return [line.text for line in stored(root / ".opskit" / "logs", name, 100)]


def test_dependents_wait_for_ready_and_stop_first(root):
    port = free_port()
    client = start(root, python("web", root, "import time; print('web', flush=True); time.sleep(99)", depends_on=("api",)), server("api", root, port))
    assert states(client)["web"] == "pending" and "waits for api" in row(client, "web")["reason"]
    until(lambda: states(client) == {"web": "ready", "api": "ready"})
    assert row(client, "api")["url"] == f"http://127.0.0.1:{port}"
    began = {name: kernel.started(row(client, name)["pid"]) for name in ("api", "web")}
    assert began["api"] < began["web"]
    assert launch.stop(root) == 2 and not launch.is_up(root)


def test_what_depends_on_a_failure_stays_pending_and_says_why(root):
    client = start(root, spec("api", root, "/no/such/program"), spec("web", root, "sleep", "9", depends_on=("api",)))
    until(lambda: states(client) == {"api": "failed", "web": "pending"})
    assert row(client, "api")["reason"] == "cannot start: `/no/such/program` is not there"
    until(lambda: row(client, "web")["reason"] == "waits for api (failed)")


def test_a_taken_port_fails_with_its_holder_named_and_others_go_on(root):
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        client = start(root, server("api", root, port), server("web", root, free_port()))
        until(lambda: states(client) == {"api": "failed", "web": "ready"})
        assert f"port {port} is held by pid {os.getpid()}" in row(client, "api")["reason"]


def test_never_ready_is_unhealthy_with_its_last_words(root):
    client = start(root, python("api", root, "import time; print('loading model', flush=True); time.sleep(99)", kind="server",
                                port=free_port(), limit=0.6))
    until(lambda: states(client)["api"] == "unhealthy")
    reason = row(client, "api")["reason"]
    assert "not ready after 0.6 s" in reason and "does not listen on port" in reason and "loading model" in reason


def test_a_crash_is_restarted_later_and_later(root):
    client = start(root, python("api", root, "print('boom', flush=True); raise SystemExit(3)"))
    until(lambda: row(client, "api")["failures"] >= 2)
    assert states(client)["api"] in ("restarting", "starting")
    assert any("ended with code 3; its last words: boom" in line for line in lines(root, "api"))


def test_the_last_words_are_the_error_where_a_runtime_says_more_after_it(root):
    said = "print('Error: Cannot find module x\\nRequire stack:\\n}\\n\\nNode.js v20', flush=True); raise SystemExit(1)"
    client = start(root, python("api", root, said))
    until(lambda: row(client, "api")["failures"] >= 1)
    assert any("its last words: Error: Cannot find module x" in line for line in lines(root, "api"))


def test_a_killed_service_comes_back(root):
    client = start(root, spec("api", root, "sleep", "99"))
    first = until(lambda: row(client, "api")["pid"])
    os.kill(first, signal.SIGKILL)
    second = until(lambda: (pid := row(client, "api")["pid"]) and pid != first and pid)
    assert kernel.is_zombie(first) or kernel.started(first) is None
    assert kernel.started(second)


def test_what_a_crash_left_behind_is_ended_before_the_restart(root):
    port = free_port()
    code = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {SERVER!r}]); time.sleep(0.4); raise SystemExit(1)"
    client = start(root, python("api", root, code, kind="server", port=port, own={"PORT": str(port)}))
    until(lambda: row(client, "api")["failures"] >= 2)
    assert "held by" not in " ".join(lines(root, "api"))
    assert len(service_processes(root)) <= 2


def test_a_launcher_that_ends_well_leaves_its_server_as_the_service(root):
    port = free_port()
    client = start(root, spec("api", root, "sh", "-c", f"'{sys.executable}' -c \"{SERVER}\" & exit 0", kind="server", port=port,
                              own={"PORT": str(port)}))
    until(lambda: states(client)["api"] == "ready")
    assert row(client, "api")["failures"] == 0


def test_a_worker_may_end_well_and_what_waits_for_it_begins(root):
    client = start(root, spec("migrate", root, "true"), spec("api", root, "sleep", "99", depends_on=("migrate",)))
    until(lambda: states(client) == {"migrate": "stopped", "api": "ready"})


def test_what_ignores_the_polite_signal_is_killed_and_told(root):
    client = start(root, python("api", root, STUBBORN, grace=0.3))
    until(lambda: "up" in lines(root, "api"))
    began = time.monotonic()
    launch.stop(root)
    assert time.monotonic() - began < 3 and "did not end within 0.3 s of SIGTERM: killed" in lines(root, "api")[-1]
    client.close()


def test_kill_does_not_wait_for_the_grace(root):
    client = start(root, python("api", root, STUBBORN, grace=60.0))
    until(lambda: "up" in lines(root, "api"))
    client.send("stop")
    client.send("kill")
    until(lambda: not launch.is_up(root), 20.0)
    assert not service_processes(root)


def test_a_supervisor_told_twice_by_signals_kills_at_once(root):
    start(root, python("api", root, STUBBORN, grace=60.0))
    until(lambda: "up" in lines(root, "api"))
    guardian = note(root)["guardian"]
    os.kill(guardian, signal.SIGTERM)
    time.sleep(0.1)
    os.kill(guardian, signal.SIGTERM)
    until(lambda: not launch.is_up(root), 20.0)


def test_the_leader_alone_hears_the_signal_where_asked(root):
    code = "import signal, subprocess, sys; c = subprocess.Popen(['sleep', '99'])\ndef end(*_): print('child', c.poll(), flush=True); c.kill(); sys.exit()\n" \
           "signal.signal(signal.SIGINT, end); print('up', flush=True); c.wait()"
    start(root, python("db", root, code, stop_signal="INT", stop_leader=True))
    until(lambda: "up" in lines(root, "db"))
    launch.stop(root)
    assert "child None" in lines(root, "db")


def test_the_environment_is_read_anew_and_changes_told_without_values(root):
    (root / ".env").write_text("API_KEY=old-value-123\n")
    code = "import os, time; print('has', os.environ.get('API_KEY'), os.environ.get('NEW'), flush=True); time.sleep(99)"
    client = start(root, python("api", root, code))
    until(lambda: "has [secret] None" in lines(root, "api"))
    (root / ".env").write_text("API_KEY=new-value-456\nNEW=yes\n")
    client.ask("restart", names=["api"])
    until(lambda: "has [secret] yes" in lines(root, "api"))
    assert "opskit: environment changed since the last start: ~API_KEY, +NEW" in lines(root, "api")
    assert not any("value-" in path.read_text() for path in (root / ".opskit" / "logs").iterdir())


def test_input_is_empty_and_emoji_print_on_a_c_locale(root):
    code = "import sys; print(repr(sys.stdin.read()), '\\U0001f680'); import time; time.sleep(99)"
    start(root, python("api", root, code), process={"LC_ALL": "C", "PATH": os.environ["PATH"]})
    until(lambda: "'' \U0001f680" in lines(root, "api"))


def test_a_second_supervisor_is_refused_and_a_stale_one_taken_over(root):
    start(root, spec("api", root, "sleep", "99"))
    with pytest.raises(OpskitError, match="up already"):
        start(root, spec("api", root, "sleep", "99"))
    pids = note(root)
    for name in ("guardian", "supervisor"):
        os.kill(pids[name], signal.SIGKILL)
    until(lambda: not launch.is_up(root))
    assert (root / ".opskit" / "run" / "control.sock").exists()
    client = start(root, spec("api", root, "sleep", "98"))
    until(lambda: states(client)["api"] in ("starting", "ready"))


def test_a_stuck_supervisor_is_ended_by_pid_and_start_time(root, monkeypatch):
    start(root, spec("api", root, "sleep", "99"))
    os.kill(note(root)["supervisor"], signal.SIGSTOP)
    launch.stop(root, limit=0.2)
    assert not launch.is_up(root)


def test_an_attached_supervisor_ends_with_its_command(root):
    client = start(root, spec("api", root, "sleep", "99"), attached=True)
    client.send("follow", owner=True)
    client.read(30.0)
    client.close()
    until(lambda: not launch.is_up(root))
    assert not service_processes(root)


@pytest.mark.slow
def test_a_slow_follower_stops_nothing_and_hears_what_it_lost(root):
    flood = "import time\nfor _ in range(120): print(('x' * 99 + '\\n') * 999)\nprint('done', flush=True)\ntime.sleep(99)"
    client = start(root, python("api", root, flood))
    client.send("follow")
    until(lambda: lines(root, "api")[-1:] == ["done"], 60.0)
    told = []
    until(lambda: told.append(client.read(30.0)) or "lost" in told[-1] or "done" in told[-1].get("text", ""))


def test_a_folder_whose_path_is_too_long_for_a_socket(tmp_path):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    try:
        client = start(deep, spec("api", deep, "sleep", "99"))
        assert states(client)
    finally:
        launch.stop(deep)


def test_commands_are_agreed_to_once(root):
    assert launch.unagreed(root, ["a", "b"]) == ["a", "b"]
    launch.agree(root, ["a"])
    launch.agree(root, ["c"])
    assert launch.unagreed(root, ["a", "b", "c"]) == ["b"]


def test_given_up_after_its_tries():
    assert Policy().delay(1) == 0.5 and Policy().delay(99) == Policy().longest
