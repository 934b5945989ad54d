"""Python: what a branch does about an event: work, a log line, or nothing."""

import ast
from collections.abc import Iterable

from opskit.stripe.webhooks.python_reach import named
from opskit.stripe.webhooks.receiver import Does
from opskit.survey.python.index import Index
from opskit.survey.python.module import FUNCTIONS, Module

DEEPEST = 4
LOGS = frozenset({"print", "pprint", "debug", "info", "warning", "warn", "error", "exception", "log", "critical", "echo", "secho"})
READS = frozenset(
    """
    str int float bool len dict list tuple set repr format get dumps loads isoformat strftime fromtimestamp utcfromtimestamp now
    utcnow today lower upper strip split items keys values getattr isinstance round join title jsonify retrieve list_line_items
    Decimal make_response JSONResponse Response HttpResponse JsonResponse json_response to_dict hasattr sorted min max sum abs
    """.split()
)


def does(index: Index, module: Module, body: Iterable[ast.AST], depth: int = 0) -> Does:
    """The most that any statement of a branch does. What is not known to be harmless counts as work."""
    said: Does = "nothing"
    for statement in body:
        for node in ast.walk(statement):
            here = _one(index, module, node, depth)
            if here == "work":
                return "work"
            said = here if here == "log" else said
    return said


def _one(index: Index, module: Module, node: ast.AST, depth: int) -> Does:
    if isinstance(node, ast.Call):
        return _call(index, module, node, depth)
    if isinstance(node, ast.Raise | ast.Yield | ast.YieldFrom | ast.Delete | ast.Global | ast.Nonlocal):
        return "work"
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
        return "work"
    return "nothing"


def _call(index: Index, module: Module, call: ast.Call, depth: int) -> Does:
    own = named(index, module, call.func) or _method(module, call.func)
    if own is not None:
        return does(index, own[0], own[1].body, depth + 1) if depth < DEEPEST else "work"
    last = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
    if last in LOGS:
        return "log"
    return "nothing" if last in READS else "work"


def _method(module: Module, node: ast.AST) -> tuple[Module, ast.FunctionDef | ast.AsyncFunctionDef] | None:
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name) or node.value.id not in ("self", "cls"):
        return None
    owner = module.enclosing_class(node)
    body = owner.body if owner is not None else []
    return next(((module, f) for f in body if isinstance(f, FUNCTIONS) and f.name == node.attr), None)
