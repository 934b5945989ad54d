"""`opskit env` from the command line to the disk and back, in a platform of real files under a real git."""

import io
import json
import os
import re
import stat
import subprocess

import pytest

from opskit.cli.door import enter
from opskit.core.vendors import TOKEN

APP = """\
import os
import secrets

from flask import Flask

app = Flask(__name__)
app.secret_key = os.getenv("JWT_SECRET_KEY", secrets.token_urlsafe(32))
STRIPE = os.environ["STRIPE_SECRET_KEY"]
REGION = os.getenv("SHOP_REGION", "eu")
DATABASE = os.environ["DATABASE_URL"]

if __name__ == "__main__":
    app.run(port=5000)
"""


@pytest.fixture
def root(tmp_path, monkeypatch):
    (tmp_path / "app.py").write_text(APP)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    monkeypatch.chdir(tmp_path)
    for name in ("STRIPE_SECRET_KEY", "DATABASE_URL", "JWT_SECRET_KEY", "SHOP_REGION"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def opskit(capsys, *words):
    """(exit code, stdout, stderr)."""
    code = enter([*words])
    told = capsys.readouterr()
    return code, told.out, told.err


def env(root):
    from dotenv import dotenv_values

    return {k: v for k, v in dotenv_values(root / ".env").items() if v}


def files(root):
    return {p.name: p.read_bytes() for p in root.iterdir() if p.is_file()}


def test_check_tells_what_is_missing_and_who_provides_it(root, capsys):
    code, out, _ = opskit(capsys, "env", "check", "--json")
    report = json.loads(out)
    assert code == 1 and {"OPS-E001", "OPS-E011", "OPS-E013", "OPS-E017"} <= {f["code"] for f in report["findings"]}
    facts = {v["name"]: v for v in report["facts"]["variables"]}
    assert (facts["SHOP_REGION"]["default"], facts["STRIPE_SECRET_KEY"]["provider"], facts["JWT_SECRET_KEY"]["required"]) == ("eu", "Stripe", True)


def test_check_exits_0_with_exit_zero_and_fits_80_columns_where_it_can(root, capsys):
    code, out, _ = opskit(capsys, "env", "check", "--exit-zero")
    assert code == 0 and "next: opskit fix env" in out
    assert all(len(line) <= 80 for line in out.splitlines() if not line.startswith(("error", "warning", "note", "   =")))


def test_example_writes_the_contract_once_and_undo_returns_every_byte(root, capsys):
    before = files(root)
    assert opskit(capsys, "env", "example", "--dry-run")[0] == 1 and files(root) == before
    assert opskit(capsys, "env", "example", "--yes")[0] == 0
    assert b"STRIPE_SECRET_KEY=\n" in (root / ".env.example").read_bytes()
    code, out, _ = opskit(capsys, "env", "example", "--dry-run")
    assert code == 0 and "names every variable" in out
    opskit(capsys, "undo", "--yes")
    assert files(root) == before


def test_init_writes_a_private_file_that_git_ignores_and_the_second_run_changes_nothing(root, capsys):
    code, out, _ = opskit(capsys, "env", "init", "--yes")
    secret = env(root)["JWT_SECRET_KEY"]
    assert code == 0 and set(env(root)) == {"JWT_SECRET_KEY", "SHOP_REGION"} and secret not in out
    assert "STRIPE_SECRET_KEY" in out and "https://dashboard.stripe.com/test/apikeys" in out and "opskit db init" in out
    assert os.name == "nt" or stat.S_IMODE((root / ".env").stat().st_mode) == 0o600
    assert subprocess.run(["git", "check-ignore", "-q", ".env"]).returncode == 0
    after = files(root)
    code, out, _ = opskit(capsys, "env", "init", "--yes")
    assert code == 0 and "nothing to do" in out and files(root) == after


def test_init_with_json_lists_what_a_person_must_provide(root, capsys):
    code, out, _ = opskit(capsys, "env", "init", "--yes", "--json")
    facts = json.loads(out)["facts"]
    assert code == 0 and facts["made"] == [{"name": "JWT_SECRET_KEY"}]
    assert {n["name"]: n["command"] for n in facts["needs"]} == {"DATABASE_URL": "opskit db init", "STRIPE_SECRET_KEY": "opskit env check"}


def test_undo_takes_init_back(root, capsys):
    before = files(root)
    opskit(capsys, "env", "init", "--yes")
    opskit(capsys, "undo", "--yes")
    assert files(root) == before


def test_neither_a_diff_nor_a_report_ever_shows_a_value(root, capsys):
    (root / ".env").write_text("SHORT=abc12\nMAIL_PASSWORD=hunter2\n")
    outputs = [opskit(capsys, *words) for words in (("env", "init", "--dry-run", "--diff"), ("env", "check"), ("env", "check", "--json"), ("env", "init", "--yes", "--diff"))]
    text = "".join(out + err for _, out, err in outputs)
    assert "abc12" not in text and "hunter2" not in text and env(root)["JWT_SECRET_KEY"] not in text


@pytest.mark.parametrize("words", [("env", "init", "--yes"), ("env", "generate", "JWT_SECRET_KEY", "--yes")])
def test_a_tracked_env_is_never_written_to(root, capsys, words):
    (root / ".env").write_text("A=1\n")
    subprocess.run(["git", "add", "-f", ".env"], check=True)
    code, _, err = opskit(capsys, *words)
    assert code == 2 and "git rm --cached .env" in err and (root / ".env").read_text() == "A=1\n"


@pytest.mark.skipif(os.name == "nt", reason="links want a privilege on Windows")
@pytest.mark.parametrize("words", [("env", "init", "--yes"), ("env", "generate", "JWT_SECRET_KEY", "--yes")])
def test_a_link_out_of_the_platform_is_never_written_through(root, capsys, words, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "env"
    outside.write_text("A=1\n")
    (root / ".env").symlink_to(outside)
    code, _, err = opskit(capsys, *words)
    assert code == 2 and "leads out" in err and outside.read_text() == "A=1\n"


def test_without_a_terminal_nothing_is_written_unasked(root, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    code, _, err = opskit(capsys, "env", "init")
    assert code == 2 and "--yes" in err and not (root / ".env").exists()


def test_generate_writes_and_shows_only_when_told(root, capsys):
    code, out, err = opskit(capsys, "env", "generate", "SESSION_SECRET")
    assert code == 0 and env(root)["SESSION_SECRET"] not in out + err
    code, out, _ = opskit(capsys, "env", "generate", "OTHER_SECRET", "--reveal")
    assert code == 0 and len(out.strip()) >= 43 and "OTHER_SECRET" not in env(root)
    code, out, _ = opskit(capsys, "env", "generate", "THIRD_SECRET", "--reveal", "--write", "--bytes", "64")
    assert code == 0 and out.strip().splitlines()[-1] == env(root)["THIRD_SECRET"] and len(env(root)["THIRD_SECRET"]) >= 85


def test_generate_replaces_a_value_only_when_told(root, capsys):
    (root / ".env").write_text("SESSION_SECRET=mine-and-only-mine\nA=1\n")
    code, _, err = opskit(capsys, "env", "generate", "SESSION_SECRET", "--yes")
    assert code == 2 and "--replace" in err and env(root)["SESSION_SECRET"] == "mine-and-only-mine"
    assert opskit(capsys, "env", "generate", "SESSION_SECRET", "--replace", "--yes")[0] == 0
    assert env(root)["SESSION_SECRET"] != "mine-and-only-mine" and env(root)["A"] == "1"


@pytest.mark.parametrize(("words", "said"), [
    (("STRIPE_SECRET_KEY",), "only Stripe can make"), (("not-a-name",), "no name"), (("A B",), "no name"), (("X_SECRET", "--bytes", "8"), "--bytes 8"),
])
def test_generate_refuses_with_a_sentence(root, capsys, words, said):
    code, _, err = opskit(capsys, "env", "generate", *words)
    assert code == 2 and said in err and not (root / ".env").exists()


def test_fix_env_mends_the_contract_and_the_ignore_lines(root, capsys):
    code, _, _ = opskit(capsys, "fix", "env", "--yes")
    assert code == 0 and (root / ".env.example").exists() and b".env.*\n" in (root / ".gitignore").read_bytes()
    _, out, _ = opskit(capsys, "env", "check", "--json")
    assert not [f for f in json.loads(out)["findings"] if f["fix"] == "safe"]


def test_a_token_in_the_tree_is_told_with_where_to_rotate_it_and_never_shown(root, capsys):
    token = "sk_" + "live_" + "9fQ2kXw7Tz4LmB8vR1hN6sYc3"
    (root / "pay.html").write_text(f"<script>\nconst key = '{token}';\n</script>\n")
    _, out, err = opskit(capsys, "env", "check")
    assert "pay.html:2:14" in out and "rotate it at https://dashboard.stripe.com" in out and not re.search(TOKEN, out + err)


def test_an_ignored_finding_is_counted(root, capsys):
    (root / "app.py").write_text('import os\nx = os.environ["SHOP_REGION"]  # opskit: ignore[OPS-E001] set by the host\n')
    _, out, _ = opskit(capsys, "env", "check", "--json")
    report = json.loads(out)
    assert report["summary"]["ignored"] == 1 and "OPS-E001" not in {f["code"] for f in report["findings"]}


@pytest.mark.parametrize("data", [b"JWT_SECRET_KEY=\xff\xfe\n", b"\x00\x01=\n", "\ufeffA=1\r\nB".encode(), b"'" * 50, b"A='x\n" * 40],
                         ids=["not utf-8", "binary", "a mark and no end", "quotes", "none of them closed"])
def test_no_file_makes_the_check_fail_or_python_dotenv_speak(root, capsys, data):
    (root / ".env").write_bytes(data)
    code, out, err = opskit(capsys, "env", "check", "--json")
    assert code == 1 and json.loads(out)["error"] is None and "python-dotenv" not in err


def test_a_folder_by_the_name_of_env_is_told(root, capsys):
    (root / ".env").mkdir()
    assert opskit(capsys, "env", "check", "--json")[0] == 1
    assert opskit(capsys, "env", "init", "--yes")[0] == 2 and (root / ".env").is_dir()
