"""The embedded server: made whole or not at all, closed to strangers, gone with whoever started it."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time

import psutil
import psycopg
import pytest

from opskit.core.errors import OpskitError
from opskit.pg.embedded import database_name, home_of, prepare, prepared
from opskit.pg.running import alive, running
from tests.loopback import free_port

KEEPS = """
import sys
from pathlib import Path
from opskit.pg.embedded import prepare
from opskit.pg.running import running

server = prepare(Path(sys.argv[1]), "tests", int(sys.argv[2]))
print("prepared", flush=True)
with running(server):
    print("up", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def root(tmp_path):
    yield tmp_path
    shutil.rmtree(home_of(tmp_path, "tests"), ignore_errors=True)


def postgres_of(home):
    return [p.pid for p in psutil.process_iter(["cmdline"]) if str(home) in " ".join(p.info["cmdline"] or ())]


def gone(home, within=20.0):
    end = time.monotonic() + within
    while postgres_of(home) and time.monotonic() < end:
        time.sleep(0.05)
    return not postgres_of(home)


def until(done, limit=15):
    ends = time.monotonic() + limit
    while not done():
        assert time.monotonic() < ends
        time.sleep(0.1)


def start(root, port):
    return subprocess.Popen([sys.executable, "-c", KEEPS, str(root), str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_it_listens_on_loopback_alone_and_wants_its_password(server):
    with psycopg.connect(server.url.reveal()) as connection:
        assert connection.execute("SELECT current_setting('listen_addresses'), current_setting('unix_socket_directories')").fetchone() == ("127.0.0.1", "")
        assert connection.execute("SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'").fetchone() == (0,)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(server.url.reveal().replace(server.password.reveal(), "wrong"))


def test_text_is_utf8_and_sorts_the_same_everywhere(server):
    with psycopg.connect(server.url.reveal()) as connection:
        row = connection.execute("SELECT pg_encoding_to_char(encoding), datlocale FROM pg_database WHERE datname = current_database()").fetchone()
    assert row == ("UTF8", "C.UTF-8")


def test_nobody_else_can_read_its_files(server):
    modes = {name: stat.S_IMODE((server.home / name).stat().st_mode) for name in ("data", "password", "log", "lock")}
    assert modes == {"data": 0o700, "password": 0o600, "log": 0o600, "lock": 0o600}
    assert not hasattr(os, "geteuid") or os.geteuid() or server.data.stat().st_uid != 0


def test_the_password_is_in_no_command_line(server):
    pid, port = alive(server.data)
    tree = [psutil.Process(pid), *psutil.Process(pid).parents()]
    assert port == server.port and all(server.password.reveal() not in " ".join(p.cmdline()) for p in tree)


@pytest.mark.slow
def test_a_server_that_a_supervisor_runs_is_used_and_left_up(root):
    server = prepare(root, "tests", free_port())
    command = server.command()
    account = {"user": command.user, "group": command.group, "extra_groups": []} if command.user is not None else {}
    child = subprocess.Popen(command.argv, cwd=command.cwd, env=command.env, stderr=subprocess.DEVNULL, **account)
    try:
        while not alive(server.data):
            time.sleep(0.02)
        with running(server) as was_up:
            assert was_up
        assert alive(server.data) == (child.pid, server.port)
    finally:
        child.send_signal(signal.SIGINT)
        assert child.wait(20) == 0


@pytest.mark.parametrize("how", [signal.SIGKILL, *(pytest.param(s, marks=pytest.mark.slow) for s in (signal.SIGINT, signal.SIGTERM))], ids=["kill -9", "^C", "terminate"])
def test_it_ends_with_the_process_that_started_it(root, how):
    child = start(root, free_port())
    assert [child.stdout.readline(), child.stdout.readline()] == ["prepared\n", "up\n"]
    child.send_signal(how)
    child.wait(20)
    assert gone(home_of(root, "tests"))


@pytest.mark.slow
def test_data_cut_short_is_made_anew(root):
    for wait in (0.05, 0.4, 0.9):
        child = start(root, free_port())
        time.sleep(wait)
        child.kill()
        child.wait()
    server = prepare(root, "tests", free_port())
    with running(server) as was_up, psycopg.connect(server.url.reveal()) as connection:
        assert not was_up and connection.execute("SELECT current_database()").fetchone() == ("tests",)
    until(lambda: prepare(root, "tests", server.port) and not list(server.home.glob("data.*")))


@pytest.mark.slow
def test_two_at_once_make_one(root):
    port = free_port()
    children = [start(root, port) for _ in range(2)]
    for child in children:
        child.stdin.close()  # whoever is second waits for the first, and the first for the end of its input
    told = [child.stdout.read() for child in children]
    assert [child.wait(60) for child in children] == [0, 0]
    assert told == ["prepared\nup\n"] * 2


def test_a_stale_pid_file_that_names_a_living_stranger_blocks_nothing(root):
    server = prepare(root, "tests", free_port())
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n1\n{server.port}\n\n127.0.0.1\n\nready\n")
    with running(server) as was_up:
        assert not was_up


def test_a_taken_port_is_told_by_its_number(root, server):
    other = prepare(root, "tests", server.port)
    with pytest.raises(OpskitError, match=rf"port {server.port} is in use") as told, running(other):
        raise AssertionError("never")
    assert told.value.help == f"opskit ports who {server.port}"


@pytest.mark.slow
def test_a_lost_cluster_takes_over_the_password_that_env_names(root, server):
    from opskit.pg.url import Address

    known = Address("postgresql", "postgres", server.password, "127.0.0.1", 1, "shop")
    made = prepare(root, "tests", free_port(), wanted=known)
    assert (made.password, made.database) == (server.password, "shop") and prepared(root, "tests", made.port) == made


@pytest.mark.parametrize("project, name", [("My Shop!", "my_shop"), ("24shop", "db_24shop"), ("", "db"), ("ä-b", "b"), ("X" * 90, "x" * 40)])
def test_a_database_name_needs_no_quotes(project, name):
    assert database_name(project) == name


@pytest.mark.slow
def test_folders_that_opskit_did_not_make_keep_their_mode(root):
    root.chmod(0o750)
    prepare(root, "tests", free_port())
    assert stat.S_IMODE(root.stat().st_mode) == 0o750
