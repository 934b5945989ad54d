"""What a read's surroundings tell of it: the fallback, the type, and whether its absence is an error."""

import ast
from dataclasses import dataclass

from opskit.source.python import within
from opskit.survey.python.known import Evaluates
from opskit.survey.python.module import Module

CASTS = {"int": "int", "float": "float", "Path": "path", "loads": "json", "literal_eval": "json", "Decimal": "float"}
TRUTHS = frozenset({"true", "1", "yes", "on", "false", "0", "no", "off", "t", "y"})
STOPS = frozenset({"exit", "abort", "_exit", "fail", "SystemExit"})


@dataclass(frozen=True, slots=True)
class Use:
    required: bool
    default: str | None
    type: str


def use_of(evaluate: Evaluates, node: ast.AST, raises: bool, default: ast.expr | None, home: Evaluates | None = None) -> Use:
    """`raises`: the read itself fails when the variable is absent (a subscript). `default`: its own second argument, which
    stands in the file of `home` where that is another one than the read's."""
    module = evaluate.module
    fallback = _text(home or evaluate, default)
    required, kind, at = default is None or _is_none(default), "str", node
    for above in module.above(node):
        if isinstance(above, ast.Call) and at in above.args:
            name = above.func.attr if isinstance(above.func, ast.Attribute) else above.func.id if isinstance(above.func, ast.Name) else ""
            if name == "bool":
                required = False
            if name not in CASTS:
                break
            kind = CASTS[name]
        elif isinstance(above, ast.Attribute) and above.attr == "split":
            kind = "list"
        elif isinstance(above, ast.Compare) or (isinstance(above, ast.UnaryOp) and isinstance(above.op, ast.Not)):
            kind = "bool" if isinstance(above, ast.Compare) and _truth(above) else kind
            secret = isinstance(above, ast.Compare) and _matched(evaluate, above, at)
            required = required and (secret or _stops(module, above))
            break
        elif isinstance(above, ast.BoolOp):
            later = above.values[above.values.index(at) + 1 :] if at in above.values else []
            if isinstance(above.op, ast.Or) and later:
                fallback = next((t for t in (_text(evaluate, v) for v in later) if t is not None), fallback)
                required = required and all(_is_none(v) for v in later)
        elif isinstance(above, ast.If | ast.IfExp | ast.While) and above.test is at:
            required = required and _stops(module, at)
            break
        elif isinstance(above, ast.stmt):
            required = required and _missed(module, above)
            break
        elif not isinstance(above, ast.Attribute | ast.Call | ast.IfExp):
            break
        at = above
    if raises:
        required = not _caught(module, node)
    return Use(required, fallback, kind)


def _text(evaluate: Evaluates, node: ast.expr | None) -> str | None:
    known = evaluate(node)
    return None if known is None or known.value is None else str(known.value)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _matched(evaluate: Evaluates, test: ast.Compare, node: ast.AST) -> bool:
    """Compared with what only comes at run time (a request's key): without it nothing ever matches."""
    others = [part for part in (test.left, *test.comparators) if part is not node]
    return isinstance(test.ops[0], ast.Eq | ast.NotEq) and all((k := evaluate(o)) is None or k.value is None for o in others) \
        and not any(isinstance(o, ast.Constant) for o in others)


def _truth(node: ast.Compare) -> bool:
    values = [c.value for side in node.comparators for c in within(side) if isinstance(c, ast.Constant)]
    return bool(values) and all(str(v).lower() in TRUTHS for v in values)


def _caught(module: Module, node: ast.AST) -> bool:
    for above in module.above(node):
        if isinstance(above, ast.Try) and any(part is node or node in within(part) for part in above.body):
            names = {n.id for h in above.handlers for n in within(h.type or h) if isinstance(n, ast.Name)}
            if names & {"KeyError", "Exception"} or any(h.type is None for h in above.handlers):
                return not any(isinstance(n, ast.Raise) for h in above.handlers for n in within(h))
    return False


def _stops(module: Module, test: ast.AST) -> bool:
    """Whether the branch taken without the variable ends the program."""
    branch = next((a for a in module.above(test) if isinstance(a, ast.stmt)), None)
    return isinstance(branch, ast.Assert) or (isinstance(branch, ast.If) and _ends(branch.body + branch.orelse))


def _ends(body: list[ast.stmt]) -> bool:
    for node in (n for part in body for n in within(part)):
        if isinstance(node, ast.Raise):
            return True
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
            if name in STOPS:
                return True
    return False


def _missed(module: Module, statement: ast.stmt) -> bool:
    """`key = os.getenv("KEY")`: False where every test of `key` goes on without it (an optional feature)."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target] if isinstance(statement, ast.AnnAssign) else []
    names = {t.id for t in targets if isinstance(t, ast.Name)} | {t.attr for t in targets if isinstance(t, ast.Attribute)}
    if not names:
        return True
    tests = [b for b in module.all(ast.If, ast.IfExp) if _tests(b.test, names)]
    asserted = any(_tests(a.test, names) for a in module.all(ast.Assert))
    return asserted or not tests or any(isinstance(b, ast.If) and _ends(b.body + b.orelse) for b in tests)


def _tests(test: ast.expr, names: set[str]) -> bool:
    parts = test.values if isinstance(test, ast.BoolOp) else [test]
    for part in parts:
        if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not):
            part = part.operand
        if isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.Is | ast.IsNot):
            part = part.left
        if (part.id if isinstance(part, ast.Name) else part.attr if isinstance(part, ast.Attribute) else "") in names:
            return True
    return False
