"""Calls that are handed to a thread, a process or a pool: `Process(target=f, args=(...))` as the call of `f` that it makes."""

import ast

WORDS = frozenset(("Thread", "Process", "submit", "to_thread", "run_in_executor", "partial", "run_sync", "start_soon", "apply_async"))


def handed_on(call: ast.Call) -> ast.Call | None:
    """The call that another one makes later, standing where that one does."""
    if called(call.func) not in WORDS:
        return None
    target = next((k.value for k in call.keywords if k.arg == "target"), None)
    if target is not None:
        positional, named = handed(call)
        return _made(call, target, positional, named)
    at = 1 if called(call.func) == "run_in_executor" else 0
    if len(call.args) > at and isinstance(call.args[at], ast.Name | ast.Attribute):
        return _made(call, call.args[at], call.args[at + 1 :], call.keywords)
    return None


def handed(call: ast.Call) -> tuple[list[ast.expr], list[ast.keyword]]:
    """The arguments that `Thread(target=f, args=(...), kwargs={...})` hands on."""
    args = next((k.value for k in call.keywords if k.arg == "args"), None)
    kwargs = next((k.value for k in call.keywords if k.arg == "kwargs"), None)
    positional = list(args.elts) if isinstance(args, ast.Tuple | ast.List) else []
    if isinstance(kwargs, ast.Dict):
        pairs = zip(kwargs.keys, kwargs.values, strict=True)
        return positional, [ast.keyword(k.value, v) for k, v in pairs if isinstance(k, ast.Constant) and isinstance(k.value, str)]
    return positional, [k for k in kwargs.keywords if k.arg] if isinstance(kwargs, ast.Call) and called(kwargs.func) == "dict" else []


def called(node: ast.AST) -> str:
    """The bare name of what is called."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _made(call: ast.Call, target: ast.expr, positional: list[ast.expr], named: list[ast.keyword]) -> ast.Call:
    return ast.copy_location(ast.Call(target, positional, named), call)
