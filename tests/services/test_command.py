"""From an operator's line to an argv."""

import sys

import pytest

from opskit.services.command import needs_shell, resolve

PLAIN = {
    "plain words": ("python app.py --port 5000", False),
    "quoted spaces": ("node 'my server.js'", False),
    "and": ("npm install && npm start", True),
    "pipe": ("python a.py | tee log", True),
    "background": ("flask run & celery worker", True),
    "no space before a semicolon": ("cd x; python a.py", True),
    "redirection": ("python a.py > out.txt", True),
    "a variable": ("gunicorn app:app -b :$PORT", True),
    "a dollar in single quotes": ("python -c 'print(\"$x\")'", False),
    "an operator in quotes": ("python -c 'a = 1; print(a > 0)'", False),
    "a glob": ("python run.py data/*.csv", True),
}


@pytest.mark.parametrize(("text", "shell"), PLAIN.values(), ids=PLAIN)
def test_a_shell_only_where_one_is_needed(tmp_path, text, shell):
    assert needs_shell(text) is shell
    resolved = resolve(text, tmp_path)
    assert resolved.shell is shell and (resolved.argv == ("sh", "-c", text)) is shell


def test_python_is_the_platform_s_own_where_it_has_one(tmp_path):
    assert resolve("python a.py", tmp_path).argv == (sys.executable, "a.py")
    assert resolve("python3.9 a.py", tmp_path, "python3.9").argv == ("python3.9", "a.py")
    own = tmp_path / ".opskit" / "venv" / "bin" / "python"
    own.parent.mkdir(parents=True)
    own.touch()
    assert resolve("python a.py", tmp_path, "python3.9").argv[0] == str(own)
    assert resolve("python a.py", tmp_path, "envs/old/bin/python").argv[0] == str(tmp_path / "envs/old/bin/python")


def test_assignments_in_front_become_environment(tmp_path):
    resolved = resolve("PORT=5001 DEBUG= python a.py", tmp_path)
    assert resolved.own == (("PORT", "5001"), ("DEBUG", "")) and resolved.argv[1:] == ("a.py",)


HOOKS = {
    "python": ("python a.py", "other", "python"), "a python program": ("uvicorn app:app", "other", "python"),
    "isolated python hears no hook": ("python -I a.py", "python", ""), "python without site": ("python -E a.py", "python", ""),
    "-m is not isolation": ("python -m api.INDEX", "python", "python"), "node": ("npm run dev", "other", "node"),
    "go": ("./server", "other", ""), "a script of a python service": ("./start", "python", "python"),
}


@pytest.mark.parametrize(("text", "language", "hook"), HOOKS.values(), ids=HOOKS)
def test_who_can_be_kept_on_loopback(tmp_path, text, language, hook):
    assert resolve(text, tmp_path, language=language).hook == hook
