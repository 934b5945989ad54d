"""The completion table, the status file and the log of blockers."""

import json
import os
import sys
import time

import psutil
import pytest

from opskit.cli.door import enter

SERVER = """import os
import stripe
from flask import Flask
app = Flask(__name__)
stripe.api_key = os.environ["STRIPE_SECRET_KEY"]
# TODO: tidy this up
# TODO: e-mail when a payment fails
if __name__ == '__main__':
    app.run(port={})
"""


@pytest.fixture
def platform(tmp_path, monkeypatch):
    for name in ("a", "b"):
        (tmp_path / f"{name}.py").write_text(SERVER.format(5050) + f"# only {name}\ndef {name}(): pass\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


def rows(capsys, *arguments):
    capsys.readouterr()
    code = enter(["doctor", "--json", *arguments])
    facts = json.loads(capsys.readouterr().out)["facts"]
    return code, {row["name"]: row for row in facts["rows"]}, facts["todos"]


def test_each_row_says_what_was_seen_and_what_to_run(platform, capsys):
    code, found, _ = rows(capsys)
    assert code == 1
    assert found["no port conflicts"]["state"] == "does not hold" and "opskit ports fix" in found["no port conflicts"]["help"]
    assert found["dependencies whole"]["state"] == "does not hold"
    assert found["no hard-coded paths"]["state"] == "holds" and found["tests pass"]["state"] == "not looked at yet"


def test_a_row_turns_when_its_cause_is_mended(platform, capsys):
    assert enter(["fix", "ports", "--yes"]) == 0
    assert rows(capsys)[1]["no port conflicts"]["state"] == "holds"


def test_what_stands_on_the_way_of_money_comes_first(platform, capsys):
    todos = rows(capsys)[2]
    assert todos[0]["money"] and "payment" in todos[0]["text"] and not todos[-1]["money"]


def test_the_status_file_is_for_machines(platform, capsys):
    enter(["doctor", "--status", "status.json"])
    status = json.loads((platform / "status.json").read_text())
    assert status["ready_for_merge"] is False and len(status["rows"]) == 9


def test_the_log_keeps_one_section_and_what_others_wrote(platform, capsys):
    (platform / "log.md").write_text("# Log\nby hand")
    for _ in range(2):
        enter(["doctor", "--append", "log.md"])
    text = (platform / "log.md").read_text()
    assert text.startswith("# Log\nby hand\n") and text.count("## Blockers, ") == 1
    assert "STRIPE_SECRET_KEY" in text and "https://dashboard.stripe.com" in text and "https://neon.tech" in text


def test_a_log_that_cannot_be_written_is_an_error(platform, capsys):
    assert enter(["doctor", "--append", "/nowhere/at/all.md"]) == 2


def with_tests(platform, command):
    (platform / "opskit.toml").write_text(f"version = 1\n[project]\ntests = {json.dumps(command)}\n")


def test_the_platform_s_tests_run_only_on_request(platform, capsys):
    with_tests(platform, "python -c \"open('ran', 'w')\"")
    row = rows(capsys)[1]["tests pass"]
    assert row["state"] == "not looked at yet" and row["help"] == "opskit doctor --tests" and not (platform / "ran").exists()


def test_without_yes_a_command_that_never_ran_here_is_not_run(platform, capsys, monkeypatch):
    with_tests(platform, "python -c \"open('ran', 'w')\"")
    with open(os.devnull) as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        assert enter(["doctor", "--tests"]) == 2
    assert "--yes" in capsys.readouterr().err and not (platform / "ran").exists()


@pytest.mark.parametrize(("script", "state", "said"), [
    ("print('3 passed')", "holds", "3 passed"), ("import sys; print('2 failed'); sys.exit(1)", "does not hold", "ended with 1"),
    ("import os; print(os.environ['STRIPE_SECRET_KEY'])", "holds", "[secret]"), ("import time; time.sleep(60)", "does not hold", "did not end within 1 s"),
], ids=["pass", "fail", "get .env, masked when told", "hang"])
def test_what_the_platform_s_tests_say(platform, capsys, script, state, said):
    (platform / "try.py").write_text(script)
    (platform / ".env").write_text("STRIPE_SECRET_KEY=" + "sk_" + "test_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7\n")
    with_tests(platform, "python try.py")
    row = rows(capsys, "--tests", "--yes", "--limit", "1" if "sleep" in script else "60")[1]["tests pass"]
    assert row["state"] == state and said in row["message"], row


def test_nothing_of_a_test_run_is_left_behind(platform, capsys):
    sleeper = "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'])"
    (platform / "try.py").write_text(f"import subprocess, sys\nprint('left', {sleeper}.pid)\n")
    with_tests(platform, "python try.py")
    pid = int(rows(capsys, "--tests", "--yes")[1]["tests pass"]["message"].split("left ")[1])
    until = time.monotonic() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_rest_of_the_log_stays_byte_for_byte_with_the_log_s_line_ends(platform, end):
    before, after = f"# Log{end}{end}by hand{end}".encode(), f"caf\xe9{end}".encode("latin-1")
    (platform / "log.md").write_bytes(before)
    enter(["doctor", "--append", "log.md"])
    with open(platform / "log.md", "ab") as file:
        file.write(after)
    enter(["doctor", "--append", "log.md"])
    data = (platform / "log.md").read_bytes()
    assert data.startswith(before) and data.endswith(after) and data.count(b"## Blockers, ") == 1
    assert (data.count(b"\r\n") == data.count(b"\n")) == (end == "\r\n")


def test_a_section_that_lost_its_end_takes_nothing_else_with_it(platform):
    enter(["doctor", "--append", "log.md"])
    text = (platform / "log.md").read_text().replace("<!-- opskit: end of blockers -->", "by hand")
    (platform / "log.md").write_text(text)
    for _ in range(2):
        enter(["doctor", "--append", "log.md"])
    assert (platform / "log.md").read_text().startswith(text) and (platform / "log.md").read_text().count("## Blockers, ") == 2


@pytest.mark.parametrize("option", ["--append", "--status", "--output"])
def test_a_link_stays_a_link_and_its_file_keeps_its_mode(platform, option):
    (platform / "real").touch(0o600)
    (platform / "link").symlink_to("real")
    enter(["doctor", option, "link"])
    assert (platform / "link").is_symlink() and (platform / "real").stat().st_size and (platform / "real").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("option", "place"), [(o, p) for o in ("--append", "--status", "--output") for p in (".", "/dev/full", "no/such/folder/x", "wide.md")
                                               if (o, p) not in (("--status", "wide.md"), ("--output", "wide.md"))])
def test_a_place_that_cannot_be_written_is_named(platform, capsys, option, place):
    (platform / "wide.md").write_text("a log", "utf-16")
    assert enter(["doctor", option, place]) == 2
    told = capsys.readouterr().err
    assert "error[OPS-X012]" in told and place in told


def test_the_log_says_who_has_a_key(platform):
    (platform / "a.py").write_text(SERVER.format(5050) + "\nX = os.environ['ADMIN_PASSWORD']\nY = os.environ['DATABASE_URL']\n")
    enter(["doctor", "--append", "log.md"])
    text = (platform / "log.md").read_text()
    assert "the operator chooses it" in text and "opskit makes it: `opskit db init" in text and "Stripe has it: https://" in text
