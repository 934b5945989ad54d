"""The command line as a stranger meets it: help, typos, wrong places, no terminal, JSON on every failure."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest
import typer.main

from opskit.cli.door import enter
from opskit.cli.house import COMMANDS, app, leaves, screen
from opskit.cli.session import FORMATS


@pytest.fixture
def platform(tmp_path, monkeypatch):
    (tmp_path / "app.py").write_text("from flask import Flask\napp = Flask(__name__)\nif __name__ == '__main__':\n    app.run(port=5000)\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


LEAVES = dict(leaves())


@pytest.mark.parametrize("words", LEAVES)
def test_every_option_has_its_twin_in_the_environment(words):
    for param in LEAVES[words].params:
        if param.param_type_name == "option":
            long = next(name for name in param.opts if name.startswith("--"))
            assert param.envvar == "OPSKIT_" + long[2:].replace("-", "_").upper() or (param.envvar.startswith("OPSKIT_") and param.show_envvar)


@pytest.mark.parametrize("words", LEAVES)
def test_every_command_shows_examples_of_itself_a_line_each(words, capsys):
    assert enter([*words.split(), "--help"]) == 0
    lines = capsys.readouterr().out.split("\n")
    at = lines.index("  Examples:")
    assert any(f"opskit {words}" in line for line in lines[at:]) and max(map(len, lines[:at])) <= 80


def test_a_twin_in_the_environment_is_obeyed(platform, capsys, monkeypatch):
    monkeypatch.setenv("OPSKIT_FORMAT", "json")
    assert enter(["history"]) == 0
    assert json.loads(capsys.readouterr().out)["command"] == "history"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command, capsys):
    assert enter([command, "--help"]) == 0
    out = capsys.readouterr().out
    assert "Usage: opskit" in out and (f"opskit {command}" in out.split("Usage:")[1].split("\n", 1)[1] or "Commands:" in out)


def test_the_help_is_one_screen_that_starts_with_what_to_do_first(capsys):
    assert enter(["--help"]) == 0
    lines = capsys.readouterr().out.rstrip("\n").split("\n")
    assert lines[2].startswith("Start here") and lines[3].split()[0] == "init" and lines[-3].startswith("Exit codes: 0")
    assert len(lines) <= 40 and max(map(len, lines)) <= 80


def test_the_help_names_every_command_and_every_option():
    words = set(re.findall(r"[a-z-]+", screen()))
    options = {name for param in typer.main.get_command(app).params for name in param.opts if name.startswith("--")}
    assert set(COMMANDS) | options <= words


def test_without_a_word_it_says_what_to_do_first(capsys):
    assert enter([]) == 2
    told = capsys.readouterr()
    assert "Start here" in told.out + told.err


def test_a_typo_is_answered_with_the_command_meant_in_the_form_of_every_failure(capsys):
    assert enter(["chekc"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("error[OPS-X003]: ") and "Did you mean 'check'?" in lines[0] and lines[1] == "  = help: opskit --help"


@pytest.mark.parametrize(("name", "value", "is_coloured"), [("FORCE_COLOR", "1", True), ("NO_COLOR", "1", False), ("", "", False)])
def test_a_failure_has_colour_where_it_is_wanted(capsys, monkeypatch, name, value, is_coloured):
    for other in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(other, raising=False)
    if name:
        monkeypatch.setenv(name, value)
    assert enter(["ports", "audit", "--nonsense"]) == 2
    err = capsys.readouterr().err
    assert ("\x1b[1;31m" in err) == is_coloured and "opskit ports audit --help" in err


@pytest.mark.parametrize("arguments", [["--root", "/nowhere/at/all", "check", "--json"], ["check", "nonsense", "--json"], ["check", "--json", "--nonsense"],
                                       ["check", "--json", "--output", "/nowhere/at/all"]])
def test_a_failure_is_valid_json_on_stdout_and_a_sentence_on_stderr(arguments, platform, capsys):
    assert enter(arguments) == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["error"]["message"] and "error[OPS-X" in told.err


def test_a_broken_manifest_is_told_with_file_and_line(platform, capsys):
    (platform / "opskit.toml").write_text("version = 1\n[services.a]\ncommand = \n")
    assert enter(["check"]) == 2
    assert "opskit.toml:3" in capsys.readouterr().err


@pytest.mark.parametrize(("text", "said"), [
    ("version = 9\n", "version = 9"), ("[services.a]\n", "needs `command"), ('[services.a]\ncommand = "x"\nport = "80"\n', "expected int"),
    ('[services.a]\ncommand = "x"\nprot = 80\n', "no setting `prot`"),
], ids=["newer version", "no command", "wrong type", "misspelt setting"])
def test_what_the_manifest_says_wrongly_is_named(platform, capsys, text, said):
    (platform / "opskit.toml").write_text(text)
    assert enter(["check"]) == 2
    assert said in capsys.readouterr().err


def test_without_a_terminal_a_change_wants_yes(platform, capsys, monkeypatch):
    with open(os.devnull) as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        assert enter(["init"]) == 2
    assert "--yes" in capsys.readouterr().err and not (platform / "opskit.toml").exists()


def test_history_and_undo_on_a_fresh_platform_say_so(platform, capsys):
    assert enter(["history"]) == 0 and enter(["undo"]) == 0
    told = capsys.readouterr()
    assert "no plans yet" in told.out and "nothing to undo" in told.err


@pytest.mark.parametrize("code", ["OPS-X004", "x004", "x4", "ops-X4"])
def test_explain_knows_a_code_by_its_short_name(capsys, code):
    assert enter(["explain", code]) == 0
    assert capsys.readouterr().out.startswith("OPS-X004: another opskit is at work")


@pytest.mark.parametrize("code", ["OPS-Z999", "ports", ""])
def test_explain_says_which_code_there_is_not(capsys, code):
    assert enter(["explain", code]) == 2
    assert "opskit explain lists them all" in capsys.readouterr().err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_leave_with_their_code(number, code, platform):
    hold = "import sys, time\nimport opskit.cli.history as h\nh.Journal.entries = lambda self: (print('in', flush=True), time.sleep(30))\n" \
           "from opskit.cli.door import enter\nsys.exit(enter(['history']))"
    process = subprocess.Popen([sys.executable, "-c", hold], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"in\n"
    started = time.monotonic()
    process.send_signal(number)
    assert process.wait(10) == code and time.monotonic() - started < 5


def test_a_crash_is_two_lines_and_a_private_log(platform, capsys, monkeypatch):
    import opskit.cli.history as history

    (platform / ".opskit").mkdir()
    token = "sk_" + "live_" + "a1B2c3D4e5F6g7H8i9"

    def fail(self):
        raise RuntimeError(token)

    monkeypatch.setattr(history.Journal, "entries", fail)
    assert enter(["history"]) == 2
    err = capsys.readouterr().err
    log = next((platform / ".opskit").glob("opskit-crash-*.log"))
    assert token not in err and token not in log.read_text() and len(err.splitlines()) == 2
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_full_disk_is_no_defect(platform, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device", str(platform / "x"))

    monkeypatch.setattr("opskit.cli.history.Journal", full)
    assert enter(["history", "--json"]) == 2
    told = capsys.readouterr()
    assert "x: No space left on device" in told.err and json.loads(told.out)["error"]["code"] == "OPS-X005"


@pytest.mark.parametrize("closed", ["stdout", "stderr"])
def test_a_closed_stream_changes_nothing(platform, monkeypatch, closed):
    monkeypatch.setattr(sys, closed, None)
    assert enter(["history"]) == 0


@pytest.mark.parametrize("text", ["ports = 3\n", "ports = []\n", "version = 9\n", "[ports]\na = 0\n", "[ports]\na = { port = 'x' }\n", "[ports]\na = 99999\n"])
def test_what_the_registry_says_wrongly_is_named(platform, capsys, text):
    (platform / "ports.toml").write_text(text)
    assert enter(["check"]) == 2
    assert "ports.toml" in capsys.readouterr().err


@pytest.mark.parametrize("format", FORMATS)
def test_a_code_page_that_lacks_a_letter_stops_nothing_and_machines_get_utf_8(platform, format):
    (platform / "漢\u202e.py").write_text('P = open("C:/Users/é/x.txt")\n', "utf-8")
    done = subprocess.run([sys.executable, "-m", "opskit", "check", "paths", "--format", format], capture_output=True, timeout=60,
                          env={**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"})
    assert done.returncode == 1 and not done.stderr.count(b"OPS-X000")
    assert done.stdout.decode("cp1252" if format == "text" else "utf-8").count("OPS-W001")


@pytest.mark.parametrize(("name", "value"), [("OPSKIT_JSON", "banana"), ("OPSKIT_FORMAT", "xml"), ("OPSKIT_BASELINE", "maybe")])
def test_a_bad_value_of_the_environment_is_told_as_the_environment_s(platform, capsys, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert enter(["check", "ports"]) == 2
    assert name in capsys.readouterr().err


def test_a_misspelt_room_is_guessed(platform, capsys):
    assert enter(["check", "prots"]) == 2
    assert "did you mean `ports`?" in capsys.readouterr().err


def test_an_empty_folder_is_no_blank_screen(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert enter(["check"]) == 0
    assert "no file here to look at" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["report.json", "opskit.sarif", "odd [x] #1.xml", "sub/report.md"])
def test_yesterday_s_report_is_not_judged(platform, capsys, name):
    (platform / "sub").mkdir()
    (platform / "a.py").write_text('P = open("C:/Users/me/x.txt")\n' * 3)
    for _ in range(2):
        enter(["check", "paths", "--json", "--output", name])
    assert {f["path"] for f in json.loads((platform / name).read_text())["findings"]} == {"a.py"}
