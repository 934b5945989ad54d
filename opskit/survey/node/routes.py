"""Which paths a Node service answers: express-like calls, route tables, comparisons of `req.url`."""

from typing import TYPE_CHECKING

from opskit.survey.facts import Route
from opskit.survey.node.modules import Module
from opskit.survey.node.mounts import joined, mounted, receiver
from opskit.survey.node.program import Program, entry
from opskit.survey.node.requests import compared

if TYPE_CHECKING:
    from tree_sitter import Node

METHODS = {
    "get": "GET",
    "post": "POST",
    "put": "PUT",
    "patch": "PATCH",
    "delete": "DELETE",
    "del": "DELETE",
    "options": "OPTIONS",
    "head": "HEAD",
    "all": "*",
}
CLIENTS = frozenset(
    (
        "axios",
        "request",
        "fetch",
        "http",
        "https",
        "client",
        "api",
        "supertest",
        "superagent",
        "got",
        "ky",
        "agent",
        "cache",
        "redis",
        "map",
        "params",
        "headers",
        "searchParams",
        "config",
        "storage",
        "localStorage",
        "session",
    )
)


def routes_of(program: Program, paths: tuple[str, ...]) -> tuple[Route, ...]:
    """Routes of a closure, by the files' order, prefixes of mounted routers put before."""
    mounts = mounted(program, paths)
    found: list[Route] = []
    for path in paths:
        module = program.module(path)
        for route, router in _routes(module) if module else ():
            found += [Route(route.method, joined(prefix, route.route), route.place) for prefix in mounts.prefixes(path, router)]
    return tuple(dict.fromkeys(found))


def routes_in(module: Module) -> list[Route]:
    return [route for route, _ in _routes(module)]


def _routes(module: Module) -> list[tuple[Route, str]]:
    """Each route with the name of the router that it hangs on, "" where it hangs on none."""
    found = []
    for call in module.source.found("call_expression"):
        found += [(route, receiver(module, call)) for route in _called(module, call)]
    found += [(route, "") for route in compared(module)]
    return sorted(found, key=lambda r: r[0].place.start)


def _called(module: Module, call: "Node") -> list[Route]:
    """`app.get("/x", ...)`, `router.route("/x").post(...)`, `fastify.route({ method, url })`."""
    function, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    if function is None or function.type != "member_expression" or arguments is None or not arguments.named_children:
        return []
    source, method = module.source, module.source.text(function.child_by_field_name("property"))
    first, target = arguments.named_children[0], function.child_by_field_name("object")
    if method == "route" and first.type == "object":
        return _table(module, first)
    if method not in METHODS:
        return []
    if target is not None and target.type == "call_expression":
        return _chained(module, target, method)
    path = source.string(first)
    receiver = source.text(target).rpartition(".")[2]
    if path is None or not path.startswith(("/", "*")) or receiver in CLIENTS or len(arguments.named_children) < 2:
        return []
    last = arguments.named_children[-1]
    handled = last.type in ("arrow_function", "function_expression", "identifier", "member_expression", "call_expression", "array")
    return [Route(METHODS[method], path, source.place(first))] if handled else []


def _chained(module: Module, target: "Node", method: str) -> list[Route]:
    """`.route("/x").get(a).post(b)`."""
    node: Node | None = target
    while node is not None and node.type == "call_expression":
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None or function.type != "member_expression" or arguments is None:
            return []
        if module.source.text(function.child_by_field_name("property")) == "route" and arguments.named_children:
            path = module.source.string(arguments.named_children[0])
            return [Route(METHODS[method], path, module.source.place(arguments.named_children[0]))] if path and path.startswith("/") else []
        node = function.child_by_field_name("object")
    return []


def _table(module: Module, options: "Node") -> list[Route]:
    url, method = entry(module, options, "url") or entry(module, options, "path"), entry(module, options, "method")
    path = module.source.string(url)
    if path is None or url is None:
        return []
    named = [method] if method is None or method.type != "array" else method.named_children
    return [Route((module.source.string(m) or "*").upper(), path, module.source.place(url)) for m in named]
