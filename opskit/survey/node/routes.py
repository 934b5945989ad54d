"""Which paths a Node service answers: express-like calls, route tables, comparisons of `req.url`."""

import re
from typing import TYPE_CHECKING

from opskit.survey.facts import Route
from opskit.survey.node.environment import bare
from opskit.survey.node.modules import Module, resolve
from opskit.survey.node.program import Program, entry

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
ASKED = re.compile(r"(\.|\b)(url|pathname|path|originalUrl)\b|\bpathname\b|\broute\b")
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
    prefixes = _prefixes(program, paths)
    found: list[Route] = []
    for path in paths:
        module = program.module(path)
        for route in routes_in(module) if module else ():
            for prefix in prefixes.get(path, [""]):
                found.append(Route(route.method, _joined(prefix, route.route), route.place))
    return tuple(dict.fromkeys(found))


def routes_in(module: Module) -> list[Route]:
    found = []
    for call in module.source.found("call_expression"):
        found += _called(module, call)
    found += _compared(module)
    return sorted(found, key=lambda r: r.place.start)


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


def _compared(module: Module) -> list[Route]:
    """`req.url === "/x"`, `pathname.startsWith("/x")`, `switch (url) { case "/x": }`."""
    source, found = module.source, []
    for node in source.found("binary_expression"):
        left, right = bare(node.child_by_field_name("left")), bare(node.child_by_field_name("right"))
        path = source.string(right)
        if (
            path
            and path.startswith("/")
            and right is not None
            and source.text(node.child_by_field_name("operator")) in ("===", "==")
            and _is_path(module, left)
        ):
            found.append(Route(_method(module, node), path, source.place(right)))
    for node in source.found("switch_statement"):
        if _is_path(module, bare(node.child_by_field_name("value"))):
            body = node.child_by_field_name("body")
            for case in body.named_children if body is not None else []:
                value = case.child_by_field_name("value") if case.type == "switch_case" else None
                path = source.string(value)
                if value is not None and path and path.startswith("/"):
                    found.append(Route("*", path, source.place(value)))
    return found


def _is_path(module: Module, node: "Node | None") -> bool:
    text = module.source.text(node) if node is not None and node.type in ("member_expression", "identifier") else ""
    return bool(ASKED.search(text)) and "window" not in text and "location" not in text


def _method(module: Module, node: "Node") -> str:
    """The method that stands beside the path in the same condition."""
    around = node
    while around.parent is not None and around.parent.type in ("binary_expression", "parenthesized_expression"):
        around = around.parent
    match = re.search(r"method\s*===?\s*['\"](\w+)['\"]", module.source.text(around))
    return match[1].upper() if match else "*"


def _prefixes(program: Program, paths: tuple[str, ...]) -> dict[str, list[str]]:
    """Where routers of other files are mounted: `app.use("/api", require("./api"))`, `fastify.register(x, { prefix })`."""
    found: dict[str, list[str]] = {}
    for path in paths:
        module = program.module(path)
        for call in module.source.found("call_expression") if module else ():
            mounted = _mounted(program, module, call) if module else None
            if mounted:
                for outer in found.get(path, [""]):
                    found.setdefault(mounted[0], []).append(_joined(outer, mounted[1]))
    return found


def _mounted(program: Program, module: Module, call: "Node") -> tuple[str, str] | None:
    function, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    if function is None or function.type != "member_expression" or arguments is None or not arguments.named_children:
        return None
    method, given = module.source.text(function.child_by_field_name("property")), arguments.named_children
    if method == "use" and len(given) > 1 and (prefix := module.source.string(given[0])) is not None:
        return next(((target, prefix) for node in given[1:] if (target := _file(program, module, node))), None)
    if method == "register":
        prefix = module.source.string(entry(module, given[1], "prefix")) if len(given) > 1 else None
        target = _file(program, module, given[0])
        return (target, prefix) if target and prefix else None
    return None


def _file(program: Program, module: Module, node: "Node") -> str:
    """The platform's file that a mounted router comes from."""
    node = bare(node) or node
    if node.type == "call_expression":
        bound = next((b for b in module.bound if b.node == node), None)
        if bound:
            return resolve(program.tree, module.source.path, bound.specifier)
        inner = node.child_by_field_name("function")
        return _file(program, module, inner) if inner is not None else ""
    if node.type == "member_expression":
        target = node.child_by_field_name("object")
        return _file(program, module, target) if target is not None else ""
    far = program.imported(module, module.source.text(node)) if node.type == "identifier" else None
    return far[0].source.path if far else ""


def _joined(prefix: str, route: str) -> str:
    return (prefix.rstrip("/") + "/" + route.lstrip("/")).rstrip("/") or "/" if prefix else route
