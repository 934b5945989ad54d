"""Command lines that a program runs, one for each case of the lists, loops and calls around the line that runs it."""

import ast
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from opskit.core.place import Place
from opskit.survey.python.cases import Cases, Names
from opskit.survey.python.cells import ROOT, UNKNOWN, Cell, Text
from opskit.survey.python.handing import called
from opskit.survey.python.index import Index
from opskit.survey.python.module import Module, argument
from opskit.survey.python.names import name_of
from opskit.survey.python.processes import RUNS, SHELL_TEXT

PLAIN = re.compile(r"[^\s'\"&|;<>]+\Z")
LAST_WORDS = frozenset(name.rpartition(".")[2] for name in (*RUNS, *SHELL_TEXT))
SPREAD = ("create_subprocess_exec", "execl", "execlp", "execle")


@dataclass(frozen=True, slots=True)
class Launch:
    """`line` as a shell would take it, `folder` where it runs ("" where the program does not say), `spots` the literals in it."""

    line: str
    folder: str
    place: Place
    spots: tuple[tuple[str, Place], ...]


def launches(index: Index, module: Module) -> Iterator[Launch]:
    """Those of one file, in its order; the same line of the same literals once."""
    cases, seen = Cases(index), set[tuple[str, str, tuple[tuple[str, Place], ...]]]()
    for call in module.all(ast.Call):
        name = name_of(index, module, call.func) if called(call.func) in LAST_WORDS or called(call.func) in module.imports else ""
        if name not in RUNS and name not in SHELL_TEXT:
            continue
        for names in cases.around(module, call):
            for launch in _launched(cases, module, call, name, names):
                if (key := (launch.line, launch.folder, launch.spots)) not in seen:
                    seen.add(key)
                    yield launch


def _launched(cases: Cases, module: Module, call: ast.Call, name: str, names: Names) -> Iterator[Launch]:
    words = _command(cases, module, call, name, names)
    if not words:
        return
    at = argument(call, -1, "cwd")
    said = cases.cells.text(Cell(module, at, names)) if at is not None else _moved_to(cases, module, call, names)
    line = " ".join((*_environment(cases, module, call, names), *(_plain(w.text) if len(words) > 1 else w.text for w in words)))
    yield Launch(_rooted(line), posixpath.normpath(_rooted(said.text)) if said and said.text else "", module.place(call),
                 tuple(spot for word in words for spot in word.spots))


def _command(cases: Cases, module: Module, call: ast.Call, name: str, names: Names) -> list[Text]:
    last = name.rpartition(".")[2]
    if last in SPREAD:
        nodes = call.args[1:] if last.startswith("exec") else call.args
        return [word for node in nodes for word in _words(cases, Cell(module, node, names))]
    position = 2 if last.startswith("spawn") else 1 if last in ("execv", "execvp") else 0
    node = argument(call, position, "args", "cmd", "command")
    return _words(cases, Cell(module, node, names)) if node is not None else []


def _words(cases: Cases, cell: Cell, depth: int = 0) -> list[Text]:
    """The words of a list; a line of text is one word, which a shell splits."""
    if isinstance(cell.node, ast.Starred):
        return _words(cases, cell.at(cell.node.value), depth + 1)
    whole = cases.cells.settled(cell)
    if depth > 6:
        return []
    if isinstance(whole.node, ast.List | ast.Tuple):
        rows = cases.elements(whole)
        return [cases.cells.text(row) or Text(UNKNOWN, known=False) for row in rows]
    if isinstance(whole.node, ast.BinOp) and isinstance(whole.node.op, ast.Add):
        sides = [cases.cells.settled(whole.at(side)) for side in (whole.node.left, whole.node.right)]
        if any(isinstance(side.node, ast.List | ast.Tuple) for side in sides):
            return [word for side in sides for word in _words(cases, side, depth + 1)]
    if isinstance(whole.node, ast.Call) and isinstance(whole.node.func, ast.Attribute) and whole.node.func.attr == "split":
        held = whole.node.args[0] if name_of(cases.index, whole.module, whole.node.func) == "shlex.split" and whole.node.args \
            else whole.node.func.value
        inner = cases.cells.text(whole.at(held))
        return [Text(part, inner.spots) for part in inner.text.split()] if inner else []
    found = cases.cells.text(whole)
    return [found] if found is not None else []


def _environment(cases: Cases, module: Module, call: ast.Call, names: Names) -> Iterator[str]:
    """`PORT=8001` of `env={**os.environ, "PORT": "8001"}`, and of `env["PORT"] = "8001"` before."""
    given = argument(call, -1, "env")
    if given is None:
        return
    table = cases.cells.settled(Cell(module, given, names))
    told = {key.text: cases.cells.text(value) for key, value in cases.cells.entries(table)}
    for line in module.all(ast.Assign) if isinstance(given, ast.Name) else ():
        target = line.targets[0]
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and isinstance(given, ast.Name) \
                and target.value.id == given.id and module.function(line) is module.function(call):
            key = cases.cells.text(Cell(module, target.slice, names))
            told[key.text if key else ""] = cases.cells.text(Cell(module, line.value, names))
    yield from (f"{key}={value.text}" for key, value in told.items() if value and key.endswith("PORT") and value.text.isdigit())


def _moved_to(cases: Cases, module: Module, call: ast.Call, names: Names) -> Text | None:
    """Where `os.chdir` of the same function goes before."""
    function = module.function(call)
    for move in module.all(ast.Call):
        before = move.lineno < call.lineno and module.function(move) is function
        if before and move.args and name_of(cases.index, module, move.func) == "os.chdir":
            return cases.cells.text(Cell(module, move.args[0], names))
    return None


def _plain(word: str) -> str:
    return word if PLAIN.match(word) else '"' + word.replace('"', "'") + '"' if word else '""'


def _rooted(text: str) -> str:
    """Paths from the platform's root as they stand below it."""
    return re.sub(re.escape(ROOT) + r"(?:/\.?(?=/|\Z))*/?", "./", text)
