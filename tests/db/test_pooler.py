"""A real pgbouncer in transaction mode before a real PostgreSQL: told as what it is, and migrations hold through it."""

import os
import shutil
import socket
import subprocess
import time

import pytest

from opskit.core.secret import Secret
from opskit.db.check import probe
from opskit.pg.connect import connect
from opskit.pg.doctor import read_url
from opskit.pg.migrate import migrate, number_files
from tests.loopback import free_port

BOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = pytest.mark.skipif(not BOUNCER, reason="pgbouncer is not installed")


@pytest.fixture
def pooled(url, tmp_path):
    address, _ = read_url(url.reveal())
    port, folder = free_port(), tmp_path
    password = url.reveal().split("://", 1)[1].split("@")[0].split(":", 1)[1]
    (folder / "users").write_text(f'"{address.user}" "{password}"\n')
    (folder / "ini").write_text(
        f"[databases]\n* = host=127.0.0.1 port={address.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = plain\nauth_file = {folder}/users\npool_mode = transaction\nignore_startup_parameters = extra_float_digits\n")
    command = [BOUNCER, str(folder / "ini")]
    if os.geteuid() == 0:
        for path in (folder, *folder.parents):
            if path.stat().st_uid == 0 and str(path).startswith("/tmp/"):
                path.chmod(0o755)
        command[1:1] = ["-u", "nobody"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield Secret(url.reveal().replace(f":{address.port}/", f":{port}/"))
    process.terminate()
    process.communicate(timeout=10)


def test_a_transaction_pooler_is_told_and_a_direct_connection_is_not(pooled, url):
    assert probe(pooled).ok and probe(pooled).pooled
    assert probe(url).ok and not probe(url).pooled


def test_migrations_hold_through_it(pooled):
    files = number_files({"0001_t.sql": b"CREATE TABLE t (id int);", "0002_u.sql": b"CREATE TABLE u (id int);"})
    for expected in (2, 0):
        with connect(pooled) as connection:
            assert len(migrate(connection, files)) == expected
