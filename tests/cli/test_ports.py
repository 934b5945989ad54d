"""`opskit ports` from the outside: what is printed, written, counted and taken back."""

import json
import subprocess
import sys

import pytest

SHOP = "from flask import Flask\napp = Flask(__name__)\n\n\n@app.route('/{0}')\ndef answer():\n    return '{0}'\n\n\napp.run(port=5005)\n"
FILES = {"auth.py": SHOP.format("login"), "music.py": SHOP.format("songs"), "page.js": "fetch('http://localhost:5005/songs')\n"}


@pytest.fixture
def shop(tmp_path):
    for path, text in FILES.items():
        (tmp_path / path).write_text(text)
    for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "x"]):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    return tmp_path


def opskit(root, *arguments):
    done = subprocess.run([sys.executable, "-m", "opskit", "--root", str(root), *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_audit_lists_the_services_and_says_what_to_do(shop):
    done = opskit(shop, "ports", "audit")
    assert done.returncode == 1
    assert "error[OPS-P001]: port 5005 is claimed by auth and music" in done.stdout and "next: opskit ports fix" in done.stdout


def test_audit_as_json_holds_every_claim_and_mention(shop):
    report = json.loads(opskit(shop, "ports", "audit", "--json").stdout)
    assert {(f["path"], f["port"], f["role"], f["service"]) for f in report["facts"]["ports"]} == {
        ("auth.py", 5005, "bind", "auth"), ("music.py", 5005, "bind", "music"), ("page.js", 5005, "reference", "music")}


def test_fix_then_fix_again_then_undo(shop):
    first = opskit(shop, "ports", "fix", "--yes")
    assert first.returncode == 0 and "left after this: 0 clashes" in first.stderr
    assert "port=5006" in (shop / "auth.py").read_text() and "5005" in (shop / "page.js").read_text()
    assert "nothing to do" in opskit(shop, "ports", "fix", "--yes").stdout
    assert opskit(shop, "undo", "--yes").returncode == 0
    assert subprocess.run(["git", "-C", str(shop), "status", "--porcelain"], capture_output=True).stdout == b""


def test_a_dry_run_writes_nothing_and_says_that_there_is_something(shop):
    assert opskit(shop, "ports", "fix", "--dry-run", "--diff").returncode == 1
    assert {p: (shop / p).read_text() for p in FILES} == FILES


def test_without_a_terminal_it_wants_yes(shop):
    done = opskit(shop, "ports", "fix")
    assert done.returncode == 2 and "--yes" in done.stderr


def test_who_tells_that_nobody_holds_a_port(shop):
    done = opskit(shop, "ports", "who", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["facts"]["holders"] == []


def test_an_address_to_listen_on_that_no_service_binds_is_told_as_a_mention(shop):
    (shop / "go.sh").write_text("telemetryd --at 0.0.0.0:8123\n")
    assert opskit(shop, "ports", "audit").returncode == 1
    assert ("go.sh", "reference") in {(f["path"], f["role"]) for f in json.loads(opskit(shop, "ports", "audit", "--json").stdout)["facts"]["ports"]}
