"""The gate: known findings wait, new ones fail, and a gate without its baseline never passes."""

import json
import subprocess

import pytest

from opskit.cli.door import enter
from opskit.cli.pipeline import IGNORE, REASON

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


def baseline(platform):
    return json.loads((platform / "opskit-baseline.json").read_text())["findings"]


def test_one_room_s_look_leaves_the_other_rooms_entries_alone(platform, capsys):
    enter(["check", "--update-baseline"])
    known = baseline(platform)
    assert {entry["code"][4] for entry in known.values()} > {"P"}
    assert enter(["check", "ports", "--update-baseline"]) == 0 and baseline(platform) == known
    capsys.readouterr()
    assert enter(["check", "ports", "--baseline"]) == 0 and "stale" not in capsys.readouterr().out


def test_what_the_update_leaves_out_is_told_and_json_is_whole(platform, capsys):
    enter(["check", "ports", "--update-baseline"])
    (platform / "c.py").write_text(SERVER.format(6666))
    capsys.readouterr()
    assert enter(["check", "ports", "--update-baseline", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["facts"]["baseline"][0]["left_out"] >= 1


def test_a_baseline_larger_than_any_file_of_the_platform_is_read(platform, capsys, monkeypatch):
    enter(["check", "ports", "--update-baseline"])
    monkeypatch.setattr("opskit.core.tree.Tree.__init__.__defaults__", ((), 150))
    assert (platform / "opskit-baseline.json").stat().st_size > 150 and codes(capsys, "--baseline") == (0, [])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 1, "findings": []}x', '{"version": 2, "findings": {}}', '{"version": 1, "findings": {"a": 1}}',
                                  '{"findings": {}}'])
def test_a_baseline_that_is_none_is_an_error_with_its_mend(platform, capsys, text):
    (platform / "opskit-baseline.json").write_text(text)
    assert enter(["check", "ports", "--baseline"]) == 2
    assert "opskit-baseline.json is not a baseline" in (told := capsys.readouterr().err) and "git checkout opskit-baseline.json" in told


def test_before_the_first_commit_everything_is_changed(tmp_path, monkeypatch, capsys):
    (tmp_path / "a.py").write_text(SERVER.format(6666))
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    monkeypatch.chdir(tmp_path)
    assert codes(capsys, "--changed") == codes(capsys) and codes(capsys)[1]


def test_what_the_other_branch_gained_since_is_not_this_branch_s(platform, capsys):
    folder = 'P = open("C:/Users/me/x.txt")\n'
    (platform / "p.py").write_text(folder)
    commit(platform)
    git(platform, "checkout", "-qb", "work")
    (platform / "c.py").write_text(folder)
    commit(platform)
    git(platform, "checkout", "-q", "-")
    (platform / "p.py").write_text("# theirs\n" + folder)
    commit(platform)
    git(platform, "branch", "theirs")
    git(platform, "checkout", "-q", "work")
    capsys.readouterr()
    enter(["check", "paths", "--json", "--changed", "theirs"])
    assert {f["path"] for f in json.loads(capsys.readouterr().out)["findings"]} == {"c.py"}


IGNORES = {
    "a.py": 'P = open("C:/Users/me/x.txt")  # {}', "a.js": 'require("fs").readFileSync("C:/Users/me/x.txt"); /* {} */',
    "b.js": 'require("fs").readFileSync("C:/Users/me/x.txt"); // {}', "a.bat": "cd C:\\Users\\me\\x & REM {}", "b.bat": "cd C:\\Users\\me\\x & :: {}",
    "a.sh": "cd /home/me/x # {}", "a.sql": "COPY x FROM 'C:/Users/me/x.csv'; /* {} */", "b.sql": "COPY x FROM 'C:/Users/me/x.csv'; -- {}",
    "a.ini": "[a]\np = C:/Users/me/x ; {}", "a.toml": 'p = "C:/Users/me/x" # {}',
}


@pytest.mark.parametrize("name", IGNORES)
@pytest.mark.parametrize(("said", "ignored"), [("opskit: ignore[{}] his own laptop", 1), ("opskit: ignore[{}]", 0)], ids=["reason", "none"])
def test_a_comment_of_any_language_ignores_and_its_end_is_no_reason(name, said, ignored, tmp_path, monkeypatch, capsys):
    (tmp_path / name).write_text(IGNORES[name].format(said.format("OPS-W001, ops-w002, OPS-W003")) + "\n")
    monkeypatch.chdir(tmp_path)
    enter(["check", "paths", "--json"])
    report = json.loads(capsys.readouterr().out)
    assert (report["summary"]["ignored"], len(report["findings"])) == (ignored, 1 - ignored)


@pytest.mark.parametrize(("line", "is_reason"), [("<!-- opskit: ignore[OPS-W003] his -->", True), ("<!-- opskit: ignore[OPS-W003] -->", False)])
def test_the_end_of_a_page_s_comment_is_no_reason(line, is_reason):
    assert bool(REASON.search(IGNORE.search(line)[2])) == is_reason


def test_an_ignore_without_a_reason_is_told(tmp_path, monkeypatch, capsys):
    (tmp_path / "a.py").write_text('P = open("C:/Users/me/x.txt")  # opskit: ignore[OPS-W001]\n')
    monkeypatch.chdir(tmp_path)
    enter(["check", "paths"])
    assert "an ignore without a reason counts for nothing: a.py:1" in capsys.readouterr().out
