"""One Python file, indexed once: its nodes by kind, their parents and scopes, and what each name is bound to."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, overload

from opskit.core.place import Place
from opskit.source.python import PythonSource

N = TypeVar("N", bound=ast.AST)
M = TypeVar("M", bound=ast.AST)
L = TypeVar("L", bound=ast.AST)
Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
DEFINITIONS = (*FUNCTIONS, ast.ClassDef)
HOLDING = frozenset((*DEFINITIONS, ast.Lambda))


@dataclass(frozen=True, slots=True)
class Bound:
    """One binding of a name: `how` is value (an expression), param, loop (an element of the expression), or unpack."""

    how: str
    node: ast.AST
    index: int = 0


class Module:
    """The lookups that every reader of a file shares. Built lazily: a file nobody asks about costs its parse only."""

    def __init__(self, source: PythonSource) -> None:
        self.source, self.path = source, source.path
        self.names: dict[ast.AST, str] = {}
        self._owners: dict[ast.AST, ast.AST | None] = {}

    @cached_property
    def kinds(self) -> dict[type[ast.AST], list[ast.AST]]:
        found: dict[type[ast.AST], list[ast.AST]] = defaultdict(list)
        for node in self.source.nodes:
            found[type(node)].append(node)
        return found

    @overload
    def all(self, kind: type[N], /) -> Iterator[N]: ...
    @overload
    def all(self, kind: type[N], second: type[M], /) -> Iterator[N | M]: ...
    @overload
    def all(self, kind: type[N], second: type[M], third: type[L], /) -> Iterator[N | M | L]: ...
    def all(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        for kind in kinds:
            yield from self.kinds.get(kind, ())

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes that enclose this one, innermost first."""
        parents = self.source.parents
        while (found := parents.get(node)) is not None:
            yield found
            node = found

    def scope(self, node: ast.AST) -> ast.AST | None:
        """The function, lambda or class whose body it stands in; None for the module. Decorators, defaults and annotations are
        worked out outside the function they belong to. Climbed for the nodes asked for: of most nobody asks."""
        parents, owners, trail = self.source.parents, self._owners, list[ast.AST]()
        while node not in owners:
            above = parents.get(node)
            if above is None or (above.__class__ in HOLDING and _encloses(above, node)):
                owners[node] = above
            else:
                trail.append(node)
                node = above
        found = owners[node]
        owners.update(dict.fromkeys(trail, found))
        return found

    def scopes(self, node: ast.AST) -> Iterator[ast.AST]:
        """All of them, innermost first."""
        while (found := self.scope(node)) is not None:
            yield found
            node = found

    def function(self, node: ast.AST) -> Function | None:
        scope = self.scope(node)
        while scope is not None and not isinstance(scope, FUNCTIONS):
            scope = self.scope(scope)
        return scope

    def enclosing_class(self, node: ast.AST) -> ast.ClassDef | None:
        return next((s for s in self.scopes(node) if isinstance(s, ast.ClassDef)), None)

    @cached_property
    def imports(self) -> dict[str, tuple[str, int, str]]:
        """Local name -> (dotted module, relative level, attribute or ""). Imports inside functions count too."""
        found: dict[str, tuple[str, int, str]] = {}
        for line in self.all(ast.Import):
            for alias in line.names:
                found[alias.asname or alias.name.split(".")[0]] = (alias.name if alias.asname else alias.name.split(".")[0], 0, "")
        for source in self.all(ast.ImportFrom):
            for alias in source.names:
                found[alias.asname or alias.name] = (source.module or "", source.level, alias.name)
        return found

    @cached_property
    def stars(self) -> list[tuple[str, int]]:
        """(dotted module, relative level) of each `from x import *`, the last first: it is the one that counts."""
        return [(s.module or "", s.level) for s in self.all(ast.ImportFrom) if any(a.name == "*" for a in s.names)][::-1]

    @cached_property
    def bindings(self) -> dict[tuple[ast.AST | None, str], list[Bound]]:
        """(scope, name) -> what is bound to it, in source order. `self.x = ...` is filed under (class, "self.x")."""
        found: dict[tuple[ast.AST | None, str], list[Bound]] = defaultdict(list)
        for node in self.all(ast.Assign):
            for target in node.targets:
                self._bind(found, target, Bound("value", node.value))
        for single in self.all(ast.AnnAssign, ast.NamedExpr):
            if single.value is not None:
                self._bind(found, single.target, Bound("value", single.value))
        for loop in self.all(ast.For, ast.AsyncFor, ast.comprehension):
            self._bind(found, loop.target, Bound("loop", loop.iter))
        for item in self.all(ast.withitem):
            if item.optional_vars is not None:
                self._bind(found, item.optional_vars, Bound("value", item.context_expr))
        for function in self.all(*FUNCTIONS):
            for name in parameters(function):
                found[function, name].append(Bound("param", function))
        return found

    def _bind(self, found: dict[tuple[ast.AST | None, str], list[Bound]], target: ast.AST, bound: Bound) -> None:
        if isinstance(target, ast.Name):
            scope = self.scope(target)
            if scope is not None and target.id in self.globals.get(scope, ()):
                scope = None
            found[scope, target.id].append(bound)
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id in ("self", "cls"):
            if (owner := self.enclosing_class(target)) is not None:
                found[owner, f"self.{target.attr}"].append(bound)
        elif isinstance(target, ast.Tuple | ast.List):
            for index, element in enumerate(target.elts):
                if bound.how == "value" and isinstance(bound.node, ast.Tuple | ast.List) and len(bound.node.elts) == len(target.elts):
                    self._bind(found, element, Bound("value", bound.node.elts[index]))
                else:
                    self._bind(found, element, Bound("unpack" if bound.how == "value" else f"{bound.how}-unpack", bound.node, index))

    @cached_property
    def globals(self) -> dict[ast.AST, set[str]]:
        found: dict[ast.AST, set[str]] = defaultdict(set)
        for line in self.all(ast.Global):
            if (function := self.function(line)) is not None:
                found[function].update(line.names)
        return found

    def lookup(self, name: str, at: ast.AST) -> tuple[ast.AST | None, list[Bound]]:
        """The nearest scope around `at` that binds the name, and its bindings; (None, []) where none does."""
        bindings = self.bindings
        nearest = scope = self.scope(at)
        while scope is not None:
            if (scope, name) in bindings and (scope is nearest or not isinstance(scope, ast.ClassDef)):
                return scope, bindings[scope, name]
            scope = self.scope(scope)
        return None, bindings.get((None, name), [])

    @cached_property
    def functions(self) -> dict[str, Function]:
        """Functions at module level by name; of several the last counts, as it does when it runs."""
        return {f.name: f for f in self.all(*FUNCTIONS) if self.scope(f) is None}

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        return {c.name: c for c in self.all(ast.ClassDef) if self.scope(c) is None}

    @cached_property
    def by_name(self) -> dict[str, list[Function]]:
        """Every function and method of the file by its bare name."""
        found: dict[str, list[Function]] = defaultdict(list)
        for function in self.all(*FUNCTIONS):
            found[function.name].append(function)
        return found

    @cached_property
    def returns(self) -> dict[ast.AST | None, list[ast.expr]]:
        """What each function's own body returns."""
        found: dict[ast.AST | None, list[ast.expr]] = defaultdict(list)
        for line in self.all(ast.Return):
            if line.value is not None:
                found[self.function(line)].append(line.value)
        return found

    @cached_property
    def mentions(self) -> dict[ast.AST | None, list[ast.Name | ast.Attribute]]:
        """The names and attributes that each function's own body loads (None: module level, class bodies included)."""
        found: dict[ast.AST | None, list[ast.Name | ast.Attribute]] = defaultdict(list)
        for node in self.all(ast.Name, ast.Attribute):
            if isinstance(node.ctx, ast.Load):
                found[self.function(node)].append(node)
        return found

    def place(self, node: ast.AST) -> Place:
        return self.source.place(node)


