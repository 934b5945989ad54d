"""Which names an expression may have: one for a constant, several for a loop over a literal, those of callers for a parameter."""

import ast
from dataclasses import dataclass

from opskit.source.python import within
from opskit.survey.python.known import Evaluates
from opskit.survey.python.literals import items, literal
from opskit.survey.python.module import FUNCTIONS, Function


@dataclass(frozen=True, slots=True)
class Meant:
    """`texts` are what the expression may be. `wrapper` is the function whose parameter `parameter` decides it."""

    texts: tuple[str, ...] = ()
    wrapper: Function | None = None
    parameter: str = ""


def meant(evaluate: Evaluates, node: ast.AST | None) -> Meant:
    """Empty where it cannot be told."""
    if node is None:
        return Meant()
    for name in (n for n in within(node) if isinstance(n, ast.Name)):
        _, bounds = evaluate.module.lookup(name.id, name)
        if len(bounds) != 1:
            continue
        if bounds[0].how == "param" and isinstance(bounds[0].node, FUNCTIONS):
            return Meant((), bounds[0].node, name.id)
        if bounds[0].how in ("loop", "loop-unpack"):
            column = bounds[0].index if bounds[0].how == "loop-unpack" else None
            given = _elements(evaluate, bounds[0].node, column)
            texts = (substituted(evaluate, node, name.id, text) for text in given)
            return Meant(tuple(t for t in texts if t))
    known = evaluate(node)
    return Meant((known.text,)) if known is not None and known.text else Meant()


def substituted(evaluate: Evaluates, node: ast.AST, name: str, text: str) -> str | None:
    """The text of an expression once `name` is `text`: itself, an f-string, a sum, upper()."""
    if isinstance(node, ast.Name) and node.id == name:
        return text
    if isinstance(node, ast.JoinedStr):
        parts = [substituted(evaluate, v.value if isinstance(v, ast.FormattedValue) else v, name, text) for v in node.values]
        return None if None in parts else "".join(p for p in parts if p)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = substituted(evaluate, node.left, name, text), substituted(evaluate, node.right, name, text)
        return None if left is None or right is None else left + right
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("upper", "lower", "strip"):
        inner = substituted(evaluate, node.func.value, name, text)
        return None if inner is None else str(getattr(inner, node.func.attr)())
    known = evaluate(node)
    return str(known.value) if known is not None and known.value is not None else None


def _elements(evaluate: Evaluates, node: ast.AST, column: int | None) -> list[str]:
    """The texts that a loop runs over; `column` of each row where the loop unpacks."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("sorted", "list", "set", "tuple", "enumerate"):
        inner = column if node.func.id != "enumerate" else None
        return _elements(evaluate, node.args[0], inner) if node.args else []
    view = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
    viewed = view in ("items", "keys", "values") and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    table = literal(evaluate, node.func.value if viewed else node)  # type: ignore[attr-defined]
    found: list[ast.expr] = items(evaluate, node)
    if isinstance(table, ast.Dict):
        found = list(table.values) if view == "values" or (view == "items" and column == 1) else [k for k in table.keys if k is not None]
    elif column is not None:
        found = [row.elts[column] for row in found if isinstance(row, ast.Tuple | ast.List) and len(row.elts) > column]
    return [known.text for known in map(evaluate, found) if known is not None and known.text]
