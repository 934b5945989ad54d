"""Which Python file a command starts: servers that take `module:app`, `python x.py`, `python -m x`."""

import posixpath
import re
import sys
from dataclasses import replace

from opskit.core.tree import Tree
from opskit.survey.commandline import Simple
from opskit.survey.module_names import Meant, meant
from opskit.survey.runners import PYTHON, TOLD, Started, decided, port_of

ADDRESS = re.compile(r":?(?:\$\{[^}]*\}|\$\w+|\d+)$")
WORKERS = frozenset(("celery", "rq", "dramatiq", "huey_consumer"))


def python_started(tree: Tree, simple: Simple) -> list[Started]:
    """`uvicorn pkg.mod:app`, `gunicorn -b`, `flask run`, `python x.py`, `python -m uvicorn ...`, `manage.py runserver`."""
    if simple.program not in PYTHON:
        return _interpreted(tree, simple)
    default, variable, options = PYTHON[simple.program]
    if simple.program in WORKERS:
        task = _application(tree, simple, simple.option("-A", "--app"))
        return [Started(simple, "worker", simple.program, task.path, language="python", folder=task.folder, several=task.several)]
    plain = [w.value for w in simple.words[1:]]
    if simple.program in TOLD and not TOLD[simple.program] & set(plain):
        return []
    given, variable = decided(simple, options, variable)
    port, by, at = port_of(given)
    host = simple.option("--host", "--server.address", "-h") if simple.program != "gunicorn" else None
    bind = simple.option("-b", "--bind") if simple.program in ("gunicorn", "hypercorn") else None
    said = host.value if host else ADDRESS.sub("", bind.value) if bind else ""
    entry = _application(tree, simple, simple.option("--app", "-A") if simple.program == "flask" else None)
    number = port if port or by else default
    return [Started(simple, "server", simple.program, entry.path, number, by or variable, said, port is not None, at, "python",
                    entry.folder, entry.several)]


def _application(tree: Tree, simple: Simple, named: object = None) -> Meant:
    """The file behind `package.module:app`, from the command's folder or `--app-dir`, `--chdir`. Beyond that folder only
    what is spelled as an application is looked for: `--log-level error` names no module."""
    folder = simple.option("--app-dir", "--chdir", "--pythonpath")
    base = posixpath.normpath(posixpath.join(simple.cwd, folder.value)) if folder else simple.cwd
    words = [getattr(named, "value", "")] if named else [*[w.value for w in simple.words[1:]], simple.env.get("FLASK_APP", "")]
    for text in [*words, *(("app", "wsgi") if simple.program == "flask" else ())]:
        if (found := meant(tree, base, text, anywhere=False)).path:
            return found
    wider = (meant(tree, base, text) for text in words if named or ":" in text or text.endswith((".wsgi", ".asgi")))
    return next((found for found in wider if found.path or found.several), Meant())


def _interpreted(tree: Tree, simple: Simple) -> list[Started]:
    values = simple.values
    if "-m" in values[1:4]:
        index = values.index("-m") + 1
        if index >= len(values):
            return []
        if values[index] in PYTHON:
            return python_started(tree, replace(simple, words=simple.words[index:]))
        if values[index] == "http.server":
            port, by, at = port_of(simple.words[index + 1]) if len(values) > index + 1 else (None, "", None)
            return [Started(simple, "server", "http.server", "", port or 8000, by, "", port is not None, at, "python")]
        module = meant(tree, simple.cwd, values[index], run=True, anywhere=values[index].split(".")[0] not in sys.stdlib_module_names)
        started = replace(_given(simple, module.path), folder=module.folder, several=module.several)
        return [started] if module.path or module.several else []
    for index, word in enumerate(simple.words[1:], 1):
        if word.value.endswith(".py"):
            return [_file(tree, simple, index)]
        if not word.value.startswith("-"):
            break
    return []


def _file(tree: Tree, simple: Simple, index: int) -> Started:
    path = posixpath.normpath(posixpath.join(simple.cwd, simple.words[index].value))
    entry = path if path in tree.known else ""
    if "runserver" in simple.values[index:]:
        after = [w for w in simple.words[simple.values.index("runserver") + 1 :] if not w.value.startswith("-")]
        port, by, at = port_of(after[0] if after else None)
        host = after[0].value.rpartition(":")[0] if after else ""
        return Started(simple, "server", "django", entry, port if port or by else 8000, by, host, port is not None, at, "python")
    return _given(simple, entry)


def _given(simple: Simple, entry: str) -> Started:
    """A program of the platform with the port that its options, else the variable before it, say."""
    port, by, at = port_of(simple.option("--port", "-p"))
    assigned, set_by, where = port_of(simple.assigned.get("PORT"))
    if port is None and not by and assigned:
        return Started(simple, "", "python", entry, assigned, set_by or "PORT", "", True, where, "python")
    return Started(simple, "server" if port else "", "python", entry, port, by, "", port is not None, at, "python")
