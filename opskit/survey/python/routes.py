"""The paths that a service answers, as Flask, FastAPI, Starlette, aiohttp, Bottle, Tornado, Django and http.server say it."""

import ast
from collections.abc import Iterable, Iterator

from opskit.survey.facts import Route
from opskit.survey.python.handlers import handled
from opskit.survey.python.index import Index
from opskit.survey.python.module import FUNCTIONS, Module, argument
from opskit.survey.python.mounts import Hung, Mounted, identity, mounts, together
from opskit.survey.python.names import name_of
from opskit.survey.python.route_calls import VERBS, added, methods_of, path_of, several

CLUES = (b"route", b"Route", b"add_", b"do_", b".get(", b".post(", b".put(", b".delete(", b".patch(", b"path(", b"websocket(",
         b"Application(", b"register_blueprint", b"include_router", b"mount", b"add_")


def routes_of(index: Index, paths: Iterable[str]) -> tuple[Route, ...]:
    """Routes of the files that one service loads, sorted by place, prefixes of blueprints and routers added."""
    told = [index.kept(path, file_routes) for path in index.tree.holding(paths, *CLUES) if path.endswith((".py", ".pyw"))]
    mounted = together(part for part, _ in told)
    found = {route for _, hung in told for each in hung for route in each.under(mounted)}
    return tuple(sorted(found, key=lambda r: (r.place, r.method)))


def file_routes(index: Index, module: Module) -> tuple[Mounted, tuple[Hung, ...]]:
    """What one file says of routers, and its routes without what they hang on."""
    if not any(clue in module.source.data for clue in CLUES):
        return Mounted(), ()
    return mounts(index, module), tuple(_routes(index, module))


def _routes(index: Index, module: Module) -> Iterator[Hung]:
    for function in module.all(*FUNCTIONS):
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call):
                yield from _decorated(index, module, decorator)
    for owner in module.all(ast.ClassDef):
        yield from _viewed(index, module, owner)
    for call in module.all(ast.Call):
        yield from added(index, module, call)
    yield from map(Hung, handled(index, module))


def _viewed(index: Index, module: Module, owner: ast.ClassDef) -> Iterator[Hung]:
    """`@routes.view("/x")` on a class: its methods are named for what they answer (aiohttp's class-based views)."""
    for call in owner.decorator_list:
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in ("view", "route"):
            path = path_of(index, module, argument(call, 0, "path", "rule", "uri"))
            verbs = methods_of(owner)
            if path is not None and path.startswith("/") and verbs:
                on = identity(index, module, call.func.value)
                yield from (Hung(route, on) for route in several(index, module, call, path, verbs))


def _decorated(index: Index, module: Module, call: ast.Call) -> Iterator[Hung]:
    if isinstance(call.func, ast.Attribute):
        verb, on = call.func.attr, identity(index, module, call.func.value)
    elif name_of(index, module, call.func).startswith("bottle."):
        verb, on = name_of(index, module, call.func).removeprefix("bottle."), None
    else:
        return
    path = path_of(index, module, argument(call, 0, "path", "rule", "uri"))
    if path is None or (path and not path.startswith("/")):
        return
    if verb in VERBS:
        yield Hung(Route(verb.upper(), path, module.place(call)), on, not path)
    elif verb in ("route", "api_route"):
        yield from (Hung(route, on, not path) for route in several(index, module, call, path))
    elif verb in ("websocket", "websocket_route"):
        yield Hung(Route("WEBSOCKET", path, module.place(call)), on, not path)
