"""up, status, logs, restart, down and run as a person or a script meets them."""

import atexit
import contextlib
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import psutil
import pytest

from opskit.cli.door import enter
from opskit.services import launch
from tests.loopback import free_port
from tests.services.shapes import STUBBORN, note, service_processes, until

API = """import http.server, os
print("hello from api, key", os.environ.get("API_KEY"), flush=True)
http.server.HTTPServer(("0.0.0.0", {port}), http.server.SimpleHTTPRequestHandler).serve_forever()
"""
TOML = """version = 1
[services.web]
command = "python web.py"
depends_on = ["api"]
[services.api]
command = "python api.py"
[services.off]
command = "python web.py"
enabled = false
reason = "api.py:1 opens a tunnel"
"""


@pytest.fixture
def platform(root):
    port = free_port()
    (root / "api.py").write_text(API.replace("{port}", str(port)))
    (root / "web.py").write_text("import time\nprint('hello from web', flush=True)\ntime.sleep(600)\n")
    (root / "opskit.toml").write_text(TOML)
    (root / ".env").write_text("API_KEY=sesame-sesame-1\n")
    root.port = port
    return root


@pytest.fixture
def root(tmp_path):
    class Root(type(tmp_path)):
        pass

    yield Root(tmp_path)
    launch.stop(tmp_path)
    assert not launch.leftovers(tmp_path)


CACHE = tempfile.mkdtemp(prefix="opskit-bytecode-")
atexit.register(shutil.rmtree, CACHE, ignore_errors=True)
ENVIRON = {**os.environ, "PYTHONPATH": os.getcwd(), "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": CACHE}


