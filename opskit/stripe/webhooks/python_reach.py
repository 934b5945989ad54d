"""Python: from a route to the functions that answer it, and on to those they call."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from opskit.survey.facts import Route
from opskit.survey.python.index import Index
from opskit.survey.python.module import FUNCTIONS, Function, Module, argument
from opskit.survey.python.names import OWN, name_of

DEEPEST, MOST = 5, 120
HANDED = ("handler", "view_func", "endpoint", "view")
PLAIN = frozenset({"get", "post", "json", "read", "close", "commit", "execute", "append", "items", "keys", "values", "format", "run"})


@dataclass(frozen=True, slots=True)
class Known:
    """What was worked out for one function serves every route that reaches it: what it names, and its nodes, by its identity."""

    named: dict[int, list[tuple[Module, ast.AST]]] = field(default_factory=dict)
    walked: dict[int, list[ast.AST]] = field(default_factory=dict)

    def nodes(self, holder: ast.AST) -> list[ast.AST]:
        if id(holder) not in self.walked:
            self.walked[id(holder)] = list(ast.walk(holder))
        return self.walked[id(holder)]


@dataclass(slots=True)
class Reach:
    """`functions` in the order they are reached, the entry first; `tables` the literal dicts and lists that they name."""

    known: Known
    functions: list[tuple[Module, Function]] = field(default_factory=list)
    tables: list[tuple[Module, ast.AST]] = field(default_factory=list)

    def nodes(self) -> Iterator[tuple[Module, ast.AST]]:
        for module, holder in (*self.functions, *self.tables):
            for node in self.known.nodes(holder):
                yield module, node


def entry_of(index: Index, route: Route) -> tuple[Module, Function] | None:
    """The function that answers a route: decorated with it, handed to the call that adds it, or around the comparison."""
    module = index.module(route.place.path)
    for function in module.all(*FUNCTIONS):
        if any(module.place(d) == route.place for d in function.decorator_list if isinstance(d, ast.Call)):
            return module, function
    for owner in module.all(ast.ClassDef):
        if any(module.place(d) == route.place for d in owner.decorator_list):
            return _method(module, owner, route.method)
    for call in module.all(ast.Call):
        if module.place(call) == route.place:
            return _handed(index, module, call, route.method)
    for constant in module.all(ast.Constant):
        if module.place(constant) == route.place:
            return _beside(index, module, constant, route.method)
    return None


def _beside(index: Index, module: Module, constant: ast.Constant, method: str) -> tuple[Module, Function] | None:
    """The handler in a row of Tornado's table, else the function that compares the path."""
    row = module.source.parents.get(constant)
    if isinstance(row, ast.Tuple) and row.elts[0] is constant and len(row.elts) > 1:
        return named(index, module, row.elts[1], method)
    around = module.function(constant)
    return (module, around) if around is not None else None


def _handed(index: Index, module: Module, call: ast.Call, method: str) -> tuple[Module, Function] | None:
    for given in (*call.args[1:], argument(call, -1, *HANDED)):
        inner = given.func if isinstance(given, ast.Call) and isinstance(given.func, ast.Attribute) else given
        inner = inner.value if isinstance(inner, ast.Attribute) and inner.attr == "as_view" else inner
        if inner is not None and (found := named(index, module, inner, method)) is not None:
            return found
    return None


def named(index: Index, module: Module, node: ast.AST, method: str = "") -> tuple[Module, Function] | None:
    """The platform's function that an expression names; of a class the method for `method`."""
    path, own, local = name_of(index, module, node).partition(OWN)
    if not own:
        return None
    there = index.module(path)
    if local in there.functions:
        return there, there.functions[local]
    holder, _, last = local.rpartition(".")
    if (owner := there.classes.get(holder.removesuffix("()"))) is not None:
        return _method(there, owner, last)
    owner = there.classes.get(local)
    return _method(there, owner, method) if owner is not None and method else None


def _method(module: Module, owner: ast.ClassDef, name: str) -> tuple[Module, Function] | None:
    wanted = {name, name.lower()} if name != "*" else {"post"}
    return next(((module, f) for f in owner.body if isinstance(f, FUNCTIONS) and f.name in wanted), None)


def reach(index: Index, module: Module, function: Function, known: Known | None = None) -> Reach:
    """The function and all it names, several files deep; what cannot be told by name is left out. `known` serves one call after
    another."""
    known = known or Known()
    found, seen = Reach(known), {id(function)}
    waiting = [(module, function, 0)]
    while waiting and len(found.functions) < MOST:
        here, current, depth = waiting.pop(0)
        found.functions.append((here, current))
        if id(current) not in known.named:
            known.named[id(current)] = list(_mentioned(index, here, known.nodes(current)))
        for there, holder in known.named[id(current)] if depth < DEEPEST else ():
            if id(holder) in seen:
                continue
            seen.add(id(holder))
            if isinstance(holder, FUNCTIONS):
                waiting.append((there, holder, depth + 1))
            else:
                found.tables.append((there, holder))
                waiting += [(m, f, depth + 1) for m, f in _in_table(index, there, holder, seen)]
    return found


def _mentioned(index: Index, module: Module, nodes: list[ast.AST]) -> Iterator[tuple[Module, ast.AST]]:
    for node in nodes:
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            if (own := named(index, module, node)) is not None:
                yield own
            elif isinstance(node, ast.Name) and (table := _table(module, node)) is not None:
                yield module, table
            elif isinstance(node, ast.Attribute) and node.attr not in PLAIN:
                yield from _by_attribute(module, node)


def _by_attribute(module: Module, node: ast.Attribute) -> Iterator[tuple[Module, ast.AST]]:
    """`self.paid(...)`, and `shop.paid` where one method of the file has that name."""
    functions = module.by_name.get(node.attr, [])
    if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
        owner = module.enclosing_class(node)
        functions = [f for f in functions if module.enclosing_class(f) is owner]
    if len(functions) == 1 and module.enclosing_class(functions[0]) is not None:
        yield module, functions[0]


def _table(module: Module, node: ast.Name) -> ast.AST | None:
    _, bounds = module.lookup(node.id, node)
    literal = bounds[0].node if len(bounds) == 1 and bounds[0].how == "value" else None
    return literal if isinstance(literal, ast.Dict | ast.List | ast.Tuple | ast.Set) else None


def _in_table(index: Index, module: Module, table: ast.AST, seen: set[int]) -> Iterator[tuple[Module, Function]]:
    for node in ast.walk(table):
        if isinstance(node, ast.Name | ast.Attribute) and (own := named(index, module, node)) is not None and id(own[1]) not in seen:
            seen.add(id(own[1]))
            yield own
