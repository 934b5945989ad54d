"""What the shell offers after TAB, asked through the machinery that Typer installs."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from opskit.cli.catalogue import catalogue
from opskit.cli.door import enter
from opskit.cli.house import COMMANDS
from opskit.cli.pipeline import MENDING, ROOMS
from opskit.cli.session import FORMATS

MANIFEST = "version = 1\n[services.api]\ncommand = 'python api.py'\n[services.auth]\ncommand = 'python auth.py'\n[services.web]\ncommand = 'node web.js'\n"
PROGRAM = "import sys; from opskit.__main__ import main; sys.exit(main())"


@pytest.fixture
def platform(tmp_path):
    (tmp_path / "opskit.toml").write_text(MANIFEST)
    (tmp_path / ".opskit" / "logs").mkdir(parents=True)
    (tmp_path / ".opskit" / "logs" / "auth.log").write_text("")
    return tmp_path


@pytest.fixture
def offered(platform, monkeypatch, capsys):
    """The words behind the last one of `line`, and what stands on stderr."""

    def ask(line, shell="bash"):
        asked = {"_OPSKIT_COMPLETE": f"complete_{shell}", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1),
                 "_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
        for name, value in asked.items():
            monkeypatch.setenv(name, value)
        assert enter([]) == 0
        told = capsys.readouterr()
        return told.out.split("\n")[:-1] if told.out.strip() else [], told.err

    monkeypatch.chdir(platform)
    return ask


@pytest.mark.parametrize(("line", "words"), [
    ("opskit ", list(COMMANDS)), ("opskit de", ["deps"]), ("opskit ports ", ["audit", "fix", "assign", "who"]),
    ("opskit check ", list(ROOMS)), ("opskit check p", [r for r in ROOMS if r.startswith("p")]), ("opskit fix ", list(MENDING)),
    ("opskit explain ", list(catalogue())), ("opskit explain ops-x01", [c.lower() for c in catalogue() if c.startswith("OPS-X01")]), ("opskit explain X004", ["X004"]),
    ("opskit up ", ["api", "auth", "web"]), ("opskit up api a", ["api", "auth"]), ("opskit restart w", ["web"]),
    ("opskit ports assign a", ["api", "auth"]), ("opskit logs ", ["auth"]), ("opskit check --format ", list(FORMATS)),
    ("opskit check --upd", ["--update-baseline"]), ("opskit up zz", []),
], ids=lambda value: value if isinstance(value, str) else "")
def test_the_shell_is_offered(offered, line, words):
    assert offered(line) == (words, "")


@pytest.mark.parametrize("text", ["version = 9\n[services.api]\n", "[services.api\n", "\xff", "services = 3\n", None],
                         ids=["newer", "no TOML", "no UTF-8", "no table", "absent"])
@pytest.mark.parametrize("line", ["opskit up ", "opskit logs ", "opskit check "])
def test_a_broken_manifest_is_silence(platform, offered, text, line):
    shutil.rmtree(platform / ".opskit")
    (platform / "opskit.toml").unlink() if text is None else (platform / "opskit.toml").write_text(text, "latin-1")
    words, told = offered(line)
    assert told == "" and set(words) <= {"api", *ROOMS}


def test_a_root_that_is_given_is_the_one_that_is_read(platform, offered, tmp_path_factory, monkeypatch):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert offered(f"opskit --root {platform} up a") == (["api", "auth"], "")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_are_offered_the_same(offered, shell):
    words, told = offered("opskit up a", shell)
    assert told == "" and re.findall("api|auth|web", " ".join(words)) == ["api", "auth"]


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not on PATH")
def test_bash_itself_completes_with_the_script_that_is_installed(platform):
    (platform / "opskit").write_text(f'#!/bin/sh\nexec {sys.executable} -c "{PROGRAM}" "$@"\n'.replace("import sys;", "import sys; sys.argv[0] = 'opskit';"))
    (platform / "opskit").chmod(0o755)
    ask = 'eval "$(_OPSKIT_COMPLETE=source_bash opskit)"; COMP_WORDS=(opskit up a) COMP_CWORD=2; _opskit_completion opskit; printf "%s\\n" "${COMPREPLY[@]}"'
    environ = {**os.environ, "PATH": f"{platform}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "--norc", "-c", ask], cwd=platform, env=environ, capture_output=True, text=True)
    assert done.stdout.split() == ["api", "auth"], done.stderr
