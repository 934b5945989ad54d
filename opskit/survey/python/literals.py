"""Entries of literal dicts and lists: launcher tables, configuration in code."""

import ast

from opskit.survey.python.known import Evaluates, Known, noted
from opskit.survey.python.module import argument
from opskit.survey.python.names import DEEPEST


def entry(evaluate: Evaluates, holder: ast.AST, key: ast.AST) -> Known | None:
    """The value under a literal key of a dict or list whose literal stands in this module."""
    wanted = evaluate(key)
    table = literal(evaluate, holder)
    if wanted is None or table is None:
        return None
    if isinstance(table, ast.Dict):
        value = _under(evaluate, table, wanted)
        return noted(evaluate(value), str(wanted.value))
    if isinstance(table, ast.List | ast.Tuple):
        position = wanted.value
        return evaluate(table.elts[position]) if isinstance(position, int) and -len(table.elts) <= position < len(table.elts) else None
    if isinstance(table, ast.Call):
        return noted(evaluate(argument(table, -1, str(wanted.value))), str(wanted.value))
    return None


def _under(evaluate: Evaluates, table: ast.Dict, wanted: Known | None) -> ast.expr | None:
    for name, value in zip(table.keys, table.values, strict=True):
        if name is not None and wanted is not None and (known := evaluate(name)) is not None and known.value == wanted.value:
            return value
    return None


def literal(evaluate: Evaluates, node: ast.AST, depth: int = 0) -> ast.AST | None:
    """The dict, list, tuple or `dict(...)` that an expression stands for, through names and keys."""
    if depth > DEEPEST:
        return None
    if isinstance(node, ast.Dict | ast.List | ast.Tuple):
        return node
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        return node
    if isinstance(node, ast.Name):
        _, bounds = evaluate.module.lookup(node.id, node)
        if len(bounds) == 1 and bounds[0].how == "value" and not isinstance(bounds[0].node, ast.Name):
            return literal(evaluate, bounds[0].node, depth + 1)
    if isinstance(node, ast.Subscript) and (outer := literal(evaluate, node.value, depth + 1)) is not None and isinstance(outer, ast.Dict):
        value = _under(evaluate, outer, evaluate(node.slice))
        return literal(evaluate, value, depth + 1) if value is not None else None
    return None


def items(evaluate: Evaluates, node: ast.AST | None) -> list[ast.expr]:
    """The elements of a literal list, tuple or set, through a name."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return list(node.elts)
    if isinstance(node, ast.Name):
        _, bounds = evaluate.module.lookup(node.id, node)
        if len(bounds) == 1 and bounds[0].how == "value" and not isinstance(bounds[0].node, ast.Name):
            return items(evaluate, bounds[0].node)
    return []
