"""The gate: known findings wait, new ones fail, and a gate without its baseline never passes."""

import json
import subprocess

import pytest

from opskit.cli.door import enter

SERVER = "from flask import Flask\napp = Flask(__name__)\nif __name__ == '__main__':\n    app.run(port={})\n"


@pytest.fixture
def platform(tmp_path, monkeypatch):
    for name in ("a", "b"):
        (tmp_path / f"{name}.py").write_text(SERVER.format(5050))
    git(tmp_path, "init", "-q")
    commit(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def git(root, *arguments):
    subprocess.run(["git", "-C", str(root), "-c", "user.name=t", "-c", "user.email=t@t", *arguments], check=True, capture_output=True)


def commit(root):
    git(root, "add", "-A")
    git(root, "commit", "-qm", "x")


def codes(capsys, *arguments):
    capsys.readouterr()
    code = enter(["check", "ports", "--json", *arguments])
    return code, [f["code"] for f in json.loads(capsys.readouterr().out)["findings"]]


def test_a_gate_without_its_baseline_fails(platform, capsys):
    assert enter(["check", "--baseline"]) == 2
    assert "--update-baseline" in capsys.readouterr().err


def test_what_is_known_waits_and_what_is_new_fails(platform, capsys):
    assert codes(capsys)[0] == 1
    assert enter(["check", "ports", "--update-baseline"]) == 0
    assert codes(capsys, "--baseline") == (0, [])
    (platform / "a.py").write_text("# moved down\n\n" + SERVER.format(5050))
    assert codes(capsys, "--baseline") == (0, [])
    (platform / "c.py").write_text(SERVER.format(5060))
    (platform / "d.py").write_text(SERVER.format(5060))
    code, found = codes(capsys, "--baseline")
    assert code == 1 and "OPS-P001" in found


def test_the_baseline_only_shrinks_and_a_stale_entry_is_told(platform, capsys):
    enter(["check", "ports", "--update-baseline"])
    known = len(json.loads((platform / "opskit-baseline.json").read_text())["findings"])
    (platform / "b.py").unlink()
    (platform / "c.py").write_text(SERVER.format(6666))
    capsys.readouterr()
    enter(["check", "ports", "--baseline"])
    assert "stale in the baseline: OPS-P001" in capsys.readouterr().out
    enter(["check", "ports", "--update-baseline"])
    assert len(json.loads((platform / "opskit-baseline.json").read_text())["findings"]) < known
    assert codes(capsys, "--baseline")[0] == 1


def test_changed_keeps_only_what_the_revision_s_successor_touches(platform, capsys):
    (platform / "c.py").write_text(SERVER.format(6666))
    assert "OPS-P001" not in codes(capsys, "--changed")[1] and codes(capsys, "--changed")[1]
    assert "OPS-P001" in codes(capsys)[1]
    assert enter(["check", "--changed", "no-such-revision"]) == 2


def test_an_ignore_with_a_reason_is_honoured_and_counted(platform, capsys):
    for name in ("a", "b"):
        text = SERVER.format("5050)  # opskit: ignore[OPS-P001] one at a time").replace("time)", "time")
        (platform / f"{name}.py").write_text(text)
    capsys.readouterr()
    enter(["check", "ports", "--json"])
    report = json.loads(capsys.readouterr().out)
    assert "OPS-P001" not in [f["code"] for f in report["findings"]] and report["summary"]["ignored"] >= 1


def test_an_ignore_without_a_reason_counts_for_nothing(platform, capsys):
    for name in ("a", "b"):
        (platform / f"{name}.py").write_text(SERVER.format("5050)  # opskit: ignore[OPS-P001]").replace("])", "]"))
    assert "OPS-P001" in codes(capsys)[1]
