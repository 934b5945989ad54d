"""Where routers hang: `app.use("/api", api)` within a file and across files, so that a route gets every prefix above it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from opskit.survey.node.environment import bare
from opskit.survey.node.modules import Module, resolve
from opskit.survey.node.outline import FUNCTIONS
from opskit.survey.node.program import Program, entry, exported

if TYPE_CHECKING:
    from tree_sitter import Node

Key = tuple[str, str]  # a file and the name of a router in it, "" for whatever the file as a whole makes
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Mounts:
    """What hangs where: a router -> the routers above it, each with the prefix given there."""

    above: dict[Key, list[tuple[Key, str]]] = field(default_factory=dict)

    def prefixes(self, path: str, router: str, depth: int = 0) -> list[str]:
        """Every prefix under which a router's routes answer, [""] for one that hangs nowhere."""
        hung = self.above.get((path, router)) or self.above.get((path, ""), [])
        found: dict[str, None] = {}
        for (file, name), prefix in hung if depth < DEEPEST else []:
            found.update(dict.fromkeys(joined(outer, prefix) for outer in self.prefixes(file, name, depth + 1)))
        return list(found) or [""]


def joined(prefix: str, route: str) -> str:
    return (prefix.rstrip("/") + "/" + route.lstrip("/")).rstrip("/") or "/" if prefix else route


def receiver(module: Module, call: "Node") -> str:
    """The router that a call hangs something on: `admin` of `admin.delete(...)` and of `admin.route("/x").get(...)`."""
    node: Node | None = call
    while node is not None and node.type == "call_expression":
        function = node.child_by_field_name("function")
        node = function.child_by_field_name("object") if function is not None and function.type == "member_expression" else None
    return module.source.text(node)


def mounted(program: Program, paths: tuple[str, ...]) -> Mounts:
    found = Mounts()
    for path in paths:
        module = program.module(path)
        for call in module.source.found("call_expression") if module else ():
            for child, prefix in _hung(program, module, call) if module else ():
                parent = (path, receiver(module, call)) if module else child
                if child != parent and (parent, prefix) not in found.above.setdefault(child, []):
                    found.above[child].append((parent, prefix))
    return found


def _hung(program: Program, module: Module, call: "Node") -> list[tuple[Key, str]]:
    """`app.use("/api", guard, api)`, `app.use(api)`, Hono's `app.route("/api", api)`, `fastify.register(api, { prefix })`."""
    function, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    if function is None or function.type != "member_expression" or arguments is None or not arguments.named_children:
        return []
    method, given = module.source.text(function.child_by_field_name("property")), arguments.named_children
    if method == "use" or (method == "route" and len(given) > 1):
        prefix = module.source.string(given[0])
        routers = given if prefix is None else given[1:]
        return [(key, prefix or "") for node in routers if (key := _router(program, module, node))]
    if method == "register":
        prefix = module.source.string(entry(module, given[1], "prefix")) if len(given) > 1 else None
        child = _router(program, module, given[0])
        return [(child, prefix)] if child and prefix else []
    return []


def _router(program: Program, module: Module, node: "Node") -> Key | None:
    """The router that an argument means, by the file and the name that make it."""
    node = bare(node) or node
    if node.type == "call_expression":
        bound = next((b for b in module.bound if b.node == node), None)
        if bound:
            return _made(program.module(resolve(program.tree, module.source.path, bound.specifier)), "*")
        inner = node.child_by_field_name("function")
        return _router(program, module, inner) if inner is not None else None
    if node.type == "member_expression":
        target = node.child_by_field_name("object")
        return _router(program, module, target) if target is not None else None
    if node.type != "identifier":
        return None
    name = module.source.text(node)
    if far := program.imported(module, name):
        return _made(*far)
    declared = module.names.find(name, node)
    return (module.source.path, name) if declared is not None and declared.kind in ("const", "let", "var") else None


def _made(module: Module | None, name: str) -> Key | None:
    """A router that its file exports by the name it has there; a file that exports a function stands for all it makes."""
    if module is None:
        return None
    node = bare(exported(module, name))
    local = module.source.text(node) if node is not None and node.type == "identifier" else ""
    declared = module.names.find(local, node) if local and node is not None else None
    value = bare(declared.value) if declared is not None and declared.kind in ("const", "let", "var") else None
    return module.source.path, local if value is not None and value.type not in FUNCTIONS else ""