def begun(root, *words):
    return subprocess.Popen([sys.executable, "-m", "opskit", *words], cwd=root, env=ENVIRON, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def opskit(root, *words):
    """(exit code, stdout, stderr) of one command, by its own door in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(root), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = enter(list(words))
    return code, out.getvalue(), err.getvalue()


def services(text):
    return {s["name"]: s for s in json.loads(text)["facts"]["services"]}


def test_a_detached_life_from_up_to_down(platform):
    code, out, _ = opskit(platform, "up", "--detach", "--yes", "--json")
    found = services(out)
    assert code == 0 and {n: s["state"] for n, s in found.items()} == {"web": "ready", "api": "ready", "off": "disabled"}
    assert found["api"]["url"] == f"http://127.0.0.1:{platform.port}" and found["off"]["reason"] == "api.py:1 opens a tunnel"
    assert set(found["api"]) >= {"name", "path", "command", "port", "state", "url", "enabled", "reason", "pid"}
    held = [c.laddr for c in psutil.Process(found["api"]["pid"]).net_connections() if c.status == psutil.CONN_LISTEN]
    assert held == [("127.0.0.1", platform.port)]
    code, out, _ = opskit(platform, "status", "--json")
    assert code == 0 and services(out)["api"]["pid"] == found["api"]["pid"]
    code, out, _ = opskit(platform, "logs", "-n", "1")
    assert code == 0 and "web | 2" in out and "hello from web" in out
    code, out, _ = opskit(platform, "logs", "api")
    assert "hello from api, key [secret]" in out and "sesame" not in out
    code, out, _ = opskit(platform, "restart", "api", "--json")
    assert code == 0 and services(out)["api"]["pid"] != found["api"]["pid"]
    assert opskit(platform, "down")[:2] == (0, "2 processes ended, none is left\n")
    assert opskit(platform, "down")[:2] == (0, "nothing was running\n")


def test_status_of_what_never_ran(platform):
    code, out, _ = opskit(platform, "status", "--json")
    assert code == 0 and {n: s["state"] for n, s in services(out).items()} == {"web": "stopped", "api": "stopped", "off": "disabled"}
    code, out, _ = opskit(platform, "status")
    assert "nothing is up" in out and "1 disabled" in out


def test_the_first_time_it_asks_and_without_a_terminal_it_says_what_to_give(platform):
    code, out, err = opskit(platform, "up", "--detach")
    assert code == 2 and "python api.py" in err and "--yes" in err and not out
    assert not launch.is_up(platform)


def test_a_dry_run_starts_nothing_and_names_the_holder_of_a_port(platform):
    code, out, _ = opskit(platform, "up", "--dry-run")
    assert code == 0 and "python web.py" in out
    with socket.create_server(("127.0.0.1", platform.port)):
        code, out, _ = opskit(platform, "up", "--dry-run")
    assert code == 1 and f"api: port {platform.port} is held by pid {os.getpid()}" in out and not launch.is_up(platform)


def test_one_service_brings_what_it_needs_and_nothing_else(platform):
    (platform / "opskit.toml").write_text(TOML + '[services.other]\ncommand = "python web.py"\n')
    code, out, _ = opskit(platform, "up", "web", "--detach", "--yes", "--json")
    assert code == 0 and set(services(out)) == {"web", "api"}


CHOICES = {
    "unknown": (("up", "nope", "--yes"), "there is no service `nope`"), "disabled": (("up", "off", "--yes"), "opens a tunnel"),
    "no log": (("logs", "nope"), "no log of `nope`"), "restart of nothing": (("restart",), "nothing is up"),
    "run without a command": (("run", "--"), "CMD"),
}


@pytest.mark.parametrize(("words", "said"), CHOICES.values(), ids=CHOICES)
def test_wrong_choices_exit_2_with_a_sentence(platform, words, said):
    code, out, err = opskit(platform, *words)
    assert code == 2 and said in err and not out


def test_a_circle_is_refused_before_anything_starts(platform):
    (platform / "opskit.toml").write_text(TOML.replace("[services.off]", 'depends_on = ["web"]\n[services.off]'))
    code, _, err = opskit(platform, "up", "--yes", "--detach")
    assert code == 2 and "OPS-V002" in err and "web -> api -> web" in err


def test_a_service_that_is_not_ready_makes_up_exit_1_and_stay_up(platform):
    (platform / "web.py").write_text("raise SystemExit('no such table: users')\n")
    code, out, _ = opskit(platform, "up", "--detach", "--yes", "--timeout", "1.5")
    assert code == 1 and "no such table: users" in out and "1 not ready" in out
    assert opskit(platform, "status")[0] == 1 and launch.is_up(platform)


def lines_until(process, *wanted):
    seen = []
    while not all(any(word in line for line in seen) for word in wanted):
        line = process.stdout.readline()
        assert line, seen
        seen.append(line)
    return seen


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["^C", "TERM"])
def test_in_the_foreground_logs_stream_and_a_signal_stops_gracefully(platform, sent, code):
    process = begun(platform, "up", "--yes")
    seen = lines_until(process, "hello from web", "hello from api")
    assert any(line.startswith("web | hello") for line in seen) and not any("sesame" in line for line in seen)
    process.send_signal(sent)
    assert process.wait(10) == code and not service_processes(platform) and not launch.is_up(platform)


def test_run_says_how_to_get_a_variable_s_value(platform):
    process = begun(platform, "run", "--", "echo", "$API_KEY")
    assert "opskit run -- sh -c 'echo $API_KEY'" in process.communicate(timeout=60)[1]


def test_a_second_interrupt_kills_at_once(platform):
    (platform / "web.py").write_text(STUBBORN)
    process = begun(platform, "up", "--yes")
    lines_until(process, "up")
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 130 and time.monotonic() - began < 4.5 and not service_processes(platform)


def test_a_killed_foreground_command_takes_everything_with_it(platform):
    process = begun(platform, "up", "--yes")
    lines_until(process, "hello from web")
    process.kill()
    until(lambda: not launch.is_up(platform))
    assert not service_processes(platform)


def test_both_killed_at_once_the_foreground_command_cleans_up(platform):
    (platform / "web.py").write_text("import subprocess, time\nsubprocess.Popen(['sleep', '600'], start_new_session=True)\nprint('hello from web', flush=True)\ntime.sleep(600)\n")
    process = begun(platform, "up", "--yes")
    lines_until(process, "hello from web")
    pids = note(platform)
    for each in ("guardian", "supervisor"):
        os.kill(pids[each], signal.SIGKILL)
    assert process.wait(10) == 1 and "was killed" in process.stderr.read() and not service_processes(platform)


def test_up_again_starts_what_is_missing_and_leaves_the_rest(platform):
    first = services(opskit(platform, "up", "api", "--detach", "--yes", "--json")[1])
    code, out, _ = opskit(platform, "up", "--yes", "--json")
    again = services(out)
    assert code == 0 and again["api"]["pid"] == first["api"]["pid"] and again["web"]["state"] == "ready"


RUNS = {
    "its code": (("python", "-c", "raise SystemExit(7)"), 7, ""), "the environment": (("sh", "-c", "echo $API_KEY"), 0, "sesame-sesame-1\n"),
    "no shell, its own options": (("echo", "$API_KEY", "--json", "-h"), 0, "$API_KEY --json -h\n"),
    "no such program": (("no-such-program",), 2, ""),
}


@pytest.mark.parametrize(("words", "code", "out"), RUNS.values(), ids=RUNS)
def test_run(platform, words, code, out):
    process = begun(platform, "run", "--", *words)
    assert process.communicate(timeout=60)[0] == out and process.returncode == code


def test_a_crash_loop_is_told_once_and_its_end(platform):
    (platform / "web.py").write_text("raise SystemExit('no such table: users')\n")
    _, _, err = opskit(platform, "up", "--detach", "--yes", "--timeout", "3")
    assert err.count("web is restarting: ended with code 1; its last words: no such table: users") == 1
