"""Routes that a call adds: `add_url_rule`, `add_get`, `Route("/x", ...)`, Django's `path`."""

import ast
from collections.abc import Iterator

from opskit.survey.facts import Route
from opskit.survey.python.index import Index
from opskit.survey.python.module import FUNCTIONS, Module, argument
from opskit.survey.python.mounts import Hung, identity
from opskit.survey.python.names import OWN, name_of
from opskit.survey.python.values import Evaluation

VERBS = frozenset({"get", "post", "put", "delete", "patch", "options", "head"})
LISTS = frozenset(f"aiohttp.web.{verb}" for verb in (*VERBS, "view"))
SOCKETS = frozenset({"add_websocket_route", "add_api_websocket_route"})
RULES = frozenset({"add_url_rule", "add_api_route", "add_resource", *SOCKETS})


def several(index: Index, module: Module, call: ast.Call, path: str, methods: tuple[str, ...] = ()) -> Iterator[Route]:
    """One route a method: those given, else those that the call lists, else GET."""
    listed = argument(call, -1, "methods", "method")
    if isinstance(listed, ast.Constant):
        listed = ast.List([listed], ast.Load())
    evaluate = Evaluation(index, module)
    values = [evaluate(e) for e in listed.elts] if isinstance(listed, ast.List | ast.Tuple | ast.Set) else []
    told = tuple(dict.fromkeys(v.text.upper() for v in values if v and v.text))
    for method in methods or told or (("GET",) if listed is None else ("*",)):
        yield Route(method, path, module.place(call))


def added(index: Index, module: Module, call: ast.Call) -> Iterator[Hung]:
    """Routes that a call adds instead of a decorator."""
    attribute = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if attribute in RULES:
        on = identity(index, module, call.func.value) if isinstance(call.func, ast.Attribute) else None
        resource = attribute == "add_resource"
        methods = _resource(index, module, call.args[0]) if resource and call.args else ("WEBSOCKET",) if attribute in SOCKETS else ()
        for node in call.args[1:] if resource else call.args[:1]:
            if (path := path_of(index, module, node)) is not None:
                yield from (Hung(route, on) for route in several(index, module, call, path, methods))
        return
    yield from map(Hung, _added(index, module, call, attribute))


def _added(index: Index, module: Module, call: ast.Call, attribute: str) -> Iterator[Route]:
    verb = attribute.removeprefix("add_")
    if attribute.startswith("add_") and (verb in VERBS or verb == "view") and call.args:
        if (path := path_of(index, module, call.args[0])) is not None and path.startswith("/"):
            yield from _answered(index, module, call, verb, path)
    elif attribute == "add_route" and len(call.args) >= 2:
        yield from _add_route(index, module, call)
    else:
        yield from _listed(index, module, call)


def _answered(index: Index, module: Module, call: ast.Call, verb: str, path: str) -> Iterator[Route]:
    """aiohttp's `add_get` and `web.get` say the method, `add_view` and `web.view` leave it to the class."""
    handler = argument(call, 1, "handler")
    own = _resource(index, module, handler) if handler is not None and verb == "view" else ()
    for method in (verb.upper(),) if verb in VERBS else own or ("*",):
        yield Route(method, path, module.place(call))


def _resource(index: Index, module: Module, node: ast.AST) -> tuple[str, ...]:
    path, own, local = name_of(index, module, node).partition(OWN)
    owner = index.module(path).classes.get(local) if own else None
    return methods_of(owner) if owner is not None else ()


def methods_of(owner: ast.ClassDef) -> tuple[str, ...]:
    """The requests that a class-based view answers, by the names of its methods."""
    return tuple(f.name.upper() for f in owner.body if isinstance(f, FUNCTIONS) and f.name in VERBS)


def _add_route(index: Index, module: Module, call: ast.Call) -> Iterator[Route]:
    """aiohttp gives the method first, Starlette, Falcon and Sanic the path."""
    first, second = (path_of(index, module, a) for a in call.args[:2])
    if first and first.startswith("/"):
        methods = _resource(index, module, call.args[1].func if isinstance(call.args[1], ast.Call) else call.args[1])
        yield from several(index, module, call, first, methods or _on_methods(module))
    elif first and second and second.startswith("/"):
        yield Route(first.upper(), second, module.place(call))


def _on_methods(module: Module) -> tuple[str, ...]:
    """Falcon's resources: `on_get`, `on_post`."""
    return tuple(name[3:].upper() for name in module.by_name if name.startswith("on_") and name[3:] in VERBS)


def _listed(index: Index, module: Module, call: ast.Call) -> Iterator[Route]:
    name = name_of(index, module, call.func)
    if name in LISTS:
        path = path_of(index, module, argument(call, 0, "path"))
        verb = name.rsplit(".", 1)[1]
        if path is not None:
            yield from _answered(index, module, call, verb, path)
    elif name.startswith("starlette.routing.") or name.startswith("fastapi.routing."):
        path = path_of(index, module, argument(call, 0, "path"))
        if path is not None and name.endswith(("Route", "APIRoute")) and not name.endswith("WebSocketRoute"):
            yield from several(index, module, call, _mounts(index, module, call) + path)
        elif path is not None and name.endswith("WebSocketRoute"):
            yield Route("WEBSOCKET", _mounts(index, module, call) + path, module.place(call))
    elif name in ("django.urls.path", "django.urls.re_path") and len(call.args) > 1:
        path = path_of(index, module, call.args[0])
        if path is not None and not (isinstance(call.args[1], ast.Call) and name_of(index, module, call.args[1].func).endswith(".include")):
            yield Route("*", f"/{path.lstrip('^')}", module.place(call))


def _mounts(index: Index, module: Module, node: ast.AST) -> str:
    """The prefixes of the `Mount("/x", routes=[...])` around a route."""
    around = [a for a in module.above(node) if isinstance(a, ast.Call) and name_of(index, module, a.func).endswith(".Mount")]
    return "".join(path_of(index, module, argument(a, 0, "path")) or "" for a in reversed(around))


def path_of(index: Index, module: Module, node: ast.AST | None) -> str | None:
    known = Evaluation(index, module)(node)
    return known.value if known is not None and isinstance(known.value, str) else None
