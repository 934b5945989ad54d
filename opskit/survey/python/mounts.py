"""Where blueprints and routers hang, so that their routes get the prefixes of everything above them."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from opskit.survey.facts import Route
from opskit.survey.python.index import Index
from opskit.survey.python.module import Module, argument
from opskit.survey.python.names import DEEPEST, OWN, name_of
from opskit.survey.python.values import Evaluation

HANGS = frozenset({"register_blueprint", "include_router", "mount", "blueprint"})

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Mounted:
    """Where routers and blueprints hang: theirs -> (the one they hang on, the prefix given there)."""

    parents: dict[Key, tuple[Key, str | None]] = field(default_factory=dict)
    prefixes: dict[Key, str] = field(default_factory=dict)
    adds_up: set[Key] = field(default_factory=set)

    def prefix(self, key: Key, depth: int = 0) -> str:
        """Flask's registration replaces a blueprint's own prefix, FastAPI's stands before it."""
        parent, given = self.parents.get(key, (None, None))
        own = self.prefixes.get(key, "")
        here = (given or "") + own if key in self.adds_up else own if given is None else given
        return (self.prefix(parent, depth + 1) if parent is not None and depth < 9 else "") + here


@dataclass(frozen=True, slots=True)
class Hung:
    """A route as its own file writes it, and the router `on` which it hangs. `bare`: no route unless something stands before it."""

    route: Route
    on: Key | None = None
    bare: bool = False

    def under(self, mounted: Mounted) -> Iterator[Route]:
        prefix = mounted.prefix(self.on) if self.on is not None else ""
        if prefix or not self.bare:
            yield replace(self.route, route=prefix + self.route.route)


def together(parts: Iterable[Mounted]) -> Mounted:
    """What the files of one service say, the later over the earlier."""
    whole = Mounted()
    for part in parts:
        whole.parents.update(part.parents)
        whole.prefixes.update(part.prefixes)
        whole.adds_up.update(part.adds_up)
    return whole


def identity(index: Index, module: Module, node: ast.AST, depth: int = 0) -> Key:
    """Which object a name means, by the file and the name that first holds it."""
    if isinstance(node, ast.Name):
        if node.id in module.imports and not module.bindings.get((None, node.id)):
            dotted, level, attribute = module.imports[node.id]
            path = index.file_of(dotted, level, module.path)
            if path and attribute:
                there = index.module(path)
                if attribute in there.imports and depth < DEEPEST:
                    return identity(index, there, ast.Name(attribute, ast.Load()), depth + 1)
                return path, attribute
        return module.path, node.id
    if isinstance(node, ast.Attribute):
        base = name_of(index, module, node.value)
        return (base[: -len(OWN)], node.attr) if base.endswith(OWN) else (module.path, node.attr)
    return module.path, ""


def mounts(index: Index, module: Module) -> Mounted:
    """What one file says of them."""
    evaluate, mounted = Evaluation(index, module), Mounted()
    for (scope, name), bounds in module.bindings.items():
        for bound in bounds:
            if bound.how == "value" and isinstance(bound.node, ast.Call) and (scope is None or name.isidentifier()):
                made = name_of(index, module, bound.node.func)
                if made.endswith(("Blueprint", "APIRouter", "Router")):
                    known = evaluate(argument(bound.node, -1, "url_prefix", "prefix"))
                    mounted.prefixes[module.path, name] = known.text if known else ""
                    if not made.endswith("Blueprint"):
                        mounted.adds_up.add((module.path, name))
    for call in module.all(ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr in HANGS and call.args:
            child = argument(call, 1, "app") if call.func.attr == "mount" else call.args[0]
            given = evaluate(call.args[0] if call.func.attr == "mount" else argument(call, -1, "url_prefix", "prefix"))
            if child is not None:
                key, parent = identity(index, module, child), identity(index, module, call.func.value)
                if key != parent:
                    mounted.parents[key] = parent, given.text if given is not None and isinstance(given.value, str) else None
    return mounted
