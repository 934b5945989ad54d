"""`opskit init` on a platform that never saw opskit, and again."""

import json
import tomllib

import pytest

from opskit.cli.door import enter

FLASK = "from flask import Flask\napp = Flask(__name__)\n@app.route('/{0}')\ndef {0}(): return ''\nif __name__ == '__main__':\n    app.run(port={1})\n"
SHELL = """import subprocess
from flask import Flask, request
app = Flask(__name__)
@app.route('/run', methods=['POST'])
def run():
    return subprocess.run(request.json['command'], shell=True, capture_output=True).stdout
if __name__ == '__main__':
    app.run(port=5003)
"""


@pytest.fixture
def platform(tmp_path, monkeypatch):
    (tmp_path / "orders.py").write_text(FLASK.format("orders", 5001))
    (tmp_path / "billing.py").write_text(FLASK.format("billing", 5002))
    (tmp_path / "console.py").write_text(SHELL)
    (tmp_path / "schema.sql").write_text("CREATE TABLE t (id int);\n")
    (tmp_path / "netlify.toml").write_text('[build]\n  publish = "."\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(root):
    return {p.name: p.read_bytes() for p in root.iterdir() if p.is_file()}


def test_it_proposes_services_ports_and_the_contract(platform, capsys):
    assert enter(["init", "--yes"]) == 0
    manifest = tomllib.loads((platform / "opskit.toml").read_text())
    assert manifest["services"]["orders"]["command"] == "python orders.py"
    assert manifest["database"] == {"kind": "embedded", "schema": ["schema.sql"]}
    ports = tomllib.loads((platform / "ports.toml").read_text())["ports"]
    assert {name: entry["port"] for name, entry in ports.items()} == {"orders": 5001, "billing": 5002, "console": 5003}
    assert (platform / ".gitignore").exists() and "undo: opskit undo" in capsys.readouterr().out


def test_a_dangerous_service_is_disabled_with_its_line(platform):
    enter(["init", "--yes"])
    entry = tomllib.loads((platform / "opskit.toml").read_text())["services"]["console"]
    assert entry["enabled"] is False and entry["reason"].startswith("console.py:6 hands request text to a shell")


def test_a_publish_folder_that_serves_everything_is_told(platform, capsys):
    enter(["init", "--yes", "--json"])
    assert "OPS-V020" in [f["code"] for f in json.loads(capsys.readouterr().out)["findings"]]


def test_a_second_run_changes_nothing(platform, capsys):
    enter(["init", "--yes"])
    before = files(platform)
    assert enter(["init", "--yes"]) == 0
    assert files(platform) == before and "nothing to do" in capsys.readouterr().out


def test_hand_edits_win_and_what_is_new_is_added_below(platform):
    enter(["init", "--yes"])
    edited = (platform / "opskit.toml").read_text().replace("[services.orders]", "# mine\n[services.orders]\nenabled = false")
    (platform / "opskit.toml").write_text(edited)
    (platform / "stock.py").write_text(FLASK.format("stock", 5004))
    assert enter(["init", "--yes"]) == 0
    text = (platform / "opskit.toml").read_text()
    assert text.startswith(edited) and tomllib.loads(text)["services"]["orders"]["enabled"] is False and "[services.stock]" in text
    assert tomllib.loads((platform / "ports.toml").read_text())["ports"]["stock"]["port"] == 5004


def test_what_has_vanished_is_named_and_kept(platform, capsys):
    enter(["init", "--yes"])
    (platform / "orders.py").unlink()
    enter(["init", "--yes"])
    assert "[services.orders] names no file" in capsys.readouterr().out and "[services.orders]" in (platform / "opskit.toml").read_text()


def test_undo_to_start_returns_the_platform(platform):
    before = files(platform)
    enter(["init", "--yes"])
    assert files(platform) != before
    assert enter(["undo", "--to-start", "--yes"]) == 0
    assert files(platform) == before


def test_a_dry_run_writes_nothing_and_exits_1(platform):
    before = files(platform)
    assert enter(["init", "--dry-run"]) == 1
    assert files(platform) == before and not (platform / ".opskit").exists()


def test_the_gate_is_written_on_request_and_never_over_a_file(platform, capsys):
    (platform / ".pre-commit-config.yaml").write_text("repos: []\n")
    enter(["init", "--ci", "--yes"])
    assert "next: opskit check --update-baseline" in capsys.readouterr().out
    assert "opskit check --baseline" in (platform / ".github/workflows/opskit.yml").read_text()
    assert (platform / ".pre-commit-config.yaml").read_text() == "repos: []\n"


def test_an_empty_folder_is_no_error(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert enter(["init", "--yes"]) == 0
    assert "no service found" in capsys.readouterr().out
