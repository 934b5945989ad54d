"""Which names a module binds, in which scope: whether a name means the module's own at a place, without running anything."""

import ast
import builtins
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from opskit.source.python import PythonSource

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
GIVEN = frozenset((*dir(builtins), "__file__", "__name__", "__doc__", "__package__", "__spec__", "__loader__", "__path__", "__builtins__",
                   "__class__", "__module__", "__qualname__", "__annotations__", "__dict__"))


@dataclass(frozen=True, slots=True)
class Binding:
    """One place that gives a name a meaning; `scope` is the module, function, class or comprehension, `module` what an import loads."""

    name: str
    node: ast.AST
    scope: ast.AST
    module: str = ""


class Scopes:
    """The names of one module that parses."""

    def __init__(self, source: PythonSource) -> None:
        assert source.tree is not None
        self.source, self.tree, self.parents = source, source.tree, source.parents

    @cached_property
    def bindings(self) -> dict[str, list[Binding]]:
        found = defaultdict[str, list[Binding]](list)
        shared = {(self.scope(n), name) for n in self.source.nodes if isinstance(n, ast.Global) for name in n.names}
        for node in self.source.nodes:
            for name, module in _bound(node):
                scope = self._home(node)
                scope = self.tree if (scope, name) in shared else scope
                found[name].append(Binding(name, node, scope, module))
        return found

    @cached_property
    def loads(self) -> frozenset[str]:
        return frozenset(n.id for n in self.source.nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))

    @property
    def unbound(self) -> frozenset[str]:
        """Names that are read and given a meaning nowhere in the file."""
        return self.loads - self.bindings.keys() - GIVEN

    @cached_property
    def stars(self) -> list[ast.ImportFrom]:
        return [n for n in self.source.nodes if isinstance(n, ast.ImportFrom) and n.names[0].name == "*"]

    def scope(self, node: ast.AST) -> ast.AST:
        """The innermost scope that a node is evaluated in."""
        return next(self.scopes(node))

    def scopes(self, node: ast.AST) -> Iterator[ast.AST]:
        """From the innermost outward, the module last. Defaults, decorators and bases belong to the scope around their definition."""
        child: ast.AST = node
        while (parent := self.parents.get(child)) is not None:
            if isinstance(parent, COMPREHENSIONS) or (
                isinstance(parent, (*FUNCTIONS, ast.ClassDef)) and _inside(parent, child)
            ):
                yield parent
            child = parent
        yield self.tree

    def shadowed(self, name: str, node: ast.AST) -> bool:
        """Whether at `node` another scope than the module's gives the name its meaning."""
        around = {scope for scope in self.scopes(node) if scope is not self.tree}
        return any(binding.scope in around for binding in self.bindings.get(name, ()))

    def of_module(self, name: str) -> list[Binding]:
        return [b for b in self.bindings.get(name, ()) if b.scope is self.tree]

    def statement(self, node: ast.AST) -> ast.stmt:
        """The module's own statement that a node stands in."""
        child = node
        while (parent := self.parents[child]) is not self.tree:
            child = parent
        return child  # type: ignore[return-value]

    def _home(self, node: ast.AST) -> ast.AST:
        """The scope that a binding node binds in."""
        if isinstance(node, ast.arg):
            above = self.parents[node]
            return self.parents[above]
        scopes = self.scopes(node)
        home = next(scopes)
        if isinstance(self.parents.get(node), ast.NamedExpr):
            while isinstance(home, COMPREHENSIONS):
                home = next(scopes)
        return home


def _inside(parent: ast.AST, child: ast.AST) -> bool:
    body = parent.body  # type: ignore[attr-defined]
    return child in body if isinstance(body, list) else child is body


def _bound(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Names that a node binds, each with the module where an import loads one."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            yield name, ""
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name, ""
        case ast.Import(names=aliases):
            for alias in aliases:
                yield alias.asname or alias.name.split(".")[0], alias.name if alias.asname else alias.name.split(".")[0]
        case ast.ImportFrom(names=aliases, module=module):
            for alias in aliases:
                yield alias.asname or alias.name, f"{'.' * node.level}{module or ''}.{alias.name}"
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name, ""
        case ast.MatchMapping(rest=str(name)):
            yield name, ""
