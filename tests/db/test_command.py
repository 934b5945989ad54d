"""`opskit db ...` as a person runs it: real processes, a real server, nothing left half-done."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest

from opskit.pg.embedded import home_of

SCHEMA = "CREATE TABLE users (\n    id SERIAL PRIMARY KEY,\n    email TEXT,\n    INDEX idx_email (email)\n);\nINSERT INTO users (email) VALUES ('a@b.c');\n"
APP = "import os\nfrom flask import Flask\n\napp = Flask(__name__)\nURL = os.environ['DATABASE_URL']\napp.run(port=5000)\n"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "schema.sql").write_text(SCHEMA)
    (tmp_path / "app.py").write_text(APP)
    yield tmp_path
    shutil.rmtree(home_of(tmp_path, tmp_path.name), ignore_errors=True)


def environment():
    return {k: v for k, v in os.environ.items() if k != "DATABASE_URL" and not k.startswith(("PG", "OPSKIT_"))}


def opskit(root, *words):
    return subprocess.run([sys.executable, "-m", "opskit", "--root", str(root), "db", *words], capture_output=True, text=True, env=environment(), stdin=subprocess.DEVNULL)


def left_over(root):
    home = str(home_of(root, root.name))
    return [p.pid for p in psutil.process_iter(["cmdline"]) if home in " ".join(p.info["cmdline"] or ())]


def test_init_check_and_url_end_to_end(root):
    stopped = opskit(root, "init", "--yes")
    assert stopped.returncode == 1 and "schema.sql:4:5" in stopped.stderr and "--fix" in stopped.stderr
    assert not (root / ".env").exists()
    made = opskit(root, "init", "--fix", "--yes")
    assert made.returncode == 0 and "1 rows" in made.stdout
    assert (root / ".env").stat().st_mode & 0o777 == 0o600
    again = opskit(root, "init", "--fix", "--yes", "--json")
    assert json.loads(again.stdout)["facts"]["schemas"][0]["state"] == "same"
    checked = json.loads(opskit(root, "check", "--json").stdout)
    assert checked["facts"]["databases"][0] | {"ok": True, "tables": 1, "services": ["app"]} == checked["facts"]["databases"][0]
    secret = (root / ".env").read_text().split("postgres:")[1].split("@")[0]
    masked, shown = opskit(root, "url"), opskit(root, "url", "--reveal")
    assert secret not in masked.stdout and secret in shown.stdout
    assert all(secret not in done.stdout + done.stderr for done in (made, again, masked)) and not left_over(root)


def test_a_dry_run_touches_nothing(root):
    before = sorted(p.name for p in root.iterdir())
    done = opskit(root, "init", "--fix", "--dry-run")
    assert done.returncode == 1 and "CREATE INDEX" not in (root / "schema.sql").read_text()
    assert sorted(p.name for p in root.iterdir() if p.name != ".opskit") == before


def test_without_a_terminal_it_wants_yes(root):
    done = opskit(root, "init", "--fix")
    assert done.returncode == 2 and "--yes" in done.stderr and not (root / ".env").exists()


def test_a_refused_connection_is_exit_3_with_cause_and_mend(root):
    (root / ".env").write_text("DATABASE_URL=postgresql://app:s3cretly@127.0.0.1:1/app\n")
    done = opskit(root, "check")
    assert done.returncode == 3 and "nothing listens at 127.0.0.1:1" in done.stdout and "s3cretly" not in done.stdout + done.stderr


@pytest.mark.parametrize("words", [[], ["--env", "prod"], ["--env", "prod", "--confirm", "other"]])
def test_a_database_elsewhere_wants_to_be_named_twice(root, words):
    (root / ".env").write_text("DATABASE_URL=postgresql://app:s3cretly@db.invalid/shop\n")
    (root / ".env.prod").write_text("DATABASE_URL=postgresql://app:s3cretly@db.invalid/shop\n")
    done = opskit(root, "init", "--fix", "--yes", *words)
    assert done.returncode == 2 and "--confirm shop" in done.stderr
    named = opskit(root, "init", "--fix", "--yes", "--env", "prod", "--confirm", "shop")
    assert named.returncode == 3 and "cannot be resolved" in named.stderr


@pytest.mark.parametrize("how, after", [(signal.SIGKILL, 0.4), (signal.SIGKILL, 1.2), (signal.SIGKILL, 2.2), (signal.SIGINT, 1.5)],
                         ids=["at its start", "in initdb", "later", "^C"])
@pytest.mark.slow
def test_cut_short_it_leaves_nothing_running_and_the_next_run_completes(root, how, after):
    child = subprocess.Popen([sys.executable, "-m", "opskit", "--root", str(root), "db", "init", "--fix", "--yes"], env=environment(),
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(after)
    child.send_signal(how)
    child.wait(60)
    end = time.monotonic() + 30
    while left_over(root) and time.monotonic() < end:
        time.sleep(0.1)
    assert not left_over(root)
    assert opskit(root, "init", "--fix", "--yes").returncode == 0
    databases = json.loads(opskit(root, "check", "--json").stdout)["facts"]["databases"]
    assert [(d["ok"], d["tables"]) for d in databases] == [(True, 1)]
