"""What runs when a file is started: its module level and `__main__` block, and the functions that these set going."""

import ast
from collections.abc import Iterator

from opskit.survey.python.index import Index
from opskit.survey.python.module import FUNCTIONS, Function, Module
from opskit.survey.python.names import OWN, name_of

Spot = tuple[int, int]


def reached(index: Index, module: Module) -> dict[str, set[Spot | None]]:
    """Path -> where the functions stand that starting this file may run (None: module level). Follows calls into the platform's
    other files; a function handed on by name (a thread's target, a callback) counts as run."""
    found: dict[str, set[Spot | None]] = {module.path: {None}}
    waiting: list[tuple[Module, ast.AST | None]] = [(module, None)]
    while waiting:
        at, body = waiting.pop()
        for there, function in _set_going(index, at, body):
            known = found.setdefault(there.path, set())
            if spot_of(function) not in known:
                known.add(spot_of(function))
                waiting.append((there, function))
    return found


def spot_of(function: Function | None) -> Spot | None:
    return None if function is None else (function.lineno, function.col_offset)


def _set_going(index: Index, module: Module, body: ast.AST | None) -> Iterator[tuple[Module, Function]]:
    mentions = module.mentions.get(body, ())
    for node in mentions:
        name = node.id if isinstance(node, ast.Name) else node.attr
        for function in module.by_name.get(name, ()):
            yield module, function
        if isinstance(node, ast.Name) and name in module.classes:
            yield from ((module, f) for f in module.classes[name].body if isinstance(f, FUNCTIONS) and f.name == "__init__")
        if name in module.imports or isinstance(node, ast.Attribute):
            yield from _abroad(index, module, node)


def _abroad(index: Index, module: Module, node: ast.Name | ast.Attribute) -> Iterator[tuple[Module, Function]]:
    path, own, local = name_of(index, module, node).partition(OWN)
    if not own or path == module.path or not local:
        return
    there = index.module(path)
    owner, _, method = local.partition("().")
    if method and owner in there.classes:
        yield from ((there, f) for f in there.classes[owner].body if isinstance(f, FUNCTIONS) and f.name == method)
    elif local in there.functions:
        yield there, there.functions[local]
    elif local in there.classes:
        yield from ((there, f) for f in there.classes[local].body if isinstance(f, FUNCTIONS) and f.name == "__init__")
