"""`opskit deps audit` and `fix` from the command line to the disk and back."""

import json
import subprocess
import sys

import pytest

APP = "import stripe\nfrom flask import Flask\n\nFlask(__name__).run(port=8010)\n"


@pytest.fixture
def opskit(tmp_path):
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "requirements.txt").write_bytes(b"# ours\r\nflask>=3\r\n")
    return lambda *words: subprocess.run([sys.executable, "-m", "opskit", "--root", str(tmp_path), *words], capture_output=True, text=True)


def test_audit_tells_machines_and_people_and_asks_for_the_fix(opskit):
    told = json.loads(opskit("deps", "audit", "--json").stdout)
    assert [(f["code"], f["path"], f["line"]) for f in told["findings"]] == [("OPS-K001", "app.py", 1)]
    assert {p["package"]: p["status"] for p in told["facts"]["packages"]} == {"stripe": "missing", "flask": "declared"}
    done = opskit("deps", "audit")
    assert done.returncode == 1 and "next: opskit deps fix" in done.stdout


def test_fix_then_undo_returns_every_byte(opskit, tmp_path):
    before = (tmp_path / "requirements.txt").read_bytes()
    assert opskit("deps", "fix", "--yes").returncode == 0
    assert (tmp_path / "requirements.txt").read_bytes() == before + b"stripe\r\n"
    assert opskit("deps", "audit").returncode == 0
    assert "nothing to do" in opskit("deps", "fix", "--yes").stdout
    opskit("undo", "--yes")
    assert (tmp_path / "requirements.txt").read_bytes() == before


def test_a_dry_run_writes_nothing_and_says_that_something_is_pending(opskit, tmp_path):
    done = opskit("deps", "fix", "--dry-run", "--diff")
    assert done.returncode == 1 and "+stripe" in done.stdout and not (tmp_path / ".opskit").exists()
