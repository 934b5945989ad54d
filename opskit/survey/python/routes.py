"""The paths that a service answers, as Flask, FastAPI, Starlette, aiohttp, Bottle, Tornado, Django and http.server say it."""

import ast
from collections.abc import Iterable, Iterator

from opskit.survey.facts import Route
from opskit.survey.python.handlers import handled
from opskit.survey.python.index import Index
from opskit.survey.python.module import FUNCTIONS, Module, argument
from opskit.survey.python.mounts import Mounted, identity, mount
from opskit.survey.python.names import name_of
from opskit.survey.python.route_calls import VERBS, added, methods_of, path_of, several

CLUES = (b"route", b"Route", b"add_", b"do_", b".get(", b".post(", b".put(", b".delete(", b".patch(", b"path(", b"websocket(",
         b"Application(", b"register_blueprint", b"include_router", b"mount", b"add_")


def routes_of(index: Index, paths: Iterable[str]) -> tuple[Route, ...]:
    """Routes of the files that one service loads, sorted by place, prefixes of blueprints and routers added."""
    modules = [index.module(path) for path in index.tree.holding(paths, *CLUES) if path.endswith((".py", ".pyw"))]
    mounted = Mounted()
    for module in modules:
        mount(index, module, mounted)
    found = {route for module in modules for route in _routes(index, module, mounted)}
    return tuple(sorted(found, key=lambda r: (r.place, r.method)))


def _routes(index: Index, module: Module, mounted: Mounted) -> Iterator[Route]:
    for function in module.all(*FUNCTIONS):
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call):
                yield from _decorated(index, module, decorator, mounted)
    for owner in module.all(ast.ClassDef):
        yield from _viewed(index, module, owner, mounted)
    for call in module.all(ast.Call):
        yield from added(index, module, call, mounted)
    yield from handled(index, module)


def _viewed(index: Index, module: Module, owner: ast.ClassDef, mounted: Mounted) -> Iterator[Route]:
    """`@routes.view("/x")` on a class: its methods are named for what they answer (aiohttp's class-based views)."""
    for call in owner.decorator_list:
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in ("view", "route"):
            path = path_of(index, module, argument(call, 0, "path", "rule", "uri"))
            verbs = methods_of(owner)
            if path is not None and path.startswith("/") and verbs:
                yield from several(index, module, call, mounted.prefix(identity(index, module, call.func.value)) + path, verbs)


def _decorated(index: Index, module: Module, call: ast.Call, mounted: Mounted) -> Iterator[Route]:
    if isinstance(call.func, ast.Attribute):
        verb, prefix = call.func.attr, mounted.prefix(identity(index, module, call.func.value))
    elif name_of(index, module, call.func).startswith("bottle."):
        verb, prefix = name_of(index, module, call.func).removeprefix("bottle."), ""
    else:
        return
    path = path_of(index, module, argument(call, 0, "path", "rule", "uri"))
    if path is None or not (path.startswith("/") or (prefix and not path)):
        return
    if verb in VERBS:
        yield Route(verb.upper(), prefix + path, module.place(call))
    elif verb in ("route", "api_route"):
        yield from several(index, module, call, prefix + path)
    elif verb in ("websocket", "websocket_route"):
        yield Route("WEBSOCKET", prefix + path, module.place(call))
