"""What a stranger's request can decide in a file: which names hold request text, followed through assignments and calls."""

import ast
from collections import defaultdict
from dataclasses import dataclass, field

from opskit.survey.python.index import Index
from opskit.survey.python.module import FUNCTIONS, Function, Module, parameters
from opskit.survey.python.names import name_of

REQUESTS = ("flask.request", "quart.request", "bottle.request", "flask.globals.request")
HANDLES = frozenset({"route", "get", "post", "put", "delete", "patch", "websocket", "websocket_route", "api_route", "on", "event", "tool",
                     "message", "on_message"})
TAKES = frozenset({"add_url_rule", "add_api_route", "add_get", "add_post", "add_put", "add_delete", "add_route", "serve", "start_server",
                   "on_event", "Route", "WebSocketRoute", "post", "get", "unix_serve"})
OBJECTS = frozenset({"request", "websocket", "ws", "req"})
CLEANS = frozenset({"int", "float", "len", "bool", "isinstance", "hash", "id", "abs", "round", "UUID", "quote", "escape", "hexdigest"})
METHODS = ("do_GET", "do_POST", "do_PUT", "do_PATCH", "do_DELETE", "handle", "on_message")


@dataclass(slots=True)
class Taint:
    """`names`: per function the names that hold request text; `served`: whether the file handles requests at all."""

    index: Index
    module: Module
    names: dict[ast.AST | None, set[str]] = field(default_factory=lambda: defaultdict(set))
    served: bool = False

    def holds(self, node: ast.AST | None, function: ast.AST | None) -> bool:
        """Whether the expression contains request text, looked at in this function."""
        if node is None or isinstance(node, ast.Constant):
            return False
        if isinstance(node, ast.Call):
            last = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
            if last in CLEANS:
                return False
            if last == "get" and isinstance(node.func, ast.Attribute):
                return self.holds(node.func.value, function)
        if isinstance(node, ast.Name):
            return node.id in self.names[function] or name_of(self.index, self.module, node) in REQUESTS
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            return node.attr in ("path", "rfile", "headers") and f"self.{node.attr}" in self.names[function]
        if isinstance(node, ast.Subscript):
            return self.holds(node.value, function)
        if isinstance(node, ast.Compare):
            return False
        return any(self.holds(child, function) for child in ast.iter_child_nodes(node))


def taint_of(index: Index, module: Module) -> Taint:
    taint = Taint(index, module)
    handed_on = _handed_on(module)
    handlers = [f for f in module.all(*FUNCTIONS) if f.name in handed_on or _handles(index, module, f)]
    taint.served = bool(handlers) or (b"request" in module.source.data and any(_asks(index, module, n) for n in module.all(ast.Name)))
    if not taint.served:
        return taint
    for function in handlers:
        taint.names[function].update(p for p in parameters(function) if p not in ("self", "cls"))
        if module.enclosing_class(function) is not None:
            taint.names[function].update({"self.path", "self.rfile", "self.headers"})
    for _ in range(8):
        if not _spread(taint):
            break
    return taint


def _asks(index: Index, module: Module, node: ast.Name) -> bool:
    return node.id == "request" and name_of(index, module, node) in REQUESTS


def _handles(index: Index, module: Module, function: Function) -> bool:
    for decorator in function.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        last = target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else ""
        if last == "command" and name_of(index, module, target).startswith("discord."):
            return True
        if last in HANDLES and (isinstance(target, ast.Attribute) or "bottle" in name_of(index, module, target)):
            return name_of(index, module, target).split(".")[0] not in ("click", "typer")
    if function.name in METHODS and module.enclosing_class(function) is not None:
        return True
    return bool(OBJECTS & set(parameters(function)[:2]))


def _handed_on(module: Module) -> set[str]:
    """Functions given by name to what calls them with requests."""
    return {a.id for call in module.all(ast.Call) if _last(call) in TAKES
            for a in (*call.args, *(k.value for k in call.keywords)) if isinstance(a, ast.Name)}


def _last(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""


def _spread(taint: Taint) -> bool:
    """One round through the file's assignments and calls; whether anything was learnt."""
    before = sum(map(len, taint.names.values()))
    module = taint.module
    for (scope, name), bounds in module.bindings.items():
        if name not in taint.names[scope] and any(b.how != "param" and taint.holds(b.node, scope) for b in bounds):
            taint.names[scope].add(name)
    for call in module.all(ast.Call):
        for function in module.by_name.get(_last(call), ()):
            at = module.function(call)
            names = [p for p in parameters(function) if p not in ("self", "cls")]
            for name, value in (*zip(names, call.args, strict=False), *((k.arg, k.value) for k in call.keywords if k.arg in names)):
                if name not in taint.names[function] and taint.holds(value, at):
                    taint.names[function].add(str(name))
    for call in module.all(ast.Call):
        if _last(call) in ("Thread", "submit", "run_in_executor", "create_task", "start_background_task", "Process", "Timer"):
            _handed(taint, call)
    return sum(map(len, taint.names.values())) > before


def _handed(taint: Taint, call: ast.Call) -> None:
    """`Thread(target=run, args=(command,))`."""
    module, at = taint.module, taint.module.function(call)
    values = [*call.args, *(k.value for k in call.keywords)]
    named = [n for v in values for n in ([v.id] if isinstance(v, ast.Name) else [v.attr] if isinstance(v, ast.Attribute) else [])]
    if any(taint.holds(v, at) for v in values):
        for function in (f for n in named for f in module.by_name.get(n, ())):
            taint.names[function].update(p for p in parameters(function) if p not in ("self", "cls"))