def _encloses(above: ast.AST, node: ast.AST) -> bool:
    """Whether `node` stands in the body of `above` itself: of a function's and a class's children the statements do."""
    return isinstance(node, ast.stmt) if isinstance(above, DEFINITIONS) else isinstance(above, ast.Lambda) and above.body is node


def defined_in(tree: ast.Module | None) -> frozenset[str]:
    """Functions and classes at module level, without a look inside them: most of a file is there."""
    found, waiting = set[str](), [] if tree is None else list[ast.AST](tree.body)
    while waiting:
        line = waiting.pop()
        if isinstance(line, DEFINITIONS):
            found.add(line.name)
        else:
            waiting += (inner for block in BLOCKS for inner in getattr(line, block, ()))
    return frozenset(found)


def parameters(function: Function) -> list[str]:
    every = function.args
    return [a.arg for a in (*every.posonlyargs, *every.args, *every.kwonlyargs)]


def default_of(function: Function, name: str) -> ast.expr | None:
    """The default of a parameter, None where it has none."""
    every = function.args
    positional = [*every.posonlyargs, *every.args]
    for argument, default in zip(reversed(positional), reversed(every.defaults), strict=False):
        if argument.arg == name:
            return default
    return next((d for a, d in zip(every.kwonlyargs, every.kw_defaults, strict=True) if a.arg == name), None)


def argument(call: ast.Call, position: int, *keywords: str) -> ast.expr | None:
    """An argument of a call by keyword, else by position (-1: by keyword only)."""
    for keyword in call.keywords:
        if keyword.arg in keywords:
            return keyword.value
    if 0 <= position < len(call.args) and not any(isinstance(a, ast.Starred) for a in call.args[: position + 1]):
        return call.args[position]
    return None
