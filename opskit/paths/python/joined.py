"""Texts that are joined to a folder under the name that holds it, by `+`, `/`, os.path.join or an f-string."""

import ast
from collections.abc import Iterator
from typing import TypeGuard

from opskit.paths.python.callee import JOINS
from opskit.paths.python.context import Contexts
from opskit.paths.python.flow import Flows
from opskit.paths.python.literals import told
from opskit.paths.python.spelling import SEPARATORS

Text = ast.Constant | ast.JoinedStr


def joined_to(flows: Flows, holder: ast.AST) -> Iterator[Text]:
    """Those of one file, through every name that is given what was joined. What is compared, told to a person or run as a command is not
    among them: its spelling matters."""
    contexts, waiting, seen = Contexts(flows.source, flows.callees), [holder], set[ast.AST]()
    while waiting:
        value = waiting.pop()
        for use in flows.named(value):
            whole, texts = _joined(flows, use)
            if whole not in seen and contexts.of(whole).fix != "none":
                seen.add(whole)
                waiting.append(whole)
                yield from texts


def _joined(flows: Flows, use: ast.AST) -> tuple[ast.AST, list[Text]]:
    """The whole expression that a use is the head of, and the texts in it that go on with the path."""
    whole, texts = use, list[Text]()
    while True:
        match above := flows.parents[whole]:
            case ast.BinOp(op=ast.Add(), left=head, right=right) if head is whole:
                texts += _going_on(list(added(right)))
            case ast.BinOp(op=ast.Div(), left=head, right=right) if head is whole:
                texts += [right] if is_text(right) and not told(right).startswith(SEPARATORS) else []
            case ast.Call(func=function, args=[head, *rest]) if head is whole and flows.callees.dotted(function) in JOINS:
                texts += [each for each in rest if is_text(each)]
            case ast.FormattedValue() if isinstance(filled := flows.parents[above], ast.JoinedStr) and filled.values[0] is above:
                texts += [filled] if told(filled).startswith(("{...}/", "{...}\\")) else []
                above = filled
            case _:
                return whole, texts
        whole = above


def _going_on(texts: list[Text]) -> list[Text]:
    return texts if texts and told(texts[0]).startswith(SEPARATORS) else []


def added(node: ast.expr) -> Iterator[Text]:
    """The literals of a `+` chain, in order."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from (*added(node.left), *added(node.right))
    elif is_text(node):
        yield node


def is_text(node: ast.AST) -> TypeGuard[Text]:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
