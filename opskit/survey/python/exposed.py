"""Calls that serve a folder with secrets in it to whoever asks: the repository's root, or one that holds `.env` or keys."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from opskit.survey.facts import Danger
from opskit.survey.python.folders import folder
from opskit.survey.python.index import Index
from opskit.survey.python.module import FUNCTIONS, Module, argument
from opskit.survey.python.names import OWN, class_names, name_of
from opskit.survey.python.processes import RUNS, words_of
from opskit.survey.python.values import Evaluation

SECRET = re.compile(r"(^|/)(\.env(\.(?!example|sample|template|dist)[^/]*)?|[^/]*\.(pem|key|p12|pfx)|id_(rsa|ed25519|ecdsa)|"
                    r"[^/]*(credentials?|service[-_]?account|client_secret)[^/]*\.json)$", re.IGNORECASE)
SIMPLE = "http.server.SimpleHTTPRequestHandler"
CALLS = {"flask.send_from_directory": 0, "quart.send_from_directory": 0, "bottle.static_file": 1, "starlette.staticfiles.StaticFiles": -1,
         "fastapi.staticfiles.StaticFiles": -1, "aiohttp.web.Application().router.add_static": 1, "aiohttp.web.static": 1}
SERVING = (b"static", b"Static", b"send_from_directory", b"http.server", b"SimpleHTTP")
WORDS = ("directory", "root", "path")


@dataclass(frozen=True, slots=True)
class Exposed:
    """Finds what one file serves where it runs in `cwd`."""

    cwd: str

    def __call__(self, index: Index, module: Module) -> tuple[Danger, ...]:
        return tuple(_exposed(index, module, self.cwd))


def _exposed(index: Index, module: Module, cwd: str) -> Iterator[Danger]:
    yield from _by_handler(index, module, cwd)
    evaluate, here = Evaluation(index, module), module.path.rpartition("/")[0] or "."
    for call in module.all(ast.Call):
        name = name_of(index, module, call.func)
        where: str | None = None
        if name in CALLS:
            base = here if name.startswith(("flask.", "quart.")) else cwd
            given = argument(call, CALLS[name], *WORDS) if CALLS[name] >= 0 else argument(call, 0, "directory")
            wanted = argument(call, 1, "path", "filename") if name.startswith(("flask.", "quart.")) else None
            rooted = isinstance(given, ast.Attribute) and given.attr == "root_path"
            where = None if isinstance(wanted, ast.Constant) else here if rooted else folder(evaluate, given, base)
        elif name in ("flask.Flask", "quart.Quart") and (static := argument(call, -1, "static_folder")) is not None:
            where = folder(evaluate, static, here)
        elif name in RUNS and call.args and {"http.server", "SimpleHTTPServer"} & set(words_of(index, module, call.args[0])):
            words = words_of(index, module, call.args[0])
            told = words[words.index("--directory") + 1] if "--directory" in words[:-1] else None
            where = folder(evaluate, argument(call, -1, "cwd"), cwd) if argument(call, -1, "cwd") is not None else told or cwd
        if where is not None and (why := secrets_in(index, where)):
            yield Danger("secrets-folder", module.place(call), f"serves {why}")


def _by_handler(index: Index, module: Module, cwd: str) -> Iterator[Danger]:
    """http.server's own file handler: the folder is its `directory`, else where the program stands."""
    if b"SimpleHTTPRequestHandler" not in module.source.data:
        return
    evaluate = Evaluation(index, module)
    given = [k.value for call in module.all(ast.Call) for k in call.keywords if k.arg == "directory"]
    moved = [c.args[0] for c in module.all(ast.Call) if name_of(index, module, c.func) == "os.chdir" and c.args]
    for use in _uses(index, module):
        place = given[0] if given else moved[0] if moved else None
        where = cwd if place is None else folder(evaluate, place, cwd)
        if where is not None and (why := secrets_in(index, where)):
            yield Danger("secrets-folder", module.place(place or use), f"serves {why}")
        return


def _uses(index: Index, module: Module) -> Iterator[ast.AST]:
    for call in module.all(ast.Call):
        for given in (*call.args, *(k.value for k in call.keywords)):
            inner = given.args[0] if isinstance(given, ast.Call) and given.args else given
            if isinstance(inner, ast.Name | ast.Attribute) and _files(index, module, inner):
                yield call


def _files(index: Index, module: Module, node: ast.AST) -> bool:
    """Whether the class answers GET with files: the handler itself, or one whose own `do_GET` falls back on it."""
    name = name_of(index, module, node)
    path, own, local = name.partition(OWN)
    if not own:
        return name == SIMPLE
    there = index.module(path)
    owner = there.classes.get(local)
    if owner is None or SIMPLE not in class_names(index, there, owner):
        return False
    own_get = next((f for f in owner.body if isinstance(f, FUNCTIONS) and f.name == "do_GET"), None)
    return own_get is None or any(isinstance(n, ast.Attribute) and n.attr in ("do_GET", "send_head") for n in ast.walk(own_get))


def secrets_in(index: Index, where: str) -> str:
    """What of the folder must not be served, as words; "" where nothing is in sight."""
    if where == ".":
        return "the repository's root, its history and environment files with it"
    prefix = f"{where}/"
    if index.tree.read(f"{prefix}.env") is not None:
        return f"{prefix} with its .env"
    held = next((p for p in index.tree.files if p.startswith(prefix) and SECRET.search(p)), "")
    return f"{prefix} with {held[len(prefix):]}" if held else ""
