"""From the command line an operator wrote to an argv: the platform's own Python, no shell unless it needs one."""

import os
import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from opskit.services.spec import Hook

PYTHONS = re.compile(r"(python|py|pypy)[0-9.]*(\.exe)?")
PYTHON_PROGRAMS = frozenset((
    "flask", "uvicorn", "gunicorn", "hypercorn", "daphne", "waitress-serve", "celery", "streamlit", "gradio", "fastapi",
    "pipenv", "poetry", "uv"))
NODE_PROGRAMS = frozenset((
    "node", "npm", "npx", "yarn", "pnpm", "next", "vite", "nodemon", "tsx", "ts-node", "nuxt", "astro", "http-server"))
SHELLS = frozenset(("sh", "bash", "zsh", "dash"))
ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")


@dataclass(frozen=True, slots=True)
class Resolved:
    """`own` are assignments that stood in front of the command; `shell` is True where it goes through `sh -c`."""

    argv: tuple[str, ...]
    own: tuple[tuple[str, str], ...] = ()
    shell: bool = False
    hook: Hook = ""


def resolve(text: str, root: Path, python: str = "", language: str = "other") -> Resolved:
    """A command as opskit.toml writes it. A word `python` becomes the interpreter of `interpreter`; operators, `$NAME` and
    backquotes make it a shell's. Raises ValueError on an open quote."""
    words = shlex.split(text)
    own = list[tuple[str, str]]()
    if needs_shell(text):
        return Resolved(("sh", "-c", text), shell=True, hook=_hook(words, language))
    while words and ASSIGNMENT.match(words[0]):
        name, _, value = words.pop(0).partition("=")
        own.append((name, value))
    hook = _hook(words, language)
    if words and PYTHONS.fullmatch(words[0]):
        words[0] = interpreter(root, python)
    return Resolved(tuple(words), tuple(own), hook=hook)


def needs_shell(text: str) -> bool:
    """Whether an operator, a `$NAME`, a backquote or a glob's star stands outside single quotes."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    if any(set(token) <= set("();<>|&") for token in lexer):
        return True
    unquoted = re.sub(r"'[^']*'|\\.", "", text)
    return bool(re.search(r"\$[A-Za-z_{(]|`", unquoted)) or bool(re.search(r"(^|\s)[^\s\"]*\*", unquoted))


def interpreter(root: Path, python: str) -> str:
    """A path that the entry names; else the platform's environment in .opskit/venv; else a bare name the entry gives; else ours."""
    if "/" in python or "\\" in python:
        return str((root / os.path.expanduser(python)).absolute())
    own = root / ".opskit" / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    return str(own) if own.exists() else python or sys.executable


def _hook(words: list[str], language: str) -> Hook:
    """The hook that holds this program, "" where none does: another language, or a Python told to ignore its environment."""
    program = os.path.basename(words[0]) if words else ""
    if PYTHONS.fullmatch(program) or program in PYTHON_PROGRAMS or (language == "python" and program in SHELLS):
        flags = [word for word in words[1:] if word.startswith("-") and not word.startswith("--")]
        return "" if any(set(flag[1:]) & set("EI") for flag in flags[:2] if len(flag) < 5) else "python"
    if program in NODE_PROGRAMS or language == "node":
        return "node"
    return "python" if language == "python" else ""
