"""Python: what about a receiver's code makes it refuse what is right, take what is wrong, or lose what it took."""

import ast
from collections.abc import Iterable, Iterator

from opskit.stripe.webhooks.python_does import does
from opskit.stripe.webhooks.python_reach import Reach
from opskit.stripe.webhooks.receiver import Mark
from opskit.survey.python.index import Index
from opskit.survey.python.module import FUNCTIONS, Module, argument
from opskit.survey.python.names import name_of
from opskit.survey.python.values import Evaluation

PARSES = frozenset({"loads", "get_json", "json"})
MOVED = {"current_period_end": "sub", "current_period_start": "sub", "subscription": "invoice", "payment_intent": "invoice",
         "charge": "invoice"}
BROAD = frozenset({"Exception", "BaseException", ""})
Calls = Iterable[tuple[Module, ast.Call]]


def marks(index: Index, seen: Reach, calls: Calls) -> tuple[Mark, ...]:
    calls = list(calls)
    found = [m for module, call in calls for m in _verification(index, seen, module, call)]
    return tuple(dict.fromkeys((*found, *_moved(seen), *_swallowed(index, seen, calls))))


def secret_of(index: Index, module: Module, call: ast.Call) -> tuple[str, str | None]:
    """(variable, value as far as the files tell it) of a verification's secret."""
    known = Evaluation(index, module)(argument(call, 2, "secret"))
    if known is None:
        return "", None
    return known.variable, known.text if known.value is not None else None


def _verification(index: Index, seen: Reach, module: Module, call: ast.Call) -> Iterator[Mark]:
    place, (variable, value) = module.place(call), secret_of(index, module, call)
    if value is not None and not value.strip():
        yield Mark("blank secret", place, variable)
    elif value is not None and not variable:
        yield Mark("literal secret", place)
    if (how := _rewritten(index, seen, module, argument(call, 0, "payload"))) is not None:
        yield Mark("rewritten", place, how)
    child: ast.AST = call
    for above in module.above(call):
        if isinstance(above, ast.If) and child in above.body and "secret" in module.source.text(above.test).lower():
            if _passes(module, above):
                yield Mark("unchecked", module.place(above.test), module.source.text(above.test)[:60])
        elif isinstance(above, ast.Try) and child in above.body:
            yield from _caught(module, above)
        elif isinstance(above, FUNCTIONS):
            break
        child = above


def _passes(module: Module, asked: ast.If) -> bool:
    """Whether an event is taken where the condition for its check does not hold: parsed there, or before and not refused there."""
    other = [node for statement in asked.orelse for node in ast.walk(statement)]
    if any(_parses(node) for node in other):
        return True
    body = getattr(module.source.parents.get(asked), "body", [])
    before = body[: body.index(asked)] if asked in body else []
    leaves = any(isinstance(node, ast.Return | ast.Raise) for node in other)
    return not leaves and any(_parses(node) for statement in before for node in ast.walk(statement))


def _parses(node: ast.AST) -> bool:
    return (isinstance(node, ast.Call) and _last(node) in (*PARSES, "construct_from")) or (
        isinstance(node, ast.Attribute) and node.attr == "json" and isinstance(node.value, ast.Name) and node.value.id == "request")


def _caught(module: Module, tried: ast.Try) -> Iterator[Mark]:
    """A signature that failed must end in 4xx: not in the event all the same, and not in 2xx."""
    for handler in tried.handlers:
        nodes = [n for statement in handler.body for n in ast.walk(statement)]
        if any(_parses(n) for n in nodes):
            yield Mark("unchecked", module.place(handler), "after a failed check the event is taken from the body")
            return
        leaves = [n for n in nodes if isinstance(n, ast.Return | ast.Raise | ast.Continue)]
        answers = any(isinstance(n, ast.Call) and _last(n) in ("send_response", "abort", "send_error", "exit", "set_status") for n in nodes)
        if not leaves and not answers:
            yield Mark("not refused", module.place(handler), "goes on")
        elif any(_status(n) is not None and 200 <= (_status(n) or 0) < 300 for n in leaves):
            yield Mark("not refused", module.place(handler), "answers 2xx")


def _status(node: ast.AST) -> int | None:
    """The status of `return x, 400` and `return Response(..., status=400)`."""
    value = node.value if isinstance(node, ast.Return) else None
    last: ast.AST | None = value.elts[-1] if isinstance(value, ast.Tuple) and value.elts else None
    if isinstance(value, ast.Call):
        last = argument(value, -1, "status", "status_code")
    return last.value if isinstance(last, ast.Constant) and isinstance(last.value, int) else None


def _rewritten(index: Index, seen: Reach, module: Module, node: ast.AST | None, depth: int = 0) -> str | None:
    """The call that parsed or wrote the body again on its way to the check, followed through names and parameters."""
    if node is None or depth > 6:
        return None
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and _last(inner) in ("dumps", "get_json", "json", "loads"):
            return f"{_last(inner)}()"
        if isinstance(inner, ast.Attribute) and inner.attr in ("json", "form") and name_of(index, module, inner.value).endswith(".request"):
            return f"request.{inner.attr}"
    if not isinstance(node, ast.Name):
        return None
    scope, bounds = module.lookup(node.id, node)
    for bound in bounds:
        if bound.how == "value" and (how := _rewritten(index, seen, module, bound.node, depth + 1)) is not None:
            return how
        if bound.how == "param" and isinstance(scope, FUNCTIONS):
            position = [a.arg for a in scope.args.args if a.arg not in ("self", "cls")]
            for there, other in seen.nodes():
                if isinstance(other, ast.Call) and _last(other) == scope.name and node.id in position:
                    given = argument(other, position.index(node.id), node.id)
                    if (how := _rewritten(index, seen, there, given, depth + 1)) is not None:
                        return how
    return None


def _moved(seen: Reach) -> Iterator[Mark]:
    """Fields that API version 2025-03-31.basil took away from where the code reads them."""
    for module, node in seen.nodes():
        name, holder = "", None
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            name, holder = node.attr, node.value
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.ctx, ast.Load):
            name, holder = str(node.slice.value), node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
            name, holder = str(getattr(node.args[0], "value", "")), node.func.value
        if name in MOVED and isinstance(holder, ast.Name) and holder.id.lower().startswith(MOVED[name]):
            yield Mark("moved field", module.place(node), f"{holder.id}.{name}")


def _swallowed(index: Index, seen: Reach, calls: list[tuple[Module, ast.Call]]) -> Iterator[Mark]:
    """A broad `except` around a whole handler that only logs: Stripe is told 2xx and never sends the event again."""
    checked = {id(a) for module, call in calls for a in module.above(call) if isinstance(a, ast.Try)}
    for module, function in seen.functions:
        whole = [s for s in function.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
        for tried in (s for s in whole if isinstance(s, ast.Try) and id(s) not in checked):
            if does(index, module, tried.body) != "work":
                continue
            for handler in tried.handlers:
                broad = getattr(handler.type, "id", "") in BROAD if isinstance(handler.type, ast.Name) else handler.type is None
                nodes = [n for s in handler.body for n in ast.walk(s)]
                if broad and does(index, module, handler.body) != "work" and not any(_fails(n) for n in nodes):
                    yield Mark("swallowed", module.place(handler), function.name)


def _fails(node: ast.AST) -> bool:
    """A value handed back may tell of the failure, so that only a bare return and 2xx count as swallowing."""
    if isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        return not 200 <= (_status(node) or 500) < 300
    return False


def _last(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
